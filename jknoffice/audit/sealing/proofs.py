"""Proofs out of the database: that an entry is in the tree, and that the tree only grew."""

from functools import lru_cache

from jknoffice.audit.models import AuditLeaf, AuditNode, AuditOrigin
from jknoffice.audit.sealing import merkle


def inclusion(origin: AuditOrigin, seq: int, size: int) -> list[bytes]:
    """Return the path from leaf `seq` to the root of `size` leaves. Raises `merkle.Mismatch`."""
    return merkle.inclusion_proof(seq, size, subtrees(origin))


def consistency(origin: AuditOrigin, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of `new` leaves grew out of that of `old`. Raises `merkle.Mismatch`."""
    return merkle.consistency_proof(old, new, subtrees(origin))


def subtrees(origin: AuditOrigin) -> merkle.SubtreeHash:
    """Return a reader of complete subtrees: large ones are stored, small ones computed from the leaves of a block.

    It remembers what it has read last, so that proofs for neighbours cost few queries.
    """

    @lru_cache(maxsize=4096)
    def stored(level: int, index: int) -> bytes:
        node = AuditNode.objects.filter(origin=origin, level=level, index=index).values_list("hash", flat=True).first()
        if node is None:
            raise merkle.Mismatch("a subtree is missing")
        return bytes(node)

    @lru_cache(maxsize=4)
    def block(number: int) -> list[bytes]:
        first = number << AuditNode.LOWEST
        leaves = AuditLeaf.objects.filter(origin=origin, seq__range=(first, first + (1 << AuditNode.LOWEST) - 1))
        found = list(leaves.order_by("seq").values_list("seq", "hash"))
        if [seq for seq, _leaf in found] != list(range(first, first + len(found))):
            raise merkle.Mismatch("a leaf is missing")
        return [bytes(leaf) for _seq, leaf in found]

    @lru_cache(maxsize=1024)
    def subtree(level: int, index: int) -> bytes:
        if level >= AuditNode.LOWEST:
            return stored(level, index)
        first, width = index << level, 1 << level
        number = first >> AuditNode.LOWEST
        leaves = block(number)[first - (number << AuditNode.LOWEST) :][:width]
        if len(leaves) != width:
            raise merkle.Mismatch("a leaf is missing")
        return merkle.root_of(leaves)

    return subtree
