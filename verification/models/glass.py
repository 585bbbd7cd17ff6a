"""Cases that somebody of another branch opened in an emergency."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from verification.models.request import PhoneChangeRequest


class BrokenGlass(models.Model):
    """One person may read one case until a moment, and why. Written by `verification.glass`, and never changed."""

    LONGEST = 500

    request = models.ForeignKey(PhoneChangeRequest, models.CASCADE, related_name="glasses")
    broken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    broken_at = models.DateTimeField(_("opened"))
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=LONGEST)

    class Meta:
        verbose_name = _("opening from another branch")
        verbose_name_plural = _("openings from other branches")
        ordering = ["-broken_at", "-pk"]
        permissions = [("break_glass", "Can open a case of another branch for a while")]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("broken_at")), name="glass_ends"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="glass_has_reason"),
        ]
        indexes = [models.Index(fields=["broken_by", "until"], name="glass_open")]

    def __str__(self) -> str:
        return f"glass {self.pk}"

    def is_open(self, at: datetime) -> bool:
        """Return whether it lets its breaker read at a moment."""
        return at < self.until
