"""The canonical text, held against a second serialiser written from RFC 8785."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.audit.entry import NotPlain, canonical

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
KEYS = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=12)

NOT_PLAIN = [
    1.5,
    float("nan"),
    2**53,
    -(2**53),
    10**400,
    "\0",
    "a\0b",
    "\ud800",
    "x\udfff",
    b"bytes",
    {1, 2},
    object,
    {"é": 1},
    {1: "number as key"},
    {"k\0": 1},
]


def rfc8785(value: Any) -> str:
    """RFC 8785, section 3.2, for values without floats."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return '"' + "".join(_ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
        case list():
            return "[" + ",".join(rfc8785(item) for item in value) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return "{" + ",".join(f"{rfc8785(name)}:{rfc8785(value[name])}" for name in names) + "}"


@given(st.dictionaries(KEYS, VALUES))
def test_the_canonical_text_is_that_of_rfc_8785(entry: Mapping[str, Any]) -> None:
    assert canonical(entry) == rfc8785(entry)


@pytest.mark.parametrize("value", NOT_PLAIN, ids=repr)
@pytest.mark.parametrize("depth", range(3))
def test_a_value_without_canonical_form_is_refused_at_any_depth(value: Any, depth: int) -> None:
    for _ in range(depth):
        value = {"a": [value]}
    with pytest.raises(NotPlain):
        canonical({"field": value})


@given(st.integers(2**53), st.booleans())
def test_integers_that_a_json_reader_may_round_are_refused(number: int, negative: bool) -> None:
    with pytest.raises(NotPlain):
        canonical({"n": -number if negative else number})
