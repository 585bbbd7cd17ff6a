"""The second step: a code from an authenticator app (TOTP, RFC 6238), or a recovery code from paper."""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from jknoffice.accounts import limits
from jknoffice.accounts.models import RecoveryCode, User
from jknoffice.audit.log import Thing, record

ATTEMPTS = limits.Limit(name="second step", most=10, window=timedelta(minutes=15))
DIGITS = 6
TOLERANCE = 1
"""How many steps of 30 s a code may be early or late (RFC 6238, 5.2)."""
RECOVERY_CODES = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})


class Outcome(StrEnum):
    """What became of a typed code."""

    ACCEPTED = "accepted"
    WRONG = "second_factor"
    REUSED = "reused_code"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, and the device that accepted; a recovery code stands in for the user's authenticator."""

    outcome: Outcome
    device: Device | None = None


def has_second_factor(user: User) -> bool:
    """Return whether the user has a confirmed authenticator."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


@transaction.atomic
def verify(*, user: User, typed: str, at: datetime) -> Verdict:
    """Judge what was typed in the second step, count the attempt and record the outcome.

    Never raises for a wrong code, for a roll-back would forget the attempt. A code works once: the same one twice
    within its 30 s is told apart from a wrong one, because people wait for the next code then.
    """
    if not limits.count(ATTEMPTS, str(user.pk), at=at):
        verdict = Verdict(Outcome.TOO_MANY)
    elif _digits(typed):
        verdict = _totp(user, int(_digits(typed)))
    else:
        verdict = _recovery(user, typed, at)
    accepted = verdict.outcome is Outcome.ACCEPTED
    method = "totp" if _digits(typed) else "recovery"
    record(
        "account.login" if accepted else "account.login_refused",
        by=user.as_actor(),
        about=Thing.of(user),
        after={"method": method},
        reason="" if accepted else verdict.outcome.value,
    )
    return verdict


def new_secret() -> str:
    """Return a fresh TOTP secret of 20 bytes, in hexadecimal (RFC 4226, 4, R6)."""
    return str(random_hex(20))


@transaction.atomic
def enrol(*, user: User, secret: str, typed: str, at: datetime) -> tuple[TOTPDevice, list[str]] | None:
    """Give a user their first authenticator once they have typed a code of it.

    Returns the device and ten recovery codes, which are shown once; None for a wrong code, for too many attempts, and
    when the user has a second factor already: a password alone must never add another one.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if has_second_factor(user) or not limits.count(ATTEMPTS, str(user.pk), at=at):
        return None
    device = TOTPDevice(user=user, name="authenticator", key=secret, confirmed=True)
    step = _step_of(device, int(_digits(typed) or "-1"))
    if step is None:
        return None
    device.last_t = step
    device.save()
    codes = _new_recovery_codes(user)
    record("account.second_factor_added", by=user.as_actor(), about=Thing.of(user), after={"method": "totp"}, at=at)
    record("account.login", by=user.as_actor(), about=Thing.of(user), after={"method": "totp"}, at=at)
    return device, codes


def _totp(user: User, token: int) -> Verdict:
    for known in TOTPDevice.objects.filter(user=user, confirmed=True):
        device = Device.from_persistent_id(known.persistent_id, for_verify=True)
        if device is None:
            continue
        if device.verify_token(token):
            return Verdict(Outcome.ACCEPTED, device)
        if _step_of(device, token) is not None:
            return Verdict(Outcome.REUSED)
    return Verdict(Outcome.WRONG)


def _step_of(device: TOTPDevice, token: int) -> int | None:
    """Return the 30-second step of which `token` is the code, used or not; None when it is none of now."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return int(totp.t()) if totp.verify(token, TOLERANCE) else None


def _recovery(user: User, typed: str, at: datetime) -> Verdict:
    number, _dash, code = typed.strip().upper()[:40].partition("-")
    if not (number.isascii() and number.isdigit()):
        return Verdict(Outcome.WRONG)
    unused = RecoveryCode.objects.select_for_update().filter(user=user, number=min(int(number), 99), used_at=None)
    row = unused.first()
    if row is None or not check_password(code.translate(_LOOKALIKES), row.digest):
        return Verdict(Outcome.WRONG)
    row.used_at = at
    row.save(update_fields=["used_at"])
    record("account.recovery_used", by=user.as_actor(), about=Thing.of(user), after={"number": row.number}, at=at)
    return Verdict(Outcome.ACCEPTED, TOTPDevice.objects.filter(user=user, confirmed=True).first())


def _new_recovery_codes(user: User) -> list[str]:
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(8)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, number=number, digest=make_password(code)) for number, code in enumerate(codes, start=1)
    )
    return [f"{number}-{code[:4]}-{code[4:]}" for number, code in enumerate(codes, start=1)]


def _digits(typed: str) -> str:
    """Return the six digits that were typed, perhaps with a space in between, or "" when it is no such code."""
    plain = typed.replace(" ", "")[:40]
    return plain if plain.isascii() and plain.isdigit() and len(plain) == DIGITS else ""
