"""An authenticator made of software, which signs what a test wants it to, and a browser that says so."""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from django.test import Client
from django.utils import timezone

from jknoffice.accounts.login.passkeys import challenges
from jknoffice.accounts.login.views import button
from jknoffice.accounts.models import Passkey, User
from jknoffice.audit.context import session_reference
from tests import make

ORIGIN, DOMAIN = "http://localhost:8000", "localhost"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40
Key: TypeAlias = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

KEYS: Mapping[str, Callable[[], Key]] = {
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
}


def plain(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cose(key: Key) -> bytes:
    """The public half, as RFC 9053 writes it."""
    public = key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        n, e = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big"), numbers.e.to_bytes(3, "big")
        return cbor2.dumps({1: 3, 3: -257, -1: n, -2: e})
    if isinstance(public, ec.EllipticCurvePublicKey):
        point, size = public.public_numbers(), public.key_size // 8
        alg, curve = (-7, 1) if size == 32 else (-35, 2)
        return cbor2.dumps(
            {1: 2, 3: alg, -1: curve, -2: point.x.to_bytes(size, "big"), -3: point.y.to_bytes(size, "big")}
        )
    return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})


@dataclass
class Soft:
    """One credential. `counter` is what it says next, None where it does not count, as synced passkeys do."""

    key: Key = field(default_factory=KEYS["ES256"])
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    counter: int | None = 1
    handle: str = ""

    def made(self, options: Mapping[str, Any], *, flags: int = PRESENT | VERIFIED, **other: Any) -> str:
        """The answer to `navigator.credentials.create()`."""
        self.handle = options["user"]["id"]
        length = len(self.credential_id).to_bytes(2, "big")
        data = self._data(flags | WITH_KEY, other.get("domain", DOMAIN))
        data += bytes(16) + length + self.credential_id + cose(self.key)
        attested = cbor2.dumps({"fmt": other.get("fmt", "none"), "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options, other)
        return self._answer(clientDataJSON=plain(client), attestationObject=plain(attested))

    def signed(self, options: Mapping[str, Any], *, flags: int = PRESENT | VERIFIED, **other: Any) -> str:
        """The answer to `navigator.credentials.get()`; `other` says what is to be wrong with it."""
        data = self._data(flags, other.get("domain", DOMAIN))
        client = self._client(other.get("type", "webauthn.get"), options, other)
        signature = self._sign(data + hashlib.sha256(client).digest())
        if "tamper" in other:
            signature, data = other["tamper"](signature, data)
        return self._answer(
            clientDataJSON=plain(client),
            authenticatorData=plain(data),
            signature=plain(signature),
            userHandle=other.get("handle", self.handle),
        )

    def kept_for(self, user: User, **given: Any) -> Passkey:
        """The row of this credential, as it stands once it was added."""
        counter = 0 if self.counter is None else self.counter
        passkey = make.passkey(
            user, credential_id=self.credential_id, public_key=cose(self.key), **({"counter": counter} | given)
        )
        if self.counter is not None:
            self.counter += 1
        return passkey

    def _data(self, flags: int, domain: str) -> bytes:
        count = (self.counter or 0).to_bytes(4, "big")
        if self.counter is not None:
            self.counter += 1
        return hashlib.sha256(domain.encode()).digest() + bytes([flags]) + count

    def _client(self, kind: str, options: Mapping[str, Any], other: Mapping[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": other.get("origin", ORIGIN)}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(data, ec.ECDSA(hashes.SHA256()))
        return self.key.sign(data)

    def _answer(self, **response: str) -> str:
        name = plain(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


SESSION = "0123456789abcdef"
"""What the log calls the session in which something is asked, where there is no web."""


def asked(user: User, *, session: str = SESSION, at: datetime | None = None) -> dict[str, Any]:
    """What the user's passkeys are asked in a session."""
    row = challenges.issue(user=user, session=session, purpose=challenges.Purpose.PROOF, at=at or timezone.now())
    return {"challenge": plain(bytes(row.challenge))}


def reference(client: Client) -> str:
    """What the log calls the session of a client."""
    return session_reference(client.session.session_key or "")


def options_of(page: Any, name: str = "passkey") -> dict[str, Any]:
    """What the button on a page asks the browser."""
    found: button.Button = page.context[name]
    given: dict[str, Any] = json.loads(found.options)
    return given
