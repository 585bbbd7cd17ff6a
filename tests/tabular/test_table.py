"""Reading tables as people send them."""

import csv
import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jknoffice.tabular import CannotRead, Table, spooled
from jknoffice.tabular import unpacking as guard
from tests.tabular.books import book

ROWS = [["nik", "nama"], ["3171011705900001", "SITI"], ["0012", 'A "quoted" name'], ["1", "two\nlines"], ["2", "É"]]


def text_of(rows: list[list[str]], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def read(path: Path) -> list[list[str]]:
    table = Table.of(path)
    return [table.header, *(cells for _number, cells in table.rows())]


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_encoding_and_separator_is_found_out(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text_of(ROWS, separator).encode(encoding))
    assert read(path) == ROWS


def test_utf_16_of_the_other_order_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xfe\xff" + text_of(ROWS).encode("utf-16-be"))
    assert read(path) == ROWS


def test_the_separator_is_taken_from_the_header_and_not_from_its_quotes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('"a,b,c";nama\n1,2;3\n')
    assert read(path) == [["a,b,c", "nama"], ["1,2", "3"]]


def test_numbers_of_lines_count_those_within_quotes_and_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"x\ny"\n\n2,z\n')
    assert [number for number, _cells in Table.of(path).rows()] == [2, 5]


PACKED: dict[str, Callable[[Path, bytes], object]] = {
    "gzip": lambda path, content: path.write_bytes(gzip.compress(content)),
    "zip": lambda path, content: zipped(path, **{"data.csv": content}),
    "zip of a Mac": lambda path, content: zipped(path, **{"data.csv": content, "__MACOSX/._data.csv": b"x"}),
}


@pytest.mark.parametrize("packed", PACKED)
def test_a_packed_file_is_read_whatever_its_name(tmp_path: Path, packed: str) -> None:
    path = tmp_path / "register.csv"
    PACKED[packed](path, text_of(ROWS).encode())
    table = Table.of(path)
    assert read(path) == ROWS
    assert table.size == path.stat().st_size


def test_a_spreadsheet_gives_texts_and_shows_on_demand_where_digits_may_be_lost(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [
        ["nik", "lahir", "kelas"],
        ["0012345", "date:33010", 3.0],
        [3171011705900001.0, "", ""],
        ["", "", ""],
        ["É", "17-05-1990", 1.5],
    ]
    path = book(tmp_path / "a.xlsx", rows)
    table = Table.of(path)
    assert table.header == ["nik", "lahir", "kelas"]
    assert list(table.rows()) == [
        (2, ["0012345", "1990-05-17", "3"]),
        (3, ["3171011705900001", "", ""]),
        (5, ["É", "17-05-1990", "1.5"]),
    ]
    assert [cells for _number, cells in table.rows(exact={0})] == [
        ["0012345", "1990-05-17", "3"],
        ["3171011705900001.0", "", ""],
        ["É", "17-05-1990", "1.5"],
    ]
    assert table.position() == 0


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda path: path.write_bytes(b""), "empty"),
    "NUL": (lambda path: path.write_bytes(b"a,b\n\0"), "no_text"),
    "no encoding": (lambda path: path.write_bytes(b"a,b\n\x81"), "encoding"),
    "half a character": (lambda path: path.write_bytes("a,b\n1".encode("utf-16")[:-1]), "encoding"),
    "open quote": (lambda path: path.write_text('a,b\n"1'), "no_csv"),
    "two members": (lambda path: zipped(path, a=b"1", b=b"2"), "members"),
    "no member": (lambda path: path.write_bytes(b"PK\x05\x06" + bytes(18)), "no_text"),
    "half a zip": (lambda path: path.write_bytes(zipped(path, a=b"1,2").read_bytes()[:-9]), "damaged"),
    "half a gzip": (lambda path: path.write_bytes(gzip.compress(b"a,b\n1,2\n" * 99)[:-9]), "damaged"),
    "no gzip": (lambda path: path.write_bytes(b"\x1f\x8bnothing"), "damaged"),
    "half a spreadsheet": (lambda path: zipped(path, **{"xl/workbook.xml": b"<"}), "no_sheet"),
    "a folder": (lambda path: path.mkdir(), "unreadable"),
    "not there": (lambda _path: None, "unreadable"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, kind: str) -> None:
    make, fault = BAD[kind]
    path = tmp_path / "file"
    make(path)
    with pytest.raises(CannotRead) as refused:
        for _row in Table.of(path).rows():
            pass
    assert refused.value.fault == fault
    assert str(refused.value)


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", a=b"1,2\n")
    content = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    path.write_bytes(content)
    with pytest.raises(CannotRead) as refused:
        Table.of(path)
    assert refused.value.fault == "locked"


@pytest.mark.parametrize("pack", ["gzip", "zip"])
def test_a_bomb_is_refused_before_it_has_unpacked(tmp_path: Path, pack: str) -> None:
    path = tmp_path / "bomb"
    PACKED[pack](path, b"a,b\n" + b"1,2\n" * (guard.HARMLESS // 2))
    tracemalloc.start()
    with pytest.raises(CannotRead) as refused:
        Table.of(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.fault == "bomb"
    assert peak < guard.HARMLESS / 4


def test_a_spreadsheet_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "a.xlsx", [["x" * 1000] for _row in range(20)])
    monkeypatch.setattr("jknoffice.tabular.parts.MOST_UNPACKED", 10_000)
    with pytest.raises(CannotRead) as refused:
        Table.of(path)
    assert refused.value.fault == "too_large"


def test_how_far_the_reading_is_shows_in_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1,2\n" * 50_000)
    table = Table.of(path)
    rows = table.rows()
    next(rows)
    begun = table.position()
    for _row in rows:
        pass
    assert 0 < begun < table.size
    assert table.position() == 0


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)


@settings(max_examples=150)
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    packed=st.booleans(),
)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], separator: str, encoding: str, packed: bool
) -> None:
    path = tmp_path_factory.mktemp("round") / "file"
    content = text_of([["a", "b", "c"], *rows], separator).encode(encoding)
    path.write_bytes(gzip.compress(content) if packed else content)
    assert read(path) == [["a", "b", "c"], *rows]


@settings(max_examples=300)
@given(content=st.binary(max_size=200), mark=st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\xff\xfe"]))
def test_no_bytes_do_worse_than_being_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, mark: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "file"
    path.write_bytes(mark + content)
    with suppress(CannotRead):
        for _row in Table.of(path).rows():
            pass


def test_standard_input_becomes_a_private_file_for_as_long_as_it_is_read(tmp_path: Path) -> None:
    with spooled(io.BytesIO(b"a,b\n1,2\n"), tmp_path / "spool") as path:
        assert path.stat().st_mode & 0o777 == 0o600
        assert read(path) == [["a", "b"], ["1", "2"]]
    assert not path.exists()
