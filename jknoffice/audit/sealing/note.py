"""Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint) with Ed25519. Pure.

A note is text, an empty line, and one line for each signature: an em dash, the signer's name, and in base64 the first
four bytes of the key's hash followed by the signature.
"""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
_SIGNATURE = "\u2014 "


class NoteError(ValueError):
    """The text is no well-formed note, or no known key has signed it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name. `vkey` is its text form: name, key hash in hexadecimal, key in base64."""

    name: str
    public: bytes

    @property
    def key_hash(self) -> bytes:
        """The four bytes by which signatures name their key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The text form that is published."""
        return f"{self.name}+{self.key_hash.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Return the key of a text form; raise `NoteError` when it is none."""
        try:
            name, key_hash, encoded = vkey.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise NoteError("not a verifier key") from error
        found = cls(name, raw[1:])
        if raw[:1] != ED25519 or len(raw) != 33 or found.key_hash.hex() != key_hash:
            raise NoteError("not an Ed25519 verifier key")
        return found


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name; `seed` is 32 bytes (RFC 8032)."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return the signature line for a note's text, which ends in a new line."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{_SIGNATURE}{self.name} {base64.b64encode(self.verifier.key_hash + signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: the log's name, how many leaves it has, and its root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text of the note."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Return the checkpoint that a note's text states; raise `NoteError` when it states none."""
        lines = text.split("\n")
        try:
            origin, size, root = lines[0], lines[1], base64.b64decode(lines[2], validate=True)
        except (IndexError, ValueError) as error:
            raise NoteError("not a checkpoint") from error
        canonical = len(size) < 20 and size.isascii() and size.isdigit() and str(int(size)) == size
        if not origin or not canonical or len(root) != 32 or lines[-1]:
            raise NoteError("not a checkpoint")
        return cls(origin, int(size), root)


def signed(text: str, *signers: Signer) -> str:
    """Return a note: the text, which ends in a new line, with the signature of each signer."""
    return text + "\n" + "".join(signer.sign(text) for signer in signers)


def opened(note: str, *verifiers: Verifier) -> str:
    """Return the text of a note after checking the signatures of all `verifiers`; others are passed over.

    Raises `NoteError` when the note is malformed, or a signature is missing or wrong.
    """
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NoteError("not a signed note")
    text += "\n"
    found: dict[tuple[str, bytes], bytes] = {}
    for line in signatures.removesuffix("\n").split("\n"):
        name, _space, encoded = line.removeprefix(_SIGNATURE).partition(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise NoteError("a signature is not base64") from error
        canonical = base64.b64encode(raw).decode() == encoded
        if not line.startswith(_SIGNATURE) or not name or len(raw) < 5 or not canonical:
            raise NoteError("not a signature line")
        found[name, raw[:4]] = raw[4:]
    for verifier in verifiers:
        signature = found.get((verifier.name, verifier.key_hash))
        if signature is None:
            raise NoteError(f"{verifier.name} has not signed")
        try:
            Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature, text.encode())
        except InvalidSignature as error:
            raise NoteError(f"the signature of {verifier.name} is wrong") from error
    return text
