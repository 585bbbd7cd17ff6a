"""Spreadsheets that mean harm are refused before anything reads them; none ends the process."""

import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import pytest

from jknoffice.tabular import CannotRead, Table
from tests.hostile_tables import CANARY, SHEET, books, rebuilt
from tests.tabular.books import book

TOO_LARGE = ("far corners", "a row far below")


@pytest.mark.parametrize("harm", books(Path("/")))
def test_a_hostile_spreadsheet_is_refused(tmp_path: Path, harm: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    path = rebuilt(tmp_path / "a.xlsx", books(secret)[harm])
    with pytest.raises(CannotRead) as refused:
        Table.of(path)
    assert refused.value.fault == ("too_large" if any(word in harm for word in TOO_LARGE) else "no_sheet")
    assert CANARY not in str(refused.value)


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["nik"], ["1"]])
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(SHEET.upper(), "<worksheet/>")
    with pytest.raises(CannotRead) as refused:
        Table.of(path)
    assert refused.value.fault == "no_sheet"


def test_names_that_lead_out_of_the_archive_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = book(tmp_path / "in" / "a.xlsx", [["nik"], ["1"]])
    with zipfile.ZipFile(path, "a") as archive:
        for name in ("../evil.xml", "/evil.xml", "xl/../../evil.xml", "..\\evil.xml"):
            archive.writestr(name, f"<evil>{CANARY}</evil>")
    assert Table.of(path).header == ["nik"]
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["a.xlsx", "in"]


def test_what_excel_itself_writes_is_read(tmp_path: Path) -> None:
    """Empty cells that are only painted may stand anywhere, and a sheet may say that it is larger than it is."""

    def change(parts: dict[str, str]) -> None:
        painted = '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        parts[SHEET] = parts[SHEET].replace("</sheetData>", painted)
        parts[SHEET] = parts[SHEET].replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')

    table = Table.of(rebuilt(tmp_path / "a.xlsx", change))
    assert [cells for _number, cells in table.rows()] == [["3171011705900001", "SITI"]]


def test_without_the_look_one_small_file_would_end_the_process(tmp_path: Path) -> None:
    """Shows that the look is needed: the library is asked in a process of its own, with two gigabytes."""
    path = rebuilt(tmp_path / "a.xlsx", books(tmp_path)["fill the memory by far corners"])
    asks = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30,) * 2); "
        "from python_calamine import CalamineWorkbook; CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)"
    )
    done = subprocess.run([sys.executable, "-c", asks, path], capture_output=True, check=False)
    assert done.returncode < 0
    assert path.stat().st_size < 3000
