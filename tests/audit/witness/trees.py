"""A log of its own for tests of the witness, without a database."""

import base64

from jknoffice.audit.sealing import merkle, note
from jknoffice.audit.sealing.note import Checkpoint, Signer

LOG = Signer("jkn.example/audit", bytes(range(32)))


def leaves(size: int, name: str = "entry") -> list[bytes]:
    return [merkle.leaf_hash(f"{name} {number}".encode()) for number in range(size)]


def signed(size: int, name: str = "entry", signer: Signer = LOG) -> str:
    return note.signed(Checkpoint(signer.name, size, merkle.root_of(leaves(size, name))).text(), signer)


def proof(old: int, new: int, name: str = "entry") -> list[bytes]:
    hashes = leaves(new, name)
    return merkle.consistency_proof(
        old, new, lambda level, index: merkle.root_of(hashes[index << level : (index + 1) << level])
    )


def body(old: int, text: str, steps: list[bytes]) -> bytes:
    return "\n".join([f"old {old}", *(base64.b64encode(step).decode() for step in steps), "", text]).encode()


def grown(old: int, new: int) -> bytes:
    """The body that an honest log sends."""
    return body(old, signed(new), proof(old, new) if old else [])
