"""Which photos are copies of one another, and how candidates are found."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from verification.models.document import Document


class Fingerprint(models.Model):
    """What the photo of a document is known by. Written by `verification.likeness.matching` only.

    `digest` is of its pixels, "" when nothing is on it. `bits` is the perceptual hash, 64 bits, and `band_…` its four
    pieces of 16 bits, each with an index; NULL where only the digest counts.
    """

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="fingerprint")
    digest = models.CharField(max_length=64)
    bits = models.BigIntegerField(null=True)
    band_1 = models.PositiveIntegerField(null=True)
    band_2 = models.PositiveIntegerField(null=True)
    band_3 = models.PositiveIntegerField(null=True)
    band_4 = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(_("taken"))

    class Meta:
        verbose_name = _("fingerprint of a photo")
        verbose_name_plural = _("fingerprints of photos")
        indexes = [
            models.Index(fields=["digest"], condition=~Q(digest=""), name="fingerprint_digest"),
            *(
                models.Index(fields=[band], condition=Q(bits__isnull=False), name=f"fingerprint_{band}")
                for band in ("band_1", "band_2", "band_3", "band_4")
            ),
        ]

    def __str__(self) -> str:
        return f"fingerprint {self.pk}"


class DocumentLikeness(models.Model):
    """Two photos of different participants that are copies of one. Written by `verification.likeness.matching` only.

    `earlier` is the document with the lower number. `alike` is in per cent, 100 for the same pixels.
    """

    earlier = models.ForeignKey(Document, models.CASCADE, related_name="later_copies")
    later = models.ForeignKey(Document, models.CASCADE, related_name="earlier_copies")
    alike = models.PositiveSmallIntegerField(_("alike, in per cent"))
    found_at = models.DateTimeField(_("found"))

    class Meta:
        verbose_name = _("same photo")
        verbose_name_plural = _("same photos")
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="likeness_once"),
            models.CheckConstraint(condition=Q(earlier__lt=F("later")), name="likeness_in_order"),
            models.CheckConstraint(condition=Q(alike__lte=100), name="likeness_per_cent"),
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} and {self.later_id}"
