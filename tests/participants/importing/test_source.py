"""A whole import from each form of file, and which column is which."""

import gzip
from pathlib import Path

import pytest

from participants.importing import CannotRun, run_import
from participants.importing.columns import COLUMNS
from participants.importing.source import Source
from participants.models import Peserta
from tests import make
from tests.participants.importing.files import BRANCH, BY, person, table
from tests.tabular.books import book

ROWS = [person(1, name="SITI", birth_date="17 Mei 1990"), person(2, name="JOSÉ", birth_date="1 Januari 1985")]


def lay(path: Path, kind: str) -> Path:
    text = table(ROWS)
    match kind:
        case "xlsx":
            rows: list[list[str | float]] = [[*COLUMNS]]
            rows += [[*row.values()] for row in ROWS]
            return book(path, rows)
        case "gz":
            path.write_bytes(gzip.compress(text.encode()))
        case "windows":
            path.write_bytes(text.replace(",", ";").encode("cp1252"))
        case _:
            path.write_bytes(text.encode(kind))
    return path


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["utf-8", "utf-16", "windows", "gz", "xlsx"])
def test_every_form_of_file_fills_the_register_alike(tmp_path: Path, kind: str) -> None:
    make.branch(code=BRANCH)
    path = lay(tmp_path / "file", kind)
    result = run_import(path=path, by=BY, user=None, rejects=None)
    assert (result.created, result.refused) == (2, 0)
    found = Peserta.objects.order_by("nik").values_list("name", "birth_date")
    assert [(name, str(day)) for name, day in found] == [("SITI", "1990-05-17"), ("JOSÉ", "1985-01-01")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("column", "quantity"),
    [("nik", 3171011705900001.0), ("card_number", 1000000000001.0), ("kk_number", 3171011010120001.0)],
)
def test_a_number_that_a_spreadsheet_keeps_as_a_quantity_is_refused_with_that_reason(
    tmp_path: Path, column: str, quantity: float
) -> None:
    make.branch(code=BRANCH)
    row: list[str | float] = list(person(1).values())
    row[COLUMNS.index(column)] = quantity
    result = run_import(path=book(tmp_path / "a", [list(COLUMNS), row]), by=BY, user=None, rejects=None)
    assert dict(result.reasons) == {"mangled": 1}


@pytest.mark.django_db(transaction=True)
def test_other_quantities_of_a_spreadsheet_are_read_as_they_look(tmp_path: Path) -> None:
    make.branch(code="901")
    quantities = {"care_class": 3.0, "relation": 1.0, "status": 0.0, "branch": 901.0, "phone": 81234567890.0}
    row: list[str | float] = list((person(1) | quantities).values())
    result = run_import(path=book(tmp_path / "a", [list(COLUMNS), row]), by=BY, user=None, rejects=None)
    assert (result.created, result.reasons) == (1, {})
    peserta = Peserta.objects.get()
    assert (peserta.care_class, peserta.relation, peserta.phone) == (3, "SELF", "+6281234567890")


def columns_in(tmp_path: Path, toml: str) -> Path:
    path = tmp_path / "map.toml"
    path.write_text(toml)
    return path


def test_a_file_of_columns_says_which_is_which(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table([person(1)]).replace("nik,", "No. KTP,", 1).replace("phone", "nik", 1))
    source = Source.of(path, columns=columns_in(tmp_path, 'nik = "No. KTP"\nphone = "nik"'))
    assert (source.places["nik"], source.places["phone"], source.unknown) == (0, 7, [])


def test_columns_that_mean_nothing_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table([person(1) | {"catatan": "x", "line": "2"}], columns=["line", "catatan", *COLUMNS]))
    assert Source.of(path).unknown == ["catatan"]


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("nik", "no TOML"),
        ('ktp = "NIK"', "ktp"),
        ("nik = 1", "nik"),
        ('nik = "No. KTP"', "No. KTP"),
    ],
)
def test_a_file_of_columns_that_does_not_fit_is_refused(tmp_path: Path, toml: str, sentence: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table([person(1)]))
    with pytest.raises(CannotRun) as refused:
        Source.of(path, columns=columns_in(tmp_path, toml))
    assert refused.value.fault == "columns_map"
    assert sentence in str(refused.value) or "TOML" in str(refused.value)


def test_a_file_of_columns_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table([person(1)]))
    with pytest.raises(CannotRun, match="No such file"):
        Source.of(path, columns=tmp_path / "nowhere.toml")
