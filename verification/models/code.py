"""Codes sent to a new number."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from verification.models.request import PhoneChangeRequest


class Guessable(models.Model):
    """A code that was sent and is typed: how long it is valid, and the guesses at it."""

    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("valid until"))
    tries = models.PositiveSmallIntegerField(_("wrong guesses"), default=0)
    spent_at = models.DateTimeField(_("guesses used up"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        abstract = True


class PhoneCode(Guessable):
    """One code. Only a keyed hash over request, number and code is stored; `tries` counts the wrong guesses."""

    request = models.ForeignKey(PhoneChangeRequest, models.CASCADE, related_name="codes")
    number = models.CharField(_("mobile number"), max_length=16)
    digest = models.BinaryField()

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("sent_at")), name="code_expires_after_sending"
            ),
        ]
        indexes = [
            models.Index(fields=["number", "sent_at"], name="code_number_sent"),
            BrinIndex(fields=["sent_at"], name="code_sent"),
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"
