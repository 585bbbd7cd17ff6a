"""A participant."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import Branch
from participants.models.choices import Membership, Relation, Segment, Sex
from participants.phone import MOBILE


class Peserta(models.Model):
    """One insured person, as the register knows them.

    Identifiers are text: leading zeros matter. `phone` is E.164 (`+628…`) or null. `uuid` names the person in the
    audit log. Numbers are changed by `participants.registry.set_phone()` and by imports, by nothing else.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    nik = models.CharField(_("NIK"), max_length=16, unique=True)
    card_number = models.CharField(_("card number"), max_length=13, unique=True)
    kk_number = models.CharField(_("KK number"), max_length=16, blank=True)
    name = models.CharField(_("name"), max_length=120)
    birth_place = models.CharField(_("place of birth"), max_length=60, blank=True)
    birth_date = models.DateField(_("date of birth"))
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    phone = models.CharField(_("mobile number"), max_length=16, null=True, blank=True)  # noqa: DJ001
    email = models.EmailField(_("e-mail"), blank=True)
    segment = models.CharField(_("segment"), max_length=16, choices=Segment.choices)
    care_class = models.PositiveSmallIntegerField(_("care class"))
    relation = models.CharField(_("family relation"), max_length=8, choices=Relation.choices)
    status = models.CharField(_("status"), max_length=20, choices=Membership.choices)
    facility = models.CharField(_("primary care facility"), max_length=120, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"))
    phone_changed_at = models.DateTimeField(_("number changed"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        permissions = [("import_peserta", "Can import participants")]
        constraints = [
            models.CheckConstraint(condition=models.Q(nik__regex=r"^[0-9]{16}$"), name="peserta_nik_form"),
            models.CheckConstraint(condition=models.Q(card_number__regex=r"^[0-9]{13}$"), name="peserta_card_form"),
            models.CheckConstraint(
                condition=models.Q(kk_number="") | models.Q(kk_number__regex=r"^[0-9]{16}$"), name="peserta_kk_form"
            ),
            models.CheckConstraint(
                condition=models.Q(phone__isnull=True) | models.Q(phone__regex=rf"^\+62{MOBILE}$"),
                name="peserta_phone_form",
            ),
            models.CheckConstraint(condition=models.Q(care_class__range=(1, 3)), name="peserta_care_class"),
            models.CheckConstraint(condition=models.Q(sex__in=Sex.values), name="peserta_sex"),
            models.CheckConstraint(condition=models.Q(segment__in=Segment.values), name="peserta_segment"),
            models.CheckConstraint(condition=models.Q(relation__in=Relation.values), name="peserta_relation"),
            models.CheckConstraint(condition=models.Q(status__in=Membership.values), name="peserta_status"),
        ]
        indexes = [
            models.Index(fields=["kk_number"], name="peserta_kk"),
            models.Index(fields=["phone"], name="peserta_phone"),
            models.Index("birth_date", Upper("name"), name="peserta_birth_name"),
        ]

    def __str__(self) -> str:
        return f"Peserta {self.pk}"
