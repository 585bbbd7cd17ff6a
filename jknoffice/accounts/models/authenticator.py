"""Authenticator apps of staff, with their secrets sealed."""

import base64
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from jknoffice.crypto import Purpose, key_for, opened, resealed, seal

SEALED = "v1:"
"""What a sealed secret begins with; no hexadecimal one does. The database takes no other."""


class Authenticator(TOTPDevice):  # type: ignore[misc]  # django-otp has no types
    """django-otp's device, whose `key` stands in the table encrypted and bound to its owner (ASVS 5.0, 11.3, 14.2).

    Make and read devices by this class only. A new one takes its secret in hexadecimal, as django-otp does, and seals
    it when it is saved. A ciphertext that is copied to another person's row opens nothing.
    """

    key: str

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("authenticator")

    @property
    def bin_key(self) -> bytes:
        """The secret. Raises `crypto.Unreadable` when it was not sealed for this person with this key."""
        if not self.key.startswith(SEALED):
            return bytes.fromhex(self.key)
        return opened(Purpose.FACTOR, sealed=self._sealed, bound_to=_place(self.user_id))

    def resealed(self) -> str | None:
        """Return what `key` has to be, sealed by the present key; None when it is. Raises `crypto.Unreadable`."""
        again = resealed(Purpose.FACTOR, sealed=self._sealed, bound_to=_place(self.user_id))
        return _text(again) if again else None

    @property
    def _sealed(self) -> bytes:
        return base64.b64decode(self.key.removeprefix(SEALED))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Seal the secret if it is not sealed yet, then save."""
        if not self.key.startswith(SEALED):
            self.key = sealed_secret(bytes.fromhex(self.key), user_id=self.user_id)
        super().save(*args, **kwargs)


def sealed_secret(secret: bytes, *, user_id: int) -> str:
    """Return what stands in the column `key` for a secret of 20 bytes: 67 characters of its 80."""
    return _text(seal(key=key_for(Purpose.FACTOR), plaintext=secret, bound_to=_place(user_id)))


def _text(sealed: bytes) -> str:
    return SEALED + base64.b64encode(sealed).decode()


def _place(user_id: int) -> str:
    return f"authenticator of {user_id}"
