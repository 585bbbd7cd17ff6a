"""The inclusion proof of one entry, in a form that verifies by itself."""

import base64
from collections.abc import Sequence
from typing import TypedDict

from jknoffice.audit.models import AuditCheckpoint, AuditKey, AuditLeaf, AuditLog, AuditOrigin
from jknoffice.audit.sealing import proofs


class Proof(TypedDict):
    """What `audit_verify.py --proof` reads: the entry, its number, its path to the root of a signed note, the keys."""

    seq: int
    entry: str
    proof: list[str]
    note: str
    handovers: list[str]


def proof_of(entry: AuditLog) -> Proof | None:
    """Return the proof that an entry is in the newest signed tree that holds it; None when it is not sealed yet.

    Raises `merkle.Mismatch` when the stored tree has holes.
    """
    for origin in AuditOrigin.objects.order_by("-id"):
        leaf = AuditLeaf.objects.filter(origin=origin, audit_id=entry.pk).first()
        newest = newest_signed(origin)
        if leaf is not None and newest is not None and newest.size > leaf.seq:
            path = proofs.inclusion(origin, leaf.seq, newest.size)
            return made(leaf.seq, entry.entry, path, newest, handovers(origin))
    return None


def made(seq: int, entry: str, path: Sequence[bytes], newest: AuditCheckpoint, keys: list[str]) -> Proof:
    """Return a proof from its parts."""
    return {"seq": seq, "entry": entry, "proof": encoded(path), "note": newest.note or "", "handovers": keys}


def newest_signed(origin: AuditOrigin) -> AuditCheckpoint | None:
    """Return the newest checkpoint that has its note."""
    return AuditCheckpoint.objects.filter(origin=origin, note__isnull=False).last()


def handovers(origin: AuditOrigin) -> list[str]:
    """Return the notes by which each key handed over to the next, oldest first."""
    return list(AuditKey.objects.filter(origin=origin).exclude(handover="").values_list("handover", flat=True))


def encoded(path: Sequence[bytes]) -> list[str]:
    """Return the hashes of a path in base64."""
    return [base64.b64encode(each).decode() for each in path]
