"""The map of OWASP ASVS 5.0 is whole, and names what is there."""

import ast
import re
from collections import Counter
from functools import cache

import pytest

from tests import asvs
from tests.asvs import HOW, ROOT, Requirement

# How many requirements each section has, and each level: ASVS 5.0.0, counted in its own file.
SECTIONS = [
    [2, 10, 12, 3, 3],
    [3, 3, 5, 2],
    [1, 3, 5, 8, 8, 1, 5],
    [5, 5, 2, 4],
    [1, 6, 3, 3],
    [3, 12, 8, 6, 8, 4, 2, 4],
    [3, 4, 2, 5, 3, 2],
    [4, 4, 3, 2],
    [3, 4],
    [2, 3, 5, 16, 5, 2, 3],
    [4, 5, 5, 4, 2, 2, 2],
    [5, 2, 5],
    [4, 6, 4, 7],
    [2, 8, 3],
    [5, 5, 7, 4],
    [1, 5, 4, 3, 4],
    [2, 8, 2],
]
LEVELS = {1: 70, 2: 183, 3: 92}

FOUND = asvs.read()


def test_every_requirement_stands_there_once_in_its_order() -> None:
    wanted = [
        f"{chapter}.{section}.{number}"
        for chapter, sections in enumerate(SECTIONS, start=1)
        for section, most in enumerate(sections, start=1)
        for number in range(1, most + 1)
    ]
    assert len(wanted) == 345
    assert [each.id for each in FOUND] == wanted
    assert Counter(each.level for each in FOUND) == LEVELS


@cache
def functions_of(path: str) -> set[str]:
    return {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)}


@cache
def headings_of(path: str) -> set[str]:
    found = re.findall(r"^#+ (.+)$", (ROOT / path).read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def is_there(place: str) -> bool:
    path, _, test = place.partition("::")
    path, _, heading = path.partition("#")
    if not (ROOT / path).exists():
        return False
    return (not test or test in functions_of(path)) and (not heading or heading in headings_of(path))


def test_what_is_named_is_there() -> None:
    assert [(each.id, place) for each in FOUND for place in each.where if not is_there(place)] == []
    assert not is_there("tests/surface/test_asvs.py::test_that_nobody_wrote")
    assert not is_there("docs/security.md#a-heading-that-nobody-wrote")


@pytest.mark.parametrize("each", FOUND, ids=lambda each: each.id)
def test_how_it_is_held_is_shown(each: Requirement) -> None:
    tests = [place for place in each.where if place.startswith("tests/")]
    assert each.how in HOW
    assert each.about
    assert "|" not in each.about + each.note
    if each.how == "automated":
        assert tests
    elif each.how in {"manual", "deployment"}:
        assert each.where
    elif each.how == "not met":
        assert len(each.note) > 10
    else:
        assert each.note


def test_the_pages_say_what_the_map_says() -> None:
    told = "run python -m tests.asvs"
    assert asvs.PAGE.read_text() == asvs.page(FOUND), told
    assert asvs.SUMMARY.read_text() == asvs.summary(FOUND), told
