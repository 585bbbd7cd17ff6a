"""Recovery codes: a second factor on paper."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecoveryCode(models.Model):
    """One of ten codes that stand in for a lost authenticator; each works once.

    `number` (1 to 10) is printed before the code, so that only one slow hash has to be compared.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    number = models.PositiveSmallIntegerField(_("number"))
    digest = models.CharField(max_length=128)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user", "number"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.number}"
