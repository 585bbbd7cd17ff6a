"""The offline verifier against the same vectors as ours, and against our tree, with which it shares no code."""

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.audit.offline import audit_verify
from jknoffice.audit.offline.audit_verify import Broken, Growing
from jknoffice.audit.sealing import merkle
from tests.audit.sealing import vectors

vectors_needed = pytest.mark.skipif(not vectors.FOUND, reason="the vectors in ../shared were left out of this clone")


def proof(case: dict[str, Any]) -> list[bytes]:
    return [vectors.raw(text) for text in case["proof"] or []]


@vectors_needed
@pytest.mark.parametrize("case", vectors.load("inclusion"), ids=lambda case: case["name"])
def test_inclusion_vectors(case: dict[str, Any]) -> None:
    leaf, root = vectors.raw(case["leafHash"]), vectors.raw(case["root"])
    found = True
    try:
        audit_verify.demand_inclusion(leaf, case["leafIdx"], case["treeSize"], proof(case), root)
    except Broken:
        found = False
    assert found is not case["wantErr"]


@vectors_needed
@pytest.mark.parametrize("case", vectors.load("consistency"), ids=lambda case: case["name"])
def test_consistency_vectors(case: dict[str, Any]) -> None:
    old, new = vectors.raw(case["root1"]), vectors.raw(case["root2"])
    found = True
    try:
        audit_verify.demand_growth(case["size1"], old, case["size2"], new, proof(case))
    except Broken:
        found = False
    assert found is not case["wantErr"]


def test_it_needs_nothing_but_the_standard_library_and_cryptography() -> None:
    tree = ast.parse(Path(audit_verify.__file__).read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
    }
    assert imported - sys.stdlib_module_names == {"cryptography"}


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_it_builds_the_same_tree(leaves: list[bytes]) -> None:
    tree = Growing()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.root() == merkle.root_of(leaves)


@given(st.integers(1, 70), st.integers(1, 70), st.data())
def test_it_takes_the_proofs_that_we_make_and_no_other(old: int, more: int, data: st.DataObject) -> None:
    new = old + more
    leaves = [merkle.leaf_hash(str(each).encode()) for each in range(new)]
    roots = merkle.root_of(leaves[:old]), merkle.root_of(leaves)

    def subtree(level: int, index: int) -> bytes:
        return merkle.root_of(leaves[index << level : (index + 1) << level])

    index = data.draw(st.integers(0, new - 1))
    path = merkle.inclusion_proof(index, new, subtree)
    audit_verify.demand_inclusion(leaves[index], index, new, path, roots[1])
    growth = merkle.consistency_proof(old, new, subtree)
    audit_verify.demand_growth(old, roots[0], new, roots[1], growth)
    demands: list[tuple[list[bytes], Callable[[list[bytes]], None]]] = [
        (path, lambda steps: audit_verify.demand_inclusion(leaves[index], index, new, steps, roots[1])),
        (growth, lambda steps: audit_verify.demand_growth(old, roots[0], new, roots[1], steps)),
    ]
    for steps, demand in demands:
        place = data.draw(st.integers(0, len(steps)))
        for wrong in ([*steps[:place], bytes(32), *steps[place:]], [*steps[:place], *steps[place + 1 :]]):
            if wrong != steps:
                with pytest.raises(Broken):
                    demand(wrong)
