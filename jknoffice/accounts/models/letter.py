"""E-mails to staff that wait for the worker."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffLetter(models.Model):
    """One e-mail to one person. It is deleted once it has gone out, or when it is too old to be of use.

    `sealed` holds the one-time link of an invitation, encrypted and bound to its owner; no other kind has one.
    """

    class Kind(models.TextChoices):
        """What the e-mail says."""

        INVITATION = "invitation", _("Invitation")
        RESET = "reset", _("The second step was reset")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("e-mail to staff")
        verbose_name_plural = _("e-mails to staff")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="invitation", sealed__isnull=False) | models.Q(kind="reset", sealed=None),
                name="staff_letter_has_its_link",
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"
