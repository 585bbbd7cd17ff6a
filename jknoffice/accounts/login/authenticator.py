"""An authenticator app: codes by time (TOTP, RFC 6238)."""

import base64
import time

from django_otp.oath import TOTP
from django_otp.util import random_hex

from jknoffice.accounts.models import Authenticator, User

DIGITS = 6
TOLERANCE = 1
"""How many steps of 30 s a code may be early or late (RFC 6238, 5.2)."""


def new_secret() -> str:
    """Return a fresh secret of 20 bytes, in hexadecimal (RFC 4226, 4, R6)."""
    return str(random_hex(20))


def token_in(typed: str) -> int | None:
    """Return the six digits that were typed, perhaps with spaces between them, or None when it is no such code."""
    plain = "".join(typed.split())
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) == DIGITS else None


def confirmed(user: User) -> list[Authenticator]:
    """Return the user's authenticators that count."""
    return list(Authenticator.objects.filter(user=user, confirmed=True).order_by("pk"))


def step_of(device: Authenticator, token: int) -> int | None:
    """Return the 30-second step of which `token` is the code, used or not; None when it is none of now."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return int(totp.t()) if totp.verify(token, TOLERANCE) else None


def address(user: User, secret: str) -> str:
    """Return the `otpauth://` address that carries a secret into an app, for a QR code."""
    return str(Authenticator(user=user, key=secret).config_url)


def grouped(secret: str) -> str:
    """Return a secret as people type it into an app: base 32, in groups of four."""
    letters = base64.b32encode(bytes.fromhex(secret)).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))
