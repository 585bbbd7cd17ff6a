"""Partners whose programs hand in requests, and what they have been answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiClient(models.Model):
    """A partner's program. The secret is 256 random bits, kept as a keyed hash; `scopes` as in `api.partners.Scope`."""

    name = models.CharField(_("name"), max_length=80)
    client_id = models.CharField(_("client id"), max_length=40, unique=True)
    secret_digest = models.BinaryField()
    scopes = models.JSONField(_("scopes"))
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))
    secret_at = models.DateTimeField(_("secret made"))

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self) -> str:
        return self.name


class ApiAnswer(models.Model):
    """The first answer to one `Idempotency-Key` of a partner; without `sealed` the work is still under way.

    `asked` is a keyed hash of what was asked, `sealed` the encrypted body of the answer. Kept for a day.
    """

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="answers")
    key = models.BinaryField()
    asked = models.BinaryField()
    status = models.PositiveSmallIntegerField(null=True)
    sealed = models.BinaryField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer to a partner")
        verbose_name_plural = _("answers to partners")
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="api_answer_once"),
            models.CheckConstraint(
                condition=models.Q(status__isnull=True, sealed__isnull=True)
                | models.Q(status__isnull=False, sealed__isnull=False),
                name="api_answer_whole",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="api_answer_asked")]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.status}"
