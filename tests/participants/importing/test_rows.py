"""The rules for one row."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants import phone
from participants.importing import rows
from participants.importing.columns import COLUMNS
from participants.importing.faults import SENTENCES, Fault
from participants.models.choices import Membership, Relation, Segment
from tests.participants.importing.files import person

TODAY = date(2026, 11, 23)


def read(texts: dict[str, str]) -> dict[str, object] | Fault:
    row = rows.read(texts, branches={"0901": 7}, today=TODAY)
    return row if isinstance(row, Fault) else dict(zip(COLUMNS, row, strict=True))


def test_a_good_row_is_stored_in_the_forms_of_the_register() -> None:
    assert read(person(name="  SITI   AMINAH ", phone="0812-3456-7890", birth_date="17/05/1990", sex="p")) == {
        "nik": "3171011705900001",
        "card_number": "0000000000001",
        "kk_number": "3171011010120001",
        "name": "SITI AMINAH",
        "birth_place": "JAKARTA",
        "birth_date": date(1990, 5, 17),
        "sex": "F",
        "phone": "+6281234567890",
        "email": "",
        "segment": "PBPU",
        "care_class": 3,
        "relation": "SELF",
        "status": "ACTIVE",
        "facility": "PUSKESMAS MELATI",
        "branch": 7,
    }


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("nik", "", "nik_missing"),
        ("nik", "  ", "nik_missing"),
        ("nik", "317101170590000", "nik_form"),
        ("nik", "31710117059000011", "nik_form"),
        ("nik", "٣١٧١٠١١٧٠٥٩٠٠٠٠١", "nik_form"),
        ("nik", "3.17E+15", "mangled"),
        ("nik", "3,17101E+15", "mangled"),
        ("card_number", "", "card_form"),
        ("card_number", "123", "card_form"),
        ("card_number", "1.23457E+12", "mangled"),
        ("card_number", "123456789012.0", "mangled"),
        ("kk_number", "123", "kk_form"),
        ("kk_number", "3.17E+15", "mangled"),
        ("name", "", "name_missing"),
        ("name", " \t", "name_missing"),
        ("name", "A" * 121, "too_long"),
        ("birth_place", "A" * 61, "too_long"),
        ("facility", "A" * 121, "too_long"),
        ("birth_date", "", "date"),
        ("birth_date", "1990-02-30", "date"),
        ("birth_date", "30-02-1990", "date"),
        ("birth_date", "0000-01-01", "date"),
        ("birth_date", "17-05-90", "date"),
        ("birth_date", "33010", "date"),
        ("birth_date", "١٧-٠٥-١٩٩٠", "date"),
        ("birth_date", "1899-12-31", "date_range"),
        ("birth_date", "2026-11-24", "date_range"),
        ("birth_date", "9999-12-31", "date_range"),
        ("sex", "", "unknown_code"),
        ("sex", "X", "unknown_code"),
        ("phone", "0215551234", "phone"),
        ("phone", "8.12346E+10", "phone"),
        ("phone", "tidak ada", "phone"),
        ("email", "siti at surel", "email"),
        ("email", f"siti@{'b.' * 200}id", "email"),
        ("email", f"siti@{'b.' * 130}id", "too_long"),
        ("segment", "MANDIRI?", "unknown_code"),
        ("care_class", "4", "care_class"),
        ("care_class", "", "care_class"),
        ("care_class", "²", "care_class"),
        ("relation", "PAMAN", "unknown_code"),
        ("status", "", "unknown_code"),
        ("branch", "", "unknown_branch"),
        ("branch", "9999", "unknown_branch"),
    ],
)
def test_a_row_with_a_fault_is_refused_with_column_and_reason(column: str, text: str, code: str) -> None:
    assert read(person(**{column: text})) == Fault(column, code)
    assert SENTENCES[code]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1990-05-17", date(1990, 5, 17)),
        ("17-05-1990", date(1990, 5, 17)),
        ("17/05/1990", date(1990, 5, 17)),
        ("17.05.1990", date(1990, 5, 17)),
        ("7-5-1990", date(1990, 5, 7)),
        ("2024-02-29", date(2024, 2, 29)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2026-11-23", TODAY),
    ],
)
def test_dates_are_read_in_iso_and_day_first(text: str, meant: date) -> None:
    row = read(person(birth_date=text))
    assert not isinstance(row, Fault)
    assert row["birth_date"] == meant


@pytest.mark.parametrize(
    ("column", "text", "stored"),
    [
        *(("segment", value, value) for value in Segment.values),
        *(("segment", value.lower(), value) for value in Segment.values),
        *(("relation", value, value) for value in Relation.values),
        *(("status", value, value) for value in Membership.values),
        ("relation", "1", "SELF"),
        ("relation", "Istri", "WIFE"),
        ("relation", "SUAMI", "HUSBAND"),
        ("relation", "anak", "CHILD"),
        ("relation", "Tambahan", "OTHER"),
        ("status", "AKTIF", "ACTIVE"),
        ("status", "0", "ACTIVE"),
        ("status", "Meninggal", "DECEASED"),
        ("status", "PENANGGUHAN", "SUSPENDED"),
        ("sex", "L", "M"),
        ("sex", "P", "F"),
        ("sex", "m", "M"),
        ("sex", "f", "F"),
    ],
)
def test_codes_are_read_in_the_register_s_words_and_in_bpjs_s(column: str, text: str, stored: str) -> None:
    row = read(person(**{column: text}))
    assert not isinstance(row, Fault)
    assert row[column] == stored


@pytest.mark.parametrize(
    ("column", "stored"), [("kk_number", ""), ("birth_place", ""), ("phone", None), ("email", ""), ("facility", "")]
)
def test_what_a_person_need_not_have_may_be_empty(column: str, stored: str | None) -> None:
    row = read(person(**{column: ""}))
    assert not isinstance(row, Fault)
    assert row[column] == stored


@given(st.fixed_dictionaries({column: st.text() for column in COLUMNS}))
def test_any_row_is_read_or_refused(texts: dict[str, str]) -> None:
    row = read(texts)
    assert isinstance(row, Fault)
    assert row.column in COLUMNS
    assert row.code in SENTENCES


@given(st.from_regex(r"\+?[0-9]{0,4}[ .-]?[0-9]{3,10}", fullmatch=True))
def test_a_number_is_read_here_as_everywhere(text: str) -> None:
    row = read(person(phone=text))
    try:
        expected = phone.normalise(text)
    except phone.PhoneRefused:
        assert row == Fault("phone", "phone")
    else:
        assert not isinstance(row, Fault)
        assert row["phone"] == expected
