"""Passkeys of staff, and what they are asked to sign."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

SHORTEST_ID, LONGEST_ID = 16, 1023
"""Bytes of a credential's id (WebAuthn Level 3, 4 "Credential ID" and 6.1)."""


class Passkey(Device):  # type: ignore[misc]  # django-otp has no types
    """A key pair of somebody's telephone, computer or security key; we hold the public half (COSE), which is no secret.

    It is django-otp's device, so that a session can be vouched for by it. `counter` is what the authenticator last said
    of its signatures; those that are synced always say 0. One with `copied_at` counts no more: two hold its secret.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    counter = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(_("made"))
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    copied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name="") & models.Q(confirmed=True), name="passkey_named"),
            models.CheckConstraint(condition=models.Q(counter__lt=2**32), name="passkey_counter"),
            models.CheckConstraint(
                condition=models.Q(GreaterThanOrEqual(Length("credential_id"), SHORTEST_ID))
                & models.Q(LessThanOrEqual(Length("credential_id"), LONGEST_ID)),
                name="passkey_credential_id",
            ),
        ]


class PasskeyChallenge(models.Model):
    """Random bytes that a passkey has to sign within `expires_at`, in one session and for one purpose; used once.

    `session` is what the audit log calls the session. For a new passkey, `name` is what it will be called, and
    `proved_by` by which factor the person has just proved who they are ("" when they had none).
    """

    class Purpose(models.TextChoices):
        """What for."""

        PROOF = "proof", _("to prove who one is")
        NEW = "new", _("to add a passkey")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="passkey_challenges")
    session = models.CharField(max_length=16)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    challenge = models.BinaryField()
    name = models.CharField(max_length=64, blank=True)
    proved_by = models.CharField(max_length=16, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        verbose_name = _("passkey challenge")
        verbose_name_plural = _("passkey challenges")
        constraints = [
            models.UniqueConstraint(fields=["session", "purpose"], name="passkey_challenge_once"),
            models.CheckConstraint(condition=~models.Q(session=""), name="passkey_challenge_session"),
        ]
        indexes = [BrinIndex(fields=["expires_at"], name="passkey_challenge_expires")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
