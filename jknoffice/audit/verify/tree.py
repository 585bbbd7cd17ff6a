"""One tree from its leaves: dense, each the hash of its entry, every root and stored subtree rebuilt from them."""

from collections.abc import Callable, Iterator
from typing import Any

from jknoffice.audit.models import AuditCheckpoint, AuditNode, AuditOrigin
from jknoffice.audit.sealing.merkle import Mismatch, Tree, leaf_hash
from jknoffice.audit.verify import entries
from jknoffice.audit.verify.notes import Checkpointed, Notes
from jknoffice.audit.verify.report import Problems
from jknoffice.audit.verify.streams import rows

_LEAVES = f"""
SELECT leaf.seq, leaf.audit_id, leaf.hash, {entries.SELECTED}
FROM audit_auditleaf AS leaf LEFT JOIN audit_auditlog AS entry ON entry.id = leaf.audit_id
WHERE leaf.origin_id = %s AND leaf.seq >= %s ORDER BY leaf.seq
"""  # noqa: S608  (names of our own)
_NODES = """
SELECT level, index, hash FROM audit_auditnode
WHERE origin_id = %s AND ((index + 1) << level) > %s ORDER BY (index + 1) << level, level
"""


class Rebuilt:
    """The pass over one tree, from the checkpoint `start` (None: from the beginning), which it trusts."""

    def __init__(self, origin: AuditOrigin, start: Checkpointed | None, notes: Notes, problems: Problems) -> None:
        self.origin, self.notes, self.problems = origin, notes, problems
        self.tree = Tree.unpacked(start.size, start.frontier) if start else Tree()
        self.highest_id = start.highest_id if start else 0
        self.checkpoints = 0
        size = self.last_size = self.tree.size
        # From the very beginning also what stands below zero, where nothing may stand.
        self._after = size if start else -(2**62)
        self._nodes = _Nodes(rows(_NODES, [origin.pk, self._after]), problems)
        self._waiting = (Checkpointed.of(row) for row in _checkpoints(origin, self._after))
        self._next = next(self._waiting, None)

    def run(self, progress: Callable[[int], Any]) -> None:
        """Go through all leaves; `progress` is told of each."""
        sealed_until = self.tree.size
        for seq, audit_id, stored, *entry in rows(_LEAVES, [self.origin.pk, self._after]):
            self._close_until(seq)
            if seq != self.tree.size:
                self._tell(f"leaf {seq} stands where {self.tree.size} should")
            self._add(seq, audit_id, bytes(stored), entry)
            sealed_until = seq + 1
            progress(1)
        self._close_until(None)
        if sealed_until > self.last_size:
            self._tell(f"leaves from {self.last_size} on belong to no checkpoint")
        self._nodes.demand_end()

    def _add(self, seq: int, audit_id: int, stored: bytes, entry: list[Any]) -> None:
        text, mac, *columns = entry
        self.highest_id = max(self.highest_id, audit_id)
        if seq == 0 and self.origin.first_entry not in {None, audit_id}:
            self._tell("leaf 0 is not the entry that opened it")
        if text is None:
            self._tell(f"the entry {audit_id} of leaf {seq} is missing")
        elif wrong := entries.problem_with(text, mac, columns):
            self._tell(f"entry {audit_id} {wrong}")
        if text is not None and leaf_hash(text.encode()) != stored:
            self._tell(f"leaf {seq} is not the hash of entry {audit_id}")
        for level, index, node in self.tree.push(stored):
            if level >= AuditNode.LOWEST:
                self._nodes.demand(level, index, node)

    def _close_until(self, seq: int | None) -> None:
        """Compare the checkpoints that end at or before leaf `seq` (None: all)."""
        while self._next is not None and (seq is None or self._next.size <= seq):
            self._close(self._next)
            self._next = next(self._waiting, None)

    def _close(self, checkpoint: Checkpointed) -> None:
        self.checkpoints, self.last_size = self.checkpoints + 1, checkpoint.size
        fits = self.tree.size == checkpoint.size and self.tree.root() == checkpoint.root
        if not fits:
            self._tell(f"the root of checkpoint {checkpoint.size} does not follow from its leaves")
        try:
            stored = Tree.unpacked(checkpoint.size, checkpoint.frontier)
        except Mismatch as error:
            self._tell(f"the frontier of checkpoint {checkpoint.size}: {error}")
        else:
            if stored.root() != checkpoint.root or (fits and stored.frontier != self.tree.frontier):
                self._tell(f"the frontier of checkpoint {checkpoint.size} does not lead to its root")
            elif not fits:
                # Go on from here: what comes later is judged by itself.
                self.tree = stored
        if checkpoint.highest_id != self.highest_id:
            self._tell(f"checkpoint {checkpoint.size} names another highest entry than its leaves")
        self.notes.check(checkpoint)

    def _tell(self, sentence: str) -> None:
        self.problems.add(f"{self.origin.name}: {sentence}")


class _Nodes:
    """The stored subtrees, in the order in which leaves complete them."""

    def __init__(self, stored: Iterator[tuple[Any, ...]], problems: Problems) -> None:
        self._stored, self._problems = stored, problems
        self._next = next(stored, None)

    def demand(self, level: int, index: int, node: bytes) -> None:
        """Compare the next stored subtree with one that was rebuilt."""
        place = _place(level, index)
        while self._next is not None and _place(*self._next[:2]) < place:
            self._surplus()
        if self._next is None or _place(*self._next[:2]) != place:
            self._problems.add(f"subtree {level}/{index} is missing")
            return
        if bytes(self._next[2]) != node:
            self._problems.add(f"subtree {level}/{index} does not follow from its leaves")
        self._next = next(self._stored, None)

    def demand_end(self) -> None:
        """Tell of subtrees that no leaf completes."""
        while self._next is not None:
            self._surplus()

    def _surplus(self) -> None:
        assert self._next is not None  # noqa: S101
        self._problems.add(f"subtree {self._next[0]}/{self._next[1]} belongs to no leaves")
        self._next = next(self._stored, None)


def _checkpoints(origin: AuditOrigin, size: int) -> Iterator[AuditCheckpoint]:
    return AuditCheckpoint.objects.filter(origin=origin, size__gt=size).order_by("size").iterator()


def _place(level: int, index: int) -> tuple[int, int]:
    return (index + 1) << level, level
