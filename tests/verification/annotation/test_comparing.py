"""Verdicts on what was read."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.annotation.comparing import Compared, Verdict, compare, differing
from verification.reading.result import Box, Check, DocType, Fault, Field, FieldName, Reading

NIK, OTHER_NIK = "3171010101900001", "3171010101900007"
HERE = Box(0.1, 0.1, 0.5, 0.2)


def reading(name: FieldName, value: str, *, confidence: float = 0.98, agreement: float = 1.0) -> Reading:
    return Reading(DocType.KTP, {name: Field(value, confidence, agreement, HERE)}, {}, frozenset(), 0.97, "test")


def verdict(found: Reading, name: FieldName, registered: str) -> Compared:
    return compare(found, {name: registered})[name]


def test_equal_is_a_match() -> None:
    assert verdict(reading(FieldName.NIK, NIK), FieldName.NIK, NIK) == Compared(Verdict.MATCH, NIK)


def test_what_differs_is_named_with_its_places() -> None:
    assert verdict(reading(FieldName.NIK, OTHER_NIK), FieldName.NIK, NIK) == Compared(Verdict.DIFFERS, OTHER_NIK, (15,))


DOUBTFUL = {
    "not sure": reading(FieldName.NIK, OTHER_NIK, confidence=0.89),
    "looks disagree": reading(FieldName.NIK, OTHER_NIK, agreement=0.79),
    "too short": reading(FieldName.NIK, OTHER_NIK[:-1]),
    "a check fails": replace(reading(FieldName.NIK, OTHER_NIK), checks={Check.NIK_REGION: False}),
    "a fault": replace(reading(FieldName.NIK, OTHER_NIK), faults=frozenset({Fault.GLARE})),
}


@pytest.mark.parametrize("why", DOUBTFUL)
def test_a_doubtful_value_is_never_said_to_differ(why: str) -> None:
    assert verdict(DOUBTFUL[why], FieldName.NIK, NIK).verdict is Verdict.UNSURE


@pytest.mark.parametrize(
    ("read", "registered", "expected"),
    [
        ("SITI AMINAH", "SITI AMINAH", Verdict.MATCH),
        ("SITIAMINAH", "SITI AMINAH", Verdict.MATCH),
        ("SITI AMINA", "SITI AMINAH", Verdict.SIMILAR),
        ("BUDI SANTOSO", "SITI AMINAH", Verdict.DIFFERS),
    ],
)
def test_names_may_be_similar(read: str, registered: str, expected: Verdict) -> None:
    assert verdict(reading(FieldName.NAME, read), FieldName.NAME, registered).verdict is expected


def test_what_was_not_read_says_so_and_what_the_register_lacks_is_left_out() -> None:
    found = compare(reading(FieldName.NIK, NIK), {FieldName.NAME: "SITI", FieldName.BIRTH_PLACE: ""})
    assert found == {FieldName.NAME: Compared(Verdict.NOT_READ)}


@given(
    st.text("0123456789", min_size=16, max_size=16),
    st.text("0123456789", min_size=16, max_size=16),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_number_matches_exactly_when_it_is_equal(one: str, other: str, confidence: float, agreement: float) -> None:
    found = reading(FieldName.NIK, one, confidence=confidence, agreement=agreement)
    assert (verdict(found, FieldName.NIK, other).verdict is Verdict.MATCH) is (one == other)


@given(st.text("AB1", max_size=9), st.text("AB1", max_size=9))
def test_places_that_differ_lie_in_what_was_read(one: str, other: str) -> None:
    places = differing(one, other)
    assert all(0 <= place < len(one) for place in places)
    assert (places == ()) or one != other
