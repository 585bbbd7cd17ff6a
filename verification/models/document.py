"""Photos that prove who is asking."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from verification.models.choices import DocumentKind
from verification.models.request import PhoneChangeRequest


class Document(models.Model):
    """One photo of a request. Its picture lies encrypted in the `documents` storage under `storage_key`.

    The newest of each kind counts. `sha256` is of the clear picture that is kept, in hexadecimal; `size` in bytes.
    `key_id` names the key that wraps the photo's own (`jknoffice.crypto.key_id()`), empty for the first rows.
    Of a photo that was shredded the row stays, without its key, and `shredded_at` says when.
    """

    request = models.ForeignKey(PhoneChangeRequest, models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    storage_key = models.CharField(max_length=40, unique=True)
    wrapped_key = models.BinaryField()
    key_id = models.CharField(max_length=16, blank=True, default="")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    created_at = models.DateTimeField(_("received"))
    shredded_at = models.DateTimeField(_("photo deleted"), null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["request", "kind", "-created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=DocumentKind.values), name="document_kind"),
            # Exactly what was shredded has no key.
            models.CheckConstraint(
                condition=models.Q(shredded_at__isnull=True) ^ models.Q(wrapped_key=b""), name="document_shredded"
            ),
        ]
        indexes = [
            # The nightly sweep looks for the oldest that are still there; rows of shredded ones stay for ever.
            models.Index(fields=["id"], condition=models.Q(shredded_at__isnull=True), name="document_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
