"""What an import did."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportBatch(models.Model):
    """One import that reached its end, whether or not there was anything to write.

    `sha256` is of the file's bytes, in hexadecimal. `rows` is the sum of created, updated, unchanged and refused ones.
    `reasons` counts the refused ones by code (`participants.importing.faults`). Numbers and e-mail addresses
    changed after `as_of` were kept. The people whose number the import changed have `phone_changed_at` = `imported_at`,
    those whose address it changed `email_changed_at`.
    """

    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    created = models.PositiveIntegerField(_("created"))
    updated = models.PositiveIntegerField(_("updated"))
    unchanged = models.PositiveIntegerField(_("unchanged"))
    refused = models.PositiveIntegerField(_("refused"))
    warnings = models.PositiveIntegerField(_("warnings"), default=0)
    kept_phone = models.PositiveIntegerField(_("kept numbers"), default=0)
    kept_email = models.PositiveIntegerField(_("kept e-mail addresses"), default=0, db_default=0)
    changed_phone = models.PositiveIntegerField(_("changed numbers"), default=0)
    reasons = models.JSONField(_("reasons of refusal"), default=dict)
    seconds = models.FloatField(_("seconds"), default=0)
    as_of = models.DateTimeField(_("state of the file"), null=True)
    imported_at = models.DateTimeField(_("imported"))
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("imported by"))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-imported_at"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.imported_at:%Y-%m-%d %H:%M})"
