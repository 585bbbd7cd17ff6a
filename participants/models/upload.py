"""A file that a data admin has uploaded, on its way into the register."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models.importing import ImportBatch


class UploadState(models.TextChoices):
    """Where an uploaded file stands."""

    RECEIVED = "received", _("waiting for its dry run")
    CHECKING = "checking", _("dry run under way")
    CHECKED = "checked", _("waiting for confirmation")
    IMPORTING = "importing", _("import under way")
    DONE = "done", _("imported")
    FAILED = "failed", _("could not be imported")
    REMOVED = "removed", _("deleted")


class ImportUpload(models.Model):
    """One uploaded file; `participants.uploads` moves it from state to state.

    `file_name` is what the browser called it, cleaned, to be shown and typed: on disk the file is named by `uuid`.
    `reading` says how to read it: form, encoding, separator and header (`jknoffice.tabular.Table`); `places` in which
    cell each of our columns stands. `phase`, `rows_read` and `rows_expected` tell how far the work has come. `result`
    holds the counts of the dry run. `fault` and `fault_said` are the code and the sentence of a failure. `ordered_by`
    is who wanted the work, `moved_at` the last step; `removed_at` is set once nothing of the file is kept on disk.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField(_("file"), max_length=255)
    size = models.BigIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    reading = models.JSONField(default=dict)
    places = models.JSONField(default=dict)
    as_of = models.DateTimeField(_("state of the file"))
    state = models.CharField(_("state"), max_length=10, choices=UploadState.choices, default=UploadState.RECEIVED)
    phase = models.CharField(max_length=10, blank=True)
    rows_read = models.BigIntegerField(default=0)
    rows_expected = models.BigIntegerField(null=True)
    result = models.JSONField(default=dict)
    fault = models.CharField(max_length=30, blank=True)
    fault_said = models.TextField(blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"))
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    ordered_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    batch = models.OneToOneField(ImportBatch, models.PROTECT, null=True, related_name="upload")

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=UploadState.values), name="importupload_state"),
            models.CheckConstraint(
                condition=models.Q(state=UploadState.DONE, batch__isnull=False)
                | (~models.Q(state=UploadState.DONE) & models.Q(batch__isnull=True)),
                name="importupload_done_has_its_batch",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[UploadState.CHECKING, UploadState.IMPORTING])
                | models.Q(ordered_by__isnull=False, ordered_at__isnull=False),
                name="importupload_work_is_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
