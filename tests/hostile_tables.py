"""Hostile tables of our own making: cells that mean to be more than text, and spreadsheets that mean to be more."""

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.tabular.books import book

CANARY = "CANARY-5c1e08"
"""Stands in every hostile cell."""
ELSEWHERE = f"//{CANARY.lower()}.example.org/x"

CELLS: Mapping[str, str] = {
    "formula": f'=HYPERLINK("http:{ELSEWHERE}","{CANARY}")',
    "formula after a plus": f"+cmd|' /C {CANARY}'!A0",
    "formula after a minus": f"-2+3+{CANARY}",
    "formula after an at": f"@SUM(1+1)*{CANARY}",
    "formula after a tab": f"\t=1+{CANARY}",
    "formula in wide letters": f"＝1+{CANARY}",
    "script": f"<script>{CANARY}</script>",
    "end of an attribute": f'"><img src={ELSEWHERE} onerror={CANARY}>',
    "template": "{{ 7|add:7 }}{% debug %}" + CANARY,
    "format": "%(secret)s{0.__class__}" + CANARY,
    "SQL": f"'); DROP TABLE participants_peserta; -- {CANARY}",
    "right to left": f"\u202e{CANARY}\u2066",
    "nothing to see": f"\u200b\ufeff{CANARY}\u00ad",
    "control characters": f"\x07\x1b[31m{CANARY}",
    "lines": f"{CANARY}\n=1+1\r\nadmin,admin",
    "a megabyte": CANARY + "A" * 1_000_000,
    "path": f"../../../../{CANARY}",
}
"""Cells by what they mean to be."""

Parts = dict[str, str]


def rebuilt(path: Path, change: Callable[[Parts], object]) -> Path:
    """Write a good spreadsheet of two rows, but for what `change` does to its parts."""
    book(path, [["nik", "nama"], ["3171011705900001", "SITI"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


def _typed(declaration: str) -> Callable[[Parts], None]:
    """A document type in the sheet, and a name that stands for what it declares."""

    def change(parts: Parts) -> None:
        parts[SHEET] = f"<!DOCTYPE worksheet [{declaration}]>" + parts[SHEET].replace("SITI", "&e;")

    return change


def _cell(text: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts[SHEET] = parts[SHEET].replace("</sheetData>", f"{text}</sheetData>")

    return change


def _texts(given: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts["xl/sharedStrings.xml"] = (
            f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" {given}><si><t>a</t></si></sst>'
        )
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        more = f'<Relationship Id="rId9" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
        parts[_RELATIONS] = parts[_RELATIONS].replace("</Relationships>", more)

    return change


def _renamed(parts: Parts) -> None:
    parts["xl/worksheets/sheet1.bin"] = "junk" + parts.pop(SHEET)
    parts[_RELATIONS] = parts[_RELATIONS].replace("sheet1.xml", "sheet1.bin")


def _elsewhere(parts: Parts) -> None:
    target = f'Target="http:{ELSEWHERE}.xml" TargetMode="External"'
    parts[_RELATIONS] = re.sub('Target="worksheets/sheet1.xml"', target, parts[_RELATIONS])


def books(secret: Path) -> Mapping[str, Callable[[Parts], object]]:
    """Spreadsheets by what they mean to do, each with the change that makes it; `secret` is a file that they want."""
    bomb = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghe", strict=True)
    )
    return {
        "read a file": _typed(f'<!ENTITY e SYSTEM "{secret.as_uri()}">'),
        "ask somebody elsewhere": _typed(f'<!ENTITY e SYSTEM "http:{ELSEWHERE}">'),
        "load a type from elsewhere": lambda parts: parts.update(
            {SHEET: f'<!DOCTYPE x SYSTEM "http:{ELSEWHERE}">{parts[SHEET]}'}
        ),
        "unfold a bomb": _typed(bomb),
        "fill the memory by far corners": _cell('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "fill the memory by far corners, in small letters": _cell('<row><c r="xfd1048576"><v>1</v></c></row>'),
        "fill the memory by a row far below": _cell('<row r="99999999"><c><v>1</v></c></row>'),
        "fill the memory by promised texts": _texts('uniqueCount="4294967295"'),
        "fill the memory by used texts": _texts('count="4294967295"'),
        "hide its sheet from the look": _renamed,
        "keep its sheet elsewhere": _elsewhere,
        "be read by another alphabet": lambda parts: parts.update(
            {SHEET: f'<?xml version="1.0" encoding="nothing-8"?>{parts[SHEET]}'}
        ),
        "stand nowhere": _cell('<row r="7"><c r="7A"><v>1</v></c></row>'),
        "be half of XML": lambda parts: parts.update({SHEET: parts[SHEET][:-40]}),
        "have macros": lambda parts: parts.update(
            {
                _RELATIONS: parts[_RELATIONS].replace(
                    "</Relationships>", '<Relationship Id="rId8" Type="vba" Target="vbaProject.bin"/></Relationships>'
                )
            }
        ),
    }
