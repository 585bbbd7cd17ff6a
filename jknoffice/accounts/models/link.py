"""One-time links of staff."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffLink(models.Model):
    """A link that lets one person set up their account, once. Only a keyed hash of its secret is kept (`login.links`).

    A person has one living link at most. `made_by` is empty where a command made it. `chose_password`: with it the
    person chose a password, and did not type one that they had.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="links")
    digest = models.BinaryField(unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    chose_password = models.BooleanField(db_default=False)

    class Meta:
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at=None, revoked_at=None),
                name="staff_link_one_living",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(revoked_at=None), name="staff_link_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"
