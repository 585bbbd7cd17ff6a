"""The rules for one row: each case is a row of one file, and all of them are imported together."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from participants.importing.faults import SENTENCES, WARNINGS
from participants.models import Peserta
from participants.models.choices import Membership, Relation, Segment
from tests import make
from tests.participants.importing.files import BRANCH, imported, person, rejected

pytestmark = pytest.mark.django_db

LONG_MAIL = f"siti@{'b.' * 130}id"

FAULTS = [
    ("nik", "", "nik_missing"),
    ("nik", "  ", "nik_missing"),
    ("nik", "317101170590000", "nik_form"),
    ("nik", "31710117059000011", "nik_form"),
    ("nik", "٣١٧١٠١١٧٠٥٩٠٠٠٠١", "nik_form"),
    ("nik", "317101170590000a", "nik_form"),
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
    ("facility", "Á" * 121, "too_long"),
    ("birth_date", "", "date"),
    ("birth_date", "1990-02-30", "date"),
    ("birth_date", "30-02-1990", "date"),
    ("birth_date", "0000-01-01", "date"),
    ("birth_date", "17-05-90", "date"),
    ("birth_date", "33010", "date"),
    ("birth_date", "today", "date"),
    ("birth_date", "infinity", "date"),
    ("birth_date", "١٧-٠٥-١٩٩٠", "date"),
    ("birth_date", "1899-12-31", "date_range"),
    ("birth_date", "2999-11-24", "date_range"),
    ("sex", "", "unknown_code"),
    ("sex", "X", "unknown_code"),
    ("phone", "0215551234", "phone"),
    ("phone", "8.12346E+10", "phone"),
    ("phone", "tidak ada", "phone"),
    ("email", "siti at surel", "email"),
    ("email", "siti@surel", "email"),
    ("email", "siti@@surel.example.id", "email"),
    ("email", LONG_MAIL, "too_long"),
    ("segment", "MANDIRI?", "unknown_code"),
    ("care_class", "4", "care_class"),
    ("care_class", "", "care_class"),
    ("care_class", "²", "care_class"),
    ("relation", "PAMAN", "unknown_code"),
    ("status", "", "unknown_code"),
    ("branch", "", "unknown_branch"),
    ("branch", "9999", "unknown_branch"),
]

READ: list[tuple[str, str, Any]] = [
    ("nik", "3171.0117.0590.0001", "3171011705900001"),
    ("nik", " 3171 0117 0590 0001 ", "3171011705900001"),
    ("card_number", "000-1234567890", "0001234567890"),
    ("name", "  Siti   aminah\u00a0", "SITI AMINAH"),
    ("name", "O'NEIL \\ 100%", "O'NEIL \\ 100%"),
    ("name", "DÉSIRÉE\nputri", "DÉSIRÉE PUTRI"),
    ("name", "Á" * 120, "Á" * 120),
    ("kk_number", "", ""),
    ("kk_number", " ", ""),
    ("birth_place", "", ""),
    ("facility", "", ""),
    ("email", "", ""),
    ("email", " Siti.A+b@Surel.example.id ", "Siti.A+b@Surel.example.id"),
    ("phone", "", None),
    ("phone", " ", None),
    ("phone", "0812-3456-7890", "+6281234567890"),
    ("phone", "+62 812 3456 7890", "+6281234567890"),
    ("birth_date", "1990-05-17", date(1990, 5, 17)),
    ("birth_date", "17-05-1990", date(1990, 5, 17)),
    ("birth_date", "17/05/1990", date(1990, 5, 17)),
    ("birth_date", "17.05.1990", date(1990, 5, 17)),
    ("birth_date", "7-5-1990", date(1990, 5, 7)),
    ("birth_date", " 2024-02-29 ", date(2024, 2, 29)),
    ("birth_date", "1900-01-01", date(1900, 1, 1)),
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
    ("sex", " f", "F"),
    ("care_class", " 2 ", 2),
]


@pytest.fixture(autouse=True)
def _branch() -> None:
    make.branch(code=BRANCH)


@pytest.mark.parametrize(("column", "text", "code"), FAULTS)
def test_a_row_with_a_fault_is_refused_with_column_and_code(tmp_path: Path, column: str, text: str, code: str) -> None:
    result = imported(tmp_path / "register.csv", person(1, **{column: text}))
    (row,) = rejected(tmp_path / "register.csv")
    assert (row["column"], row["code"], row["line"]) == (column, code, "2")
    assert result.reasons == {code: 1}
    assert row[column] == text


def test_every_code_is_tried_here_or_where_rows_clash() -> None:
    assert {code for _column, _text, code in FAULTS} | {"columns", "duplicate_nik", "duplicate_card", "card_taken"} == {
        *SENTENCES
    }
    assert not SENTENCES.keys() & WARNINGS.keys()


@pytest.mark.parametrize(("column", "text", "stored"), READ)
def test_a_value_is_stored_in_the_form_of_the_register(tmp_path: Path, column: str, text: str, stored: object) -> None:
    assert imported(tmp_path / "register.csv", person(1, **{column: text})).created == 1
    assert Peserta.objects.values_list(column, flat=True).get() == stored


def test_the_first_fault_of_a_row_counts(tmp_path: Path) -> None:
    imported(tmp_path / "register.csv", person(1, branch="?", sex="?", card_number="?"))
    assert [row["column"] for row in rejected(tmp_path / "register.csv")] == ["card_number"]


@pytest.mark.parametrize(
    ("given", "odd"),
    [
        ({}, False),
        ({"birth_date": "1990-05-18"}, True),
        ({"birth_date": "1991-05-17"}, True),
        ({"sex": "P"}, True),
        ({"sex": "P", "nik": "3171015705900001"}, False),
        ({"sex": "P", "nik": "3171017105900001", "birth_date": "1990-05-31"}, False),
        ({"sex": "L", "nik": "3171015705900001"}, True),
    ],
)
def test_a_nik_whose_date_is_another_one_is_taken_with_a_warning(
    tmp_path: Path, given: dict[str, str], odd: bool
) -> None:
    result = imported(tmp_path / "register.csv", person(1, **given))
    assert (result.created, result.warnings) == (1, int(odd))
    if odd:
        (row,) = rejected(tmp_path / "register.csv", "warnings.csv")
        assert (row["line"], row["column"], row["code"]) == ("2", "nik", "nik_date")
