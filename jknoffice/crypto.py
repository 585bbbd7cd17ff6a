"""The few cryptographic moves of the house, each in one place.

Keys come from environment keys: `JKN_AUDIT_KEY` for the log, `JKN_IDENTITY_KEY` for keyed hashes that nothing could
make anew, `JKN_DOCUMENT_KEY` for photos, `JKN_DATA_KEY` for everything else. The last two can be exchanged: while that
is under way, what the key before (`…_OLD`) made still opens and fits, and nothing is made with it.
Each purpose has a key of its own, derived with HKDF (RFC 5869).
"""

import hashlib
import hmac
import os
from contextlib import suppress
from enum import Enum
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32
_NONCE_BYTES = 12


class Purpose(Enum):
    """What a derived key is for: the name of the root key and HKDF's info."""

    AUDIT_MAC = ("JKN_AUDIT_KEY", "audit entry mac")
    AUDIT_SUBJECT = ("JKN_AUDIT_KEY", "audit subject key wrap")
    AUDIT_SESSION = ("JKN_AUDIT_KEY", "audit session reference")
    PERSON = ("JKN_IDENTITY_KEY", "person identity")
    PASSKEY = ("JKN_IDENTITY_KEY", "person at an authenticator")
    LINK = ("JKN_IDENTITY_KEY", "private link")
    STAFF_LINK = ("JKN_IDENTITY_KEY", "one-time link of staff")
    PARTNER = ("JKN_IDENTITY_KEY", "partners and their answers")
    PHONE_CODE = ("JKN_DATA_KEY", "phone code")
    DOCUMENT = ("JKN_DOCUMENT_KEY", "document key wrap")
    MESSAGE = ("JKN_DATA_KEY", "outgoing message")
    DRAFT = ("JKN_DATA_KEY", "unsent request")
    LOGIN = ("JKN_DATA_KEY", "log-in under way")
    FACTOR = ("JKN_DATA_KEY", "second factor secret")
    RATE = ("JKN_DATA_KEY", "rate limit subject")
    SEARCH = ("JKN_DATA_KEY", "search under way")
    STAFF_LETTER = ("JKN_DATA_KEY", "letters to staff")
    ADDRESS = ("JKN_DATA_KEY", "address of a request")
    READING = ("JKN_DATA_KEY", "values read on photos")
    READ_NUMBER = ("JKN_DATA_KEY", "numbers read on photos")
    API = ("JKN_DATA_KEY", "answers to partners")


class Unreadable(Exception):
    """The ciphertext was not made with this key, or for this place, or has been altered."""


@cache
def _derived(root: bytes, info: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info.encode()).derive(root)


def key_for(purpose: Purpose) -> bytes:
    """Return the 32-byte key of one purpose, with which everything new is made."""
    return keys_for(purpose)[0]


def keys_for(purpose: Purpose) -> list[bytes]:
    """Return the keys that may have made what is kept: the present one, and that before while it is exchanged."""
    root, info = purpose.value
    roots = [getattr(settings, root), getattr(settings, f"{root}_OLD", b"")]
    return [_derived(each, info) for each in roots if each]


def key_id(key: bytes) -> str:
    """Return 16 hexadecimal digits that name a key without telling anything about it."""
    return keyed_hash(key, "key id").hex()[:16]


def new_key() -> bytes:
    """Return 32 fresh random bytes."""
    return os.urandom(KEY_BYTES)


def seal(*, key: bytes, plaintext: bytes, bound_to: str) -> bytes:
    """Encrypt with AES-256-GCM (NIST SP 800-38D) and a random 96-bit nonce.

    `bound_to` names the place where the ciphertext belongs (a row, a field); it can be opened only
    with the same text. Returns nonce, ciphertext and tag in one piece.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, bound_to.encode())


def unseal(*, key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """Return the plaintext of `seal()`, or raise `Unreadable`."""
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"cannot open what is bound to {bound_to}") from error


def opened(purpose: Purpose, *, sealed: bytes, bound_to: str) -> bytes:
    """Return the plaintext of what `seal()` made with a key of this purpose, or raise `Unreadable`."""
    for key in keys_for(purpose):
        with suppress(Unreadable):
            return unseal(key=key, sealed=sealed, bound_to=bound_to)
    raise Unreadable(f"cannot open what is bound to {bound_to}")


def resealed(purpose: Purpose, *, sealed: bytes, bound_to: str) -> bytes | None:
    """Return the same, sealed by the present key; None when it is already. Raises `Unreadable`."""
    present = key_for(purpose)
    with suppress(Unreadable):
        unseal(key=present, sealed=sealed, bound_to=bound_to)
        return None
    return seal(key=present, plaintext=opened(purpose, sealed=sealed, bound_to=bound_to), bound_to=bound_to)


def fits(digest: bytes, purpose: Purpose, *parts: str) -> bool:
    """Return whether `digest` is the keyed hash of these parts with a key of this purpose, in constant time."""
    made = [keyed_hash(key, *parts) for key in keys_for(purpose)]
    return any([hmac.compare_digest(digest, each) for each in made])  # noqa: C419 - every one is compared


def keyed_hash(key: bytes, *parts: str) -> bytes:
    """Return HMAC-SHA256 (RFC 2104) over the parts, each preceded by its length, so that no two lists collide."""
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        raw = part.encode()
        mac.update(len(raw).to_bytes(8, "big") + raw)
    return mac.digest()
