"""Which supervisor has got the summary of which day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DailySummary(models.Model):
    """The summary of one day for one supervisor. Written by `verification.summary` only.

    `taken_at` is when a worker took it to send it: nobody else does so again, even if that worker died over it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("daily summary")
        verbose_name_plural = _("daily summaries")
        constraints = [models.UniqueConstraint(fields=["day", "user"], name="summary_once_a_day")]

    def __str__(self) -> str:
        return f"summary {self.pk}"
