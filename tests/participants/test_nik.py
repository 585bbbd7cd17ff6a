"""What a NIK says by itself, and where the register disagrees."""

from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from participants import nik

BORN = date(1990, 5, 17)
GAMBIR = ("DKI Jakarta", "Kota Jakarta Pusat", "Gambir")


def test_a_nik_of_a_man_is_taken_apart() -> None:
    reading = nik.read(nik="3171011705900001", birth_date=BORN, sex="M")
    assert reading == nik.Reading(region=GAMBIR, born=BORN, sex="M", serial="0001", disagreements=())


def test_forty_is_added_to_the_day_of_women() -> None:
    reading = nik.read(nik="3171015705900001", birth_date=BORN, sex="F")
    assert (reading.born, reading.sex, reading.disagreements) == (BORN, "F", ())


@pytest.mark.parametrize(
    ("digits", "sex", "sentences"),
    [
        ("3171011805900001", "M", ["The date of birth inside the NIK differs from the register."]),
        ("3171011705910001", "M", ["The date of birth inside the NIK differs from the register."]),
        ("3171011705900001", "F", ["The sex inside the NIK differs from the register."]),
        ("3171015705900001", "M", ["The sex inside the NIK differs from the register."]),
        ("3171013102900001", "M", ["The NIK holds a date of birth that does not exist."]),
        ("3171013505900001", "M", ["The NIK holds a date of birth that does not exist."]),
        ("3171010005900001", "F", ["The NIK holds a date of birth that does not exist."]),
        ("3171017205900001", "F", ["The NIK holds a date of birth that does not exist."]),
        ("3171011713900001", "M", ["The NIK holds a date of birth that does not exist."]),
        ("3171011705900000", "M", ["The serial number of the NIK is 0000."]),
        ("0071011705900001", "M", ["The NIK begins with a province code that does not exist."]),
        ("3100011705900001", "M", ["The NIK begins with a regency code that does not exist."]),
        ("3171991705900001", "M", ["The NIK begins with a district code that does not exist."]),
    ],
)
def test_each_disagreement_has_its_sentence(digits: str, sex: str, sentences: list[str]) -> None:
    reading = nik.read(nik=digits, birth_date=BORN, sex=sex)
    assert [_english(sentence) for sentence in reading.disagreements] == sentences


def test_of_an_unknown_code_the_known_part_is_named() -> None:
    known = [
        nik.read(nik=f"{code}1705900001", birth_date=BORN, sex="M").region for code in ("007101", "310001", "317199")
    ]
    assert known == [(), GAMBIR[:1], GAMBIR[:2]]


def test_the_register_tells_the_century() -> None:
    assert nik.read(nik="3171011705050001", birth_date=date(2005, 5, 17), sex="M").born == date(2005, 5, 17)
    assert nik.read(nik="3171011705050001", birth_date=date(1905, 5, 17), sex="M").born == date(1905, 5, 17)


@given(
    digits=st.from_regex("[0-9]{16}", fullmatch=True),
    birth_date=st.dates(min_value=date(1900, 1, 1)),
    sex=st.sampled_from("MF"),
)
def test_no_nik_is_refused_and_each_lack_is_told(digits: str, birth_date: date, sex: str) -> None:
    reading = nik.read(nik=digits, birth_date=birth_date, sex=sex)
    assert reading.serial == digits[12:]
    fits = reading.born == birth_date and reading.sex == sex and len(reading.region) == 3 and reading.serial != "0000"
    assert fits == (not reading.disagreements)


@given(birth_date=st.dates(min_value=date(1900, 1, 1)), woman=st.booleans())
def test_a_nik_made_from_the_register_agrees_with_it(birth_date: date, woman: bool) -> None:
    day = birth_date.day + (nik.WOMEN if woman else 0)
    digits = f"317101{day:02}{birth_date:%m%y}0001"
    assert nik.read(nik=digits, birth_date=birth_date, sex="F" if woman else "M").disagreements == ()


def _english(sentence: object) -> str:
    with override("en"):
        return str(sentence)
