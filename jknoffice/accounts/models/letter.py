"""Invitations by e-mail that wait for the worker."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffLetter(models.Model):
    """An invitation to one person. It is deleted once it has gone out, or when it is too old to be of use.

    `sealed` holds its one-time link, encrypted and bound to its owner.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("e-mail to staff")
        verbose_name_plural = _("e-mails to staff")
        default_permissions = ()

    def __str__(self) -> str:
        return f"letter {self.pk}"
