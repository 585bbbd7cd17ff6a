"""The register's vocabularies, with the words that BPJS uses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    """Sex as the KTP states it."""

    MALE = "M", _("Male")
    FEMALE = "F", _("Female")


class Segment(models.TextChoices):
    """Segmen peserta: who pays the contribution."""

    PBI_APBN = "PBI_APBN", _("PBI (national budget)")
    PBI_APBD = "PBI_APBD", _("PBI (regional budget)")
    PPU_PNS = "PPU_PNS", _("PPU civil servant")
    PPU_TNI = "PPU_TNI", _("PPU armed forces")
    PPU_POLRI = "PPU_POLRI", _("PPU police")
    PPU_BUMN = "PPU_BUMN", _("PPU state company")
    PPU_SWASTA = "PPU_SWASTA", _("PPU private company")
    PBPU = "PBPU", _("PBPU (self-employed)")
    BP_INVESTOR = "BP_INVESTOR", _("BP investor")
    BP_EMPLOYER = "BP_EMPLOYER", _("BP employer")
    BP_PENSIONER = "BP_PENSIONER", _("BP pensioner")
    BP_VETERAN = "BP_VETERAN", _("BP veteran")
    BP_PIONEER = "BP_PIONEER", _("BP pioneer of independence")


class Relation(models.TextChoices):
    """Hubungan keluarga (PISA): place in the insured family."""

    SELF = "SELF", _("Participant")
    WIFE = "WIFE", _("Wife")
    HUSBAND = "HUSBAND", _("Husband")
    CHILD = "CHILD", _("Child")
    OTHER = "OTHER", _("Additional member")


class Membership(models.TextChoices):
    """Status peserta."""

    ACTIVE = "ACTIVE", _("Active")
    INACTIVE_PREMIUM = "INACTIVE_PREMIUM", _("Inactive: contribution unpaid")
    INACTIVE_MONTH_END = "INACTIVE_MONTH_END", _("Inactive: until end of month")
    DECEASED = "DECEASED", _("Inactive: deceased")
    SUSPENDED = "SUSPENDED", _("Inactive: suspended")
    NOT_COVERED = "NOT_COVERED", _("Inactive: not covered")
