"""The Merkle tree of RFC 6962 (Certificate Transparency), section 2.1. Pure: hashes in, hashes out.

A tree of `size` leaves is kept as its *frontier*: the roots of its complete subtrees, largest first, one for each bit
that is set in `size`. That is enough to add leaves and to compute the root.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

SubtreeHash = Callable[[int, int], bytes]
"""The hash of the complete subtree with 2**level leaves that begins at leaf index * 2**level: (level, index)."""


class Mismatch(Exception):
    """A proof does not lead to the root that was given."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 over 0x00 and the entry's bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 over 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree, known by its size and frontier."""

    def __init__(self, size: int = 0, frontier: Sequence[bytes] = ()) -> None:
        if size < 0 or len(frontier) != size.bit_count():
            raise Mismatch(f"a tree of {size} leaves has {size.bit_count()} complete subtrees, not {len(frontier)}")
        self.size = size
        self.frontier = list(frontier)

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> "Tree":
        """Return the tree whose `packed()` frontier this is; raise `Mismatch` when it cannot be one."""
        if len(packed) % HASH_BYTES:
            raise Mismatch("a frontier is a row of 32-byte hashes")
        return cls(size, [packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)])

    def packed(self) -> bytes:
        """Return the frontier in one piece."""
        return b"".join(self.frontier)

    def push(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add the hash of a leaf; return the subtrees completed by it as (level, index, hash), small ones first."""
        complete = []
        node, level, index = leaf, 0, self.size
        while index & 1:
            node = node_hash(self.frontier.pop(), node)
            level, index = level + 1, index >> 1
            complete.append((level, index, node))
        self.frontier.append(node)
        self.size += 1
        return complete

    def root(self) -> bytes:
        """Return the root (RFC 6962, MTH)."""
        if not self.frontier:
            return EMPTY_ROOT
        root = self.frontier[-1]
        for left in reversed(self.frontier[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over the hashes of leaves."""
    tree = Tree()
    for leaf in leaves:
        tree.push(leaf)
    return tree.root()


def inclusion_proof(index: int, size: int, subtree: SubtreeHash) -> list[bytes]:
    """Return the path from leaf `index` to the root of a tree of `size` leaves (RFC 6962, 2.1.1).

    `subtree` gives the hashes of complete subtrees. Raises `Mismatch` when there is no such leaf.
    """
    if not 0 <= index < size:
        raise Mismatch("no such leaf")
    return _path(index, 0, size, subtree)


def consistency_proof(old: int, new: int, subtree: SubtreeHash) -> list[bytes]:
    """Return the proof that the first `old` of `new` leaves are unchanged (RFC 6962, 2.1.2). Raises `Mismatch`."""
    if not 0 <= old <= new:
        raise Mismatch("a tree does not shrink")
    if old in {0, new}:
        return []
    return _subproof(old, 0, new, True, subtree)


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise `Mismatch` unless `proof` leads from the hash of leaf `index` to the `root` of `size` leaves.

    The algorithm is that of RFC 9162, 2.1.3.2.
    """
    if not 0 <= index < size:
        raise Mismatch("no such leaf")
    _demand_hashes(leaf, root, *proof)
    node = leaf
    for sibling, on_the_left in _siblings(index, size - 1, proof):
        node = node_hash(sibling, node) if on_the_left else node_hash(node, sibling)
    if node != root:
        raise Mismatch("the proof does not lead to the root")


def verify_consistency(*, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise `Mismatch` unless `proof` shows that the tree only grew from `old` to `new` leaves.

    The algorithm is that of RFC 9162, 2.1.4.2.
    """
    if not 0 <= old <= new:
        raise Mismatch("a tree does not shrink")
    if old == new:
        if proof or old_root != new_root or (old == 0 and old_root != EMPTY_ROOT):
            raise Mismatch("two trees of one size are the same tree")
        return
    if old == 0:
        raise Mismatch("every tree grew from the empty one: that proves nothing")
    _demand_hashes(old_root, new_root, *proof)
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise Mismatch("the proof is empty")
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    first = second = path[0]
    for sibling, on_the_left in _siblings(index, last, path[1:]):
        if on_the_left:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
        else:
            second = node_hash(second, sibling)
    if first != old_root or second != new_root:
        raise Mismatch("the proof does not lead to both roots")


def _demand_hashes(*hashes: bytes) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise Mismatch("not a hash")


def _siblings(index: int, last: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each hash of a proof and whether it stands on the left; raise `Mismatch` when there are too many or few."""
    for sibling in proof:
        if last == 0:
            raise Mismatch("the proof is too long")
        on_the_left = bool(index & 1) or index == last
        yield sibling, on_the_left
        while on_the_left and index and not index & 1:
            index, last = index >> 1, last >> 1
        index, last = index >> 1, last >> 1
    if last:
        raise Mismatch("the proof is too short")


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _hash(start: int, size: int, subtree: SubtreeHash) -> bytes:
    """Return the root over leaves start … start + size - 1, where `start` is a multiple of the subtree's width."""
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return subtree(level, start >> level)
    left = _split(size)
    return node_hash(_hash(start, left, subtree), _hash(start + left, size - left, subtree))


def _path(index: int, start: int, size: int, subtree: SubtreeHash) -> list[bytes]:
    if size == 1:
        return []
    left = _split(size)
    if index < left:
        return [*_path(index, start, left, subtree), _hash(start + left, size - left, subtree)]
    return [*_path(index - left, start + left, size - left, subtree), _hash(start, left, subtree)]


def _subproof(old: int, start: int, size: int, whole: bool, subtree: SubtreeHash) -> list[bytes]:
    if old == size:
        return [] if whole else [_hash(start, size, subtree)]
    left = _split(size)
    if old <= left:
        return [*_subproof(old, start, left, whole, subtree), _hash(start + left, size - left, subtree)]
    return [*_subproof(old - left, start + left, size - left, False, subtree), _hash(start, left, subtree)]
