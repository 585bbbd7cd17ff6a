"""What one staff administrator asks for and another one confirms."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models.branch import Branch
from jknoffice.audit.words import value_label

_OPEN = models.Q(confirmed_at=None, withdrawn_at=None)


class Proposal(models.Model):
    """One step that takes two persons. The database compares them by `person_id` (migration 0008).

    `branch` is where a new administrator is to work, if anywhere. After `expires_at` nobody can confirm it any more.
    """

    class Kind(models.TextChoices):
        """What is proposed."""

        ACCOUNT = "account", _("A new staff administrator")
        ROLE = "role", _("The role of staff administrator")
        RESET = "reset", _("A reset of the second step")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True)
    why = models.CharField(_("reason"), max_length=20)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("valid until"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=_OPEN, name="proposal_one_open"),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None, confirmed_at=None)
                | models.Q(
                    confirmed_by__isnull=False, confirmed_at__isnull=False, confirmed_at__lte=models.F("expires_at")
                ),
                name="proposal_confirmed_in_time",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by=None, withdrawn_at=None)
                | models.Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False, confirmed_at=None),
                name="proposal_withdrawn_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def reason(self) -> str:
        """Why it was asked for, in words; "" for a new account."""
        return str(value_label(self.why)) if self.why else ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has confirmed or withdrawn it; its time may be over."""
        return self.confirmed_at is None and self.withdrawn_at is None
