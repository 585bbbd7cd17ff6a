"""A participant."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import Branch
from participants.models.choices import Membership, Relation, Segment, Sex
from participants.phone import MOBILE

BY_CODE_POINT = "pg_c_utf8"  # of PostgreSQL 17: LIKE 'SITI%' and the order of names are then both found in one index


def _digits(column: str, count: int) -> models.Q:
    """So many digits. PostgreSQL takes five times as long for a pattern that counts them itself."""
    return models.Q(Exact(Length(column), count), **{f"{column}__regex": "^[0-9]+$"})


class Peserta(models.Model):
    """One insured person, as the register knows them.

    Identifiers are text: leading zeros matter. `phone` is E.164 (`+628…`) or null. `name` is in capitals, as on the
    KTP. `uuid` names the person in the audit log. Numbers are changed by `participants.registry.set_phone()` and by
    imports, by nothing else.

    Each index costs every import: there is one for each way of searching, it ends in what its pages are sorted by, and
    unique columns are constraints because `unique=True` on a text would add a second index for LIKE.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    nik = models.CharField(_("NIK"), max_length=16)
    card_number = models.CharField(_("card number"), max_length=13)
    kk_number = models.CharField(_("KK number"), max_length=16, blank=True)
    name = models.CharField(_("name"), max_length=120, db_collation=BY_CODE_POINT)
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
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), db_index=False)
    phone_changed_at = models.DateTimeField(_("number changed"), null=True, blank=True)
    email_changed_at = models.DateTimeField(_("e-mail changed"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        permissions = [("import_peserta", "Can import participants")]
        constraints = [
            models.UniqueConstraint(fields=["nik"], name="peserta_nik"),
            models.UniqueConstraint(fields=["card_number"], name="peserta_card"),
            models.CheckConstraint(condition=_digits("nik", 16), name="peserta_nik_form"),
            models.CheckConstraint(condition=_digits("card_number", 13), name="peserta_card_form"),
            models.CheckConstraint(condition=models.Q(kk_number="") | _digits("kk_number", 16), name="peserta_kk_form"),
            models.CheckConstraint(
                condition=models.Q(phone__isnull=True) | models.Q(phone__regex=rf"^\+62{MOBILE}$"),
                name="peserta_phone_form",
            ),
            # The search compares capitals. Other scripts' small letters cannot be named without slowing every import.
            models.CheckConstraint(condition=~models.Q(name__regex="[a-z]"), name="peserta_name_in_capitals"),
            models.CheckConstraint(condition=models.Q(care_class__range=(1, 3)), name="peserta_care_class"),
            models.CheckConstraint(condition=models.Q(sex__in=Sex.values), name="peserta_sex"),
            models.CheckConstraint(condition=models.Q(segment__in=Segment.values), name="peserta_segment"),
            models.CheckConstraint(condition=models.Q(relation__in=Relation.values), name="peserta_relation"),
            models.CheckConstraint(condition=models.Q(status__in=Membership.values), name="peserta_status"),
        ]
        indexes = [
            models.Index(fields=["kk_number", "id"], name="peserta_kk"),
            models.Index(fields=["phone", "id"], name="peserta_phone", condition=models.Q(phone__isnull=False)),
            models.Index(fields=["birth_date", "name", "id"], name="peserta_birth_name"),
            models.Index(fields=["branch", "name", "id"], name="peserta_branch_name"),
        ]

    def __str__(self) -> str:
        return f"Peserta {self.pk}"
