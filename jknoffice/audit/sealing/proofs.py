"""Proofs out of the database: that an entry is in the tree, and that the tree only grew."""

from functools import cache

from jknoffice.audit.models import AuditLeaf, AuditNode, AuditOrigin
from jknoffice.audit.sealing import merkle


def inclusion(origin: AuditOrigin, seq: int, size: int) -> list[bytes]:
    """Return the path from leaf `seq` to the root of `size` leaves. Raises `merkle.Mismatch`."""
    return merkle.inclusion_proof(seq, size, _subtrees(origin))


def consistency(origin: AuditOrigin, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of `new` leaves grew out of that of `old`. Raises `merkle.Mismatch`."""
    return merkle.consistency_proof(old, new, _subtrees(origin))


def _subtrees(origin: AuditOrigin) -> merkle.SubtreeHash:
    """Return a reader of complete subtrees: large ones are stored, small ones computed from their leaves."""

    @cache
    def subtree(level: int, index: int) -> bytes:
        if level >= AuditNode.LOWEST:
            node = AuditNode.objects.filter(origin=origin, level=level, index=index).values_list("hash", flat=True)
            return _only(node.first())
        leaves = AuditLeaf.objects.filter(origin=origin, seq__range=(index << level, (index + 1 << level) - 1))
        return merkle.root_of(bytes(leaf) for leaf in leaves.order_by("seq").values_list("hash", flat=True))

    return subtree


def _only(found: bytes | memoryview | None) -> bytes:
    if found is None:
        raise merkle.Mismatch("a subtree is missing")
    return bytes(found)
