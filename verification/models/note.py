"""What colleagues tell each other about a case."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from verification.models.request import PhoneChangeRequest


class CaseNote(models.Model):
    """A word to whoever works on the case next. It may hold personal data, and stays as it is."""

    LONGEST = 500

    request = models.ForeignKey(PhoneChangeRequest, models.CASCADE, related_name="notes")
    text = models.CharField(_("note"), max_length=LONGEST)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"
