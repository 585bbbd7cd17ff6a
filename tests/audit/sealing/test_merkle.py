"""The Merkle tree against vectors, against a plain recursion, and against itself."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.audit.sealing import merkle
from jknoffice.audit.sealing.merkle import Mismatch, Tree
from tests.audit.sealing import vectors

vectors_needed = pytest.mark.skipif(not vectors.FOUND, reason="the vectors in ../shared were left out of this clone")


def plain_root(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 writes it down, without any of our shortcuts."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def subtrees(leaves: list[bytes]) -> merkle.SubtreeHash:
    return lambda level, index: plain_root(leaves[index << level : (index + 1) << level])


@vectors_needed
def test_all_vectors_are_there() -> None:
    assert (len(vectors.load("inclusion")), len(vectors.load("consistency"))) == (98, 98)


@vectors_needed
@pytest.mark.parametrize("case", vectors.load("inclusion"), ids=lambda case: case["name"])
def test_inclusion_vectors(case: dict[str, Any]) -> None:
    def verify() -> None:
        merkle.verify_inclusion(
            leaf=vectors.raw(case["leafHash"]),
            index=case["leafIdx"],
            size=case["treeSize"],
            proof=[vectors.raw(text) for text in case["proof"] or []],
            root=vectors.raw(case["root"]),
        )

    if case["wantErr"]:
        with pytest.raises(Mismatch):
            verify()
    else:
        verify()


@vectors_needed
@pytest.mark.parametrize("case", vectors.load("consistency"), ids=lambda case: case["name"])
def test_consistency_vectors(case: dict[str, Any]) -> None:
    def verify() -> None:
        merkle.verify_consistency(
            old=case["size1"],
            new=case["size2"],
            old_root=vectors.raw(case["root1"]),
            new_root=vectors.raw(case["root2"]),
            proof=[vectors.raw(text) for text in case["proof"] or []],
        )

    if case["wantErr"]:
        with pytest.raises(Mismatch):
            verify()
    else:
        verify()


@pytest.mark.parametrize("size", [*range(34), 63, 64, 65, 100, 255, 256, 257])
def test_the_frontier_gives_the_root_of_the_plain_recursion(size: int) -> None:
    leaves = leaves_of(size)
    tree = Tree()
    for leaf in leaves:
        for level, index, node in tree.push(leaf):
            assert node == plain_root(leaves[index << level : (index + 1) << level])
    assert tree.root() == plain_root(leaves) == merkle.root_of(leaves)
    assert Tree.unpacked(size, tree.packed()).root() == tree.root()


@given(st.integers(1, 70), st.data())
def test_every_leaf_proves_that_it_is_in_and_no_other_does(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, subtrees(leaves))
    given_root = plain_root(leaves)
    merkle.verify_inclusion(leaf=leaves[index], index=index, size=size, proof=proof, root=given_root)
    other = data.draw(st.integers(0, size))
    if other != index:
        with pytest.raises(Mismatch):
            merkle.verify_inclusion(leaf=leaves[index], index=other, size=size, proof=proof, root=given_root)


@given(st.integers(1, 70), st.integers(0, 70))
def test_a_tree_that_grew_proves_it(old: int, more: int) -> None:
    leaves = leaves_of(old + more)
    proof = merkle.consistency_proof(old, old + more, subtrees(leaves))
    roots = {"old_root": plain_root(leaves[:old]), "new_root": plain_root(leaves)}
    merkle.verify_consistency(old=old, new=old + more, proof=proof, **roots)


@given(st.integers(2, 70), st.integers(1, 70), st.data())
def test_a_tree_whose_past_was_altered_cannot_prove_that_it_grew(old: int, more: int, data: st.DataObject) -> None:
    leaves = leaves_of(old + more)
    altered = list(leaves)
    altered[data.draw(st.integers(0, old - 1))] = merkle.leaf_hash(b"altered")
    proof = merkle.consistency_proof(old, old + more, subtrees(altered))
    with pytest.raises(Mismatch):
        merkle.verify_consistency(
            old=old,
            new=old + more,
            old_root=plain_root(leaves[:old]),
            new_root=plain_root(altered),
            proof=proof,
        )


@pytest.mark.parametrize(
    ("size", "frontier"), [(1, b""), (-1, b"\0" * 32), (3, b"\0" * 32), (0, b"\0" * 32), (1, b"\0" * 31)]
)
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, frontier: bytes) -> None:
    with pytest.raises(Mismatch):
        Tree.unpacked(size, frontier)


@pytest.mark.parametrize("index", [-1, 5, 6])
def test_there_is_no_proof_for_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(Mismatch):
        merkle.inclusion_proof(index, 5, subtrees(leaves_of(5)))


def test_there_is_no_proof_for_a_tree_that_shrank() -> None:
    with pytest.raises(Mismatch):
        merkle.consistency_proof(5, 4, subtrees(leaves_of(5)))
