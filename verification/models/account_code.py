"""Codes that prove who somebody is, before they are let to an account."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models import Peserta
from verification.models.code import Guessable


class Purpose(models.TextChoices):
    """What a code is asked for."""

    REGISTER = "register", _("New account")
    PASSWORD = "password", _("New password")
    EMAIL = "email", _("New e-mail address")


class AccountCode(Guessable):
    """One code that somebody asked for, whether it could be sent to anybody or not.

    `subject` is a keyed hash of what was given, by which codes are counted. `sealed` is what was given, encrypted,
    until the worker has looked whom it fits; then `answered_at` and `digest` (a keyed hash of the code) are set, and
    where it fits somebody, `peserta` and `number` (E.164, empty for a code by e-mail). `used_at` is set once the
    typed code has led to what it was asked for.
    """

    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    subject = models.CharField(max_length=64)
    sealed = models.BinaryField(null=True)
    language = models.CharField(_("language"), max_length=2)
    answered_at = models.DateTimeField(null=True)
    peserta = models.ForeignKey(Peserta, models.PROTECT, null=True, related_name="+")
    number = models.CharField(_("mobile number"), max_length=16, blank=True)
    digest = models.BinaryField(default=bytes)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("account code")
        verbose_name_plural = _("account codes")
        constraints = [
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="account_code_purpose"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | models.Q(sealed__isnull=True),
                name="account_code_forgets_what_was_given",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(confirmed_at__isnull=False, peserta__isnull=False),
                name="account_code_used_by_somebody",
            ),
        ]
        indexes = [
            BrinIndex(fields=["sent_at"], name="account_code_sent"),
            models.Index(fields=["subject", "sent_at"], name="account_code_subject"),
            models.Index(fields=["number", "sent_at"], condition=~models.Q(number=""), name="account_code_number"),
        ]

    def __str__(self) -> str:
        return f"account code {self.pk}"
