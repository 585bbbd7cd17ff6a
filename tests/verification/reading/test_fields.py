"""Values by where they stand: beside their label, under it, or beside the number."""

from datetime import date

import numpy as np
import pytest

from verification.reading.fields import find_fields
from verification.reading.lines import Line
from verification.reading.result import DocType, FieldName

NIK, CARD, NAME, BORN = "3171015203900001", "0001234567890", "SITI AMINAH", date(1990, 3, 12)
ALL = {FieldName.NIK: NIK, FieldName.CARD_NUMBER: CARD, FieldName.NAME: NAME, FieldName.BIRTH_DATE: BORN.isoformat()}
WIDE, HIGH = 14, 20
"""Pixels of a letter."""


def line(text: str, left: float, top: float) -> Line:
    right, bottom = left + WIDE * len(text), top + HIGH
    quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    x, y = (left + right) / 2, (top + bottom) / 2
    return Line(text=text, confidence=0.99, quad=quad, x=x, y=y, high=HIGH, left=left, right=right, slope=0.0)


def read(*lines: tuple[str, float, float], kind: DocType = DocType.CARD) -> dict[FieldName, str]:
    ordered = sorted((line(*each) for each in lines), key=lambda each: each.y)
    return {name: found.value for name, found in find_fields(ordered, kind).items()}


def test_values_stand_beside_their_labels() -> None:
    rows = (("Nomor Kartu", f": {CARD}"), ("Nama", NAME), ("Tanggal Lahir", ": 12-03-1990"), ("NIK", NIK))
    cells = [(text, x, 40.0 * row) for row, pair in enumerate(rows) for x, text in zip((0, 300), pair, strict=True)]
    assert read(*cells) == ALL


def test_values_stand_under_their_labels() -> None:
    texts = ("Nomor Kartu", CARD, "Nama", NAME, "Tanggal Lahir", "12 Maret 1990", "NIK", NIK)
    assert read(*((text, 0, 30.0 * row) for row, text in enumerate(texts))) == ALL


@pytest.mark.parametrize("order", [(CARD, NAME), (NAME, CARD)], ids=["under", "above"])
def test_a_name_without_a_label_stands_beside_the_number(order: tuple[str, str]) -> None:
    lines = [
        ("Kartu Indonesia Sehat", 0.0, 0.0),
        (order[0], 0, 60),
        (order[1], 0, 100),
        ("NIK", 0, 200),
        (NIK, 300, 200),
    ]
    assert read(*lines)[FieldName.NAME] == NAME


def test_a_motto_above_the_number_is_no_name() -> None:
    assert FieldName.NAME not in read(("Dengan Gotong Royong", 0, 0), (CARD, 0, 40))


def test_a_number_after_the_other_label_is_not_taken() -> None:
    # The rest of the NIK was cut off.
    assert read(("NIK", 0, 0), (NIK[:13], 300, 0)) == {}


def test_a_label_under_a_label_is_no_value() -> None:
    assert read(("Nama", 0, 0), ("Alamat", 0, 30), ("JALAN MELATI", 300, 30), kind=DocType.KTP) == {}
