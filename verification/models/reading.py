"""What a machine read on a photo, and what people say stands there instead."""

from django.conf import settings
from django.db import models
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from verification.models.document import Document


class ReadingStatus(models.TextChoices):
    """How far the machine has come with a photo."""

    WAITING = "waiting", _("not read yet")
    DONE = "done", _("read")
    FAILED = "failed", _("could not be read")


class DocumentReading(models.Model):
    """The reading of one photo: `content` is what `verification.annotation.sealing` makes of it, once it is done.

    Its values are encrypted: a photo may show somebody whom the register does not know. `failure` says why there
    is none: `late`, `crashed`, `no_picture` or `lost`.
    """

    document = models.OneToOneField(Document, models.CASCADE, related_name="reading")
    status = models.CharField(_("status"), max_length=10, choices=ReadingStatus.choices, default=ReadingStatus.WAITING)
    content = models.JSONField(_("what was read"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=20, blank=True)
    engine_version = models.CharField(_("engine"), max_length=60, blank=True)
    seconds = models.FloatField(_("seconds"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        # Photos on which the same number was read are candidates for the same photo.
        indexes = [
            models.Index(KT("content__fields__nik__mark"), name="reading_nik"),
            models.Index(KT("content__fields__card_number__mark"), name="reading_card_number"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=ReadingStatus.values), name="reading_status"),
            models.CheckConstraint(
                condition=models.Q(status=ReadingStatus.DONE, content__isnull=False, read_at__isnull=False)
                | (~models.Q(status=ReadingStatus.DONE) & models.Q(content__isnull=True)),
                name="reading_done_has_content",
            ),
        ]

    def __str__(self) -> str:
        return f"reading {self.pk}"


class ReadingCorrection(models.Model):
    """What a person saw in a field that the machine read otherwise or not at all, encrypted; the newest counts."""

    reading = models.ForeignKey(DocumentReading, models.CASCADE, related_name="corrections")
    field = models.CharField(_("field"), max_length=20)
    value = models.CharField(_("what stands there"), max_length=800)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(_("corrected"))

    class Meta:
        verbose_name = _("correction of a reading")
        verbose_name_plural = _("corrections of readings")
        ordering = ["-corrected_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.field} of reading {self.reading_id}"
