"""How the dates of a file are written."""

import pytest

from participants.importing.dates import LOOKED_AT, MONTHS, TELLING, Dates
from participants.importing.faults import CannotRun


def seen(*texts: str) -> Dates:
    return Dates.seen_in(texts, place=0)


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("", "  ", "?"),
        ("1990-05-17", "1990-5-1"),
        ("17-05-1990", "01/02/1990", "3.4.1990"),
        ("01-02-1990",) * (TELLING - 1),
        (*("01-02-1990",) * TELLING, "13-02-1990"),
        ("17 Mei 1990", "1 january 2001"),
        (*("1990-05-17",) * LOOKED_AT, "17-05-1990"),
    ],
)
def test_one_way_is_taken(texts: tuple[str, ...]) -> None:
    assert seen(*texts).named == any("Mei" in text for text in texts)


@pytest.mark.parametrize("texts", [("1990-05-17", "17-05-1990"), ("17 Mei 1990", "17-05-1990")])
def test_two_ways_in_one_file_are_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(CannotRun) as refused:
        seen(*texts)
    assert refused.value.fault == "mixed_dates"
    assert all(way in str(refused.value) for way in ("17",))


@pytest.mark.parametrize("texts", [("05/17/1990",), ("01-02-1990",) * TELLING])
def test_month_first_is_refused_and_what_might_be(texts: tuple[str, ...]) -> None:
    with pytest.raises(CannotRun) as refused:
        seen(*texts)
    assert refused.value.fault == "month_first"


@pytest.mark.parametrize(("name", "month"), MONTHS.items())
def test_months_are_known_by_their_names(name: str, month: int) -> None:
    for text in (f"17 {name} 1990", f"17-{name.upper()}-1990", f" 17 {name.title()}. 1990 "):
        [(_number, cells)] = seen("17 Mei 1990").plain([(2, [text, "x"])])
        assert cells == [f"17-{month}-1990", "x"]


@pytest.mark.parametrize("text", ["17 Foo 1990", "1990-05-17", "", "17 Mei 90"])
def test_what_is_no_such_date_stays_as_it_is(text: str) -> None:
    [(_number, cells)] = seen("17 Mei 1990").plain([(2, [text])])
    assert cells == [text]


def test_a_row_that_is_too_short_is_passed_on() -> None:
    assert list(Dates(place=3, named=True).plain([(2, ["a"])])) == [(2, ["a"])]
