"""The key that signs checkpoints, and who it was before.

The seed comes from `JKN_SEAL_KEY`, or from the file `JKN_SEAL_KEY_FILE`; in development and test the file is made.
"""

import base64
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jknoffice.audit.models import AuditKey, AuditOrigin
from jknoffice.audit.sealing.note import Signer, Verifier

SEED_BYTES = 32


def signer(origin: AuditOrigin) -> Signer:
    """Return the signer of checkpoints of `origin`. Raises ImproperlyConfigured when there is no key."""
    return Signer(origin.name, _seed())


def verifier_for(origin: AuditOrigin, size: int) -> Verifier | None:
    """Return the key that signed, or signs, checkpoints of `size` leaves; None when none is known yet."""
    known = AuditKey.objects.filter(origin=origin, from_size__lt=max(size, 1)).order_by("id").last()
    return Verifier.parse(known.vkey) if known else None


def verifiers(origin: AuditOrigin) -> list[Verifier]:
    """Return all keys of an origin, oldest first."""
    return [Verifier.parse(key.vkey) for key in AuditKey.objects.filter(origin=origin).order_by("id")]


def remember(origin: AuditOrigin, verifier: Verifier, *, from_size: int, at: datetime, handover: str = "") -> AuditKey:
    """Record a key as the one that signs checkpoints larger than `from_size`."""
    return AuditKey.objects.create(
        origin=origin, vkey=verifier.vkey, from_size=from_size, handover=handover, created_at=at
    )


def new_seed(path: Path) -> bytes:
    """Write a fresh seed to `path`, for its owner's eyes only, and return it. Raises FileExistsError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    seed = os.urandom(SEED_BYTES)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(base64.b64encode(seed) + b"\n")
    return seed


def seed_in(path: Path) -> bytes:
    """Return the seed that a file holds. Raises ImproperlyConfigured when it holds none."""
    try:
        return decoded(path.read_text())
    except OSError as error:
        raise ImproperlyConfigured(f"The sealing key cannot be read from {path}.") from error


def decoded(text: str) -> bytes:
    """Return the seed that a base64 text stands for. Raises ImproperlyConfigured."""
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except ValueError as error:
        raise ImproperlyConfigured("The sealing key must be base64.") from error
    if len(seed) != SEED_BYTES:
        raise ImproperlyConfigured(f"The sealing key must be {SEED_BYTES} bytes in base64, not {len(seed)}.")
    return seed


def _seed() -> bytes:
    if settings.JKN_SEAL_KEY:
        return decoded(settings.JKN_SEAL_KEY)
    path: Path = settings.JKN_SEAL_KEY_FILE
    if settings.JKN_ENV.allows_demo and not path.exists():
        try:
            return new_seed(path)
        except FileExistsError:
            return seed_in(path)
    return seed_in(path)
