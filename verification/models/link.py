"""Private links: who holds one may do one thing without a log-in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from verification.models.request import PhoneChangeRequest


class LinkKind(models.TextChoices):
    """What a link is for."""

    OBJECTION = "objection", _("Not me")
    STATUS = "status", _("Status of a request")
    DRAFT = "draft", _("Unsent request")


class PrivateLink(models.Model):
    """One link. Only a keyed hash of its secret is stored (`verification.links`).

    An unsent request has no row of its own: `sealed` holds it, encrypted. A link is void after `expires_at`; one that
    works once is also void after `used_at`.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=LinkKind.choices)
    digest = models.BinaryField(unique=True)
    request = models.ForeignKey(PhoneChangeRequest, models.CASCADE, null=True, related_name="links")
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("valid until"), db_index=True)
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("private link")
        verbose_name_plural = _("private links")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=LinkKind.DRAFT, request__isnull=True, sealed__isnull=False)
                | models.Q(kind__in=[LinkKind.OBJECTION, LinkKind.STATUS], request__isnull=False, sealed__isnull=True),
                name="link_leads_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"
