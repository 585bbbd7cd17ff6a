"""Values out of misread text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.demo.people import BRANCHES, families
from verification.reading import values
from verification.reading.labels import Label, kind_of, split
from verification.reading.result import DocType

NUMBERS = st.text("0123456789", min_size=16, max_size=16)


@given(NUMBERS, st.sampled_from(["{}", ": {}", "NIK : {}", "{} ", "x{}"]))
def test_a_number_is_found_whatever_stands_around_it(number: str, around: str) -> None:
    assert values.digits_of(around.format(number), count=16) == number


@given(NUMBERS)
def test_blanks_between_digits_are_passed_over(number: str) -> None:
    assert values.digits_of(f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}", count=16) == number


@given(st.text("0123456789", max_size=30).filter(lambda text: len(text) not in {13, 16}), st.sampled_from([13, 16]))
def test_no_number_is_cut_or_filled_to_fit(number: str, count: int) -> None:
    assert values.digits_of(number, count=count) == ""


@pytest.mark.parametrize(
    ("seen", "number"),
    [("317l01O1019O0001", "3171010101900001"), ("3171O1O1O19OOOO1", "3171010101900001"), ("KOTA SURABAYA", "")],
)
def test_letters_that_look_like_digits_count_as_such(seen: str, number: str) -> None:
    assert values.digits_of(seen, count=16) == number


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.sampled_from(["-", "/", ".", " ", " - ", "--", ""]))
def test_a_date_is_read_day_first_with_any_separator(born: date, separator: str) -> None:
    text = f"BANDUNG, {born:%d}{separator}{born:%m}{separator}{born.year:04}"
    assert values.dates_of(text) == [born]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("16 Oktober 1958", date(1958, 10, 16)),
        ("5 Mei 1990", date(1990, 5, 5)),
        ("01 DES 2001", date(2001, 12, 1)),
        ("3 0ktober 1990", date(1990, 10, 3)),
        ("Lahir: 7 Septernber 1977", date(1977, 9, 7)),
    ],
)
def test_a_month_may_be_a_word(text: str, found: date) -> None:
    assert values.dates_of(text) == [found]


@pytest.mark.parametrize("text", ["3 JUII 1990", "31 Februari 1990", "12 KOTA 1990", "RT 001 BOGOR 1990"])
def test_what_may_be_two_months_or_none_is_no_date(text: str) -> None:
    assert values.dates_of(text) == []


@pytest.mark.parametrize(
    "text", ["31-02-1990", "00-01-1990", "12-13-1990", "12-03-1890", "1-2-3", "", "3171010101900001"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert values.dates_of(text) == []


@given(st.text(max_size=60))
def test_nothing_that_is_read_makes_a_function_fail(text: str) -> None:
    values.digits_of(text, count=16)
    values.dates_of(text)
    values.place_of(text)
    values.sex_of(text)
    assert values.name_of(values.name_of(text)) == values.name_of(text)
    split(text)
    kind_of([text])


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("LAKI-LAKI", "M"),
        ("LAK1-LAKI", "M"),
        ("PEREMPUAN", "F"),
        ("PEREMPUAM Gol. Darah: O", "F"),
        ("", ""),
        ("ISLAM", ""),
    ],
)
def test_sex_is_read_or_left_out(text: str, sex: str) -> None:
    assert values.sex_of(text) == sex


@pytest.mark.parametrize(
    ("text", "label", "rest"),
    [
        ("NIK : 3171010101900001", Label.NIK, "3171010101900001"),
        ("Nama", Label.NAME, ""),
        ("Nama SITI AMINAH", Label.NAME, "SITI AMINAH"),
        ("Tempat/Tgl Lahir : BANDUNG, 01-02-1990", Label.BIRTH, "BANDUNG, 01-02-1990"),
        ("Ternpat/Tgl Lahir", Label.BIRTH, ""),
        ("Tgl. Lahir", Label.BIRTH_DATE, ""),
        ("Nomor Kartu 0001234567890", Label.CARD_NUMBER, "0001234567890"),
        ("Berlaku Hingga", Label.OTHER, ""),
        (": SITI AMINAH", None, "SITI AMINAH"),
        ("SITI AMINAH", None, "SITI AMINAH"),
    ],
)
def test_a_label_is_told_from_its_value(text: str, label: Label | None, rest: str) -> None:
    assert split(text) == (label, rest)


NAMES = [person.name for person in families(seed=8, count=3000, branches=BRANCHES)]
ALSO = ["NIKEN SARI", "NAMIRA", "KELANA PUTRA", "TAMAT", "AGAMI", "LAKSMI KARTINI"]


def test_no_name_is_taken_for_a_label() -> None:
    taken = {name: split(name) for name in {*NAMES, *ALSO} if split(name)[0] is not None}
    assert taken == {}


@pytest.mark.parametrize("text", ["NIK", "NAMA", "ALAMAT", "AGAMA", "NOMOR KARTU", "Nama", "Alarnat", "AIamat"])
def test_a_label_may_stand_in_capitals_or_be_misread(text: str) -> None:
    assert split(text)[0] is not None


KTP = ["PROVINSI JAWA BARAT", "NIK", "Nama", "Tempat/Tgl Lahir", "Jenis Kelamin", "Agama", "Kewarganegaraan: WNI"]
CARD = ["KARTU INDONESIA SEHAT", "Nomor Kartu", "Nama", "Tanggal Lahir", "NIK", "Faskes Tingkat I"]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (KTP, DocType.KTP),
        (CARD, DocType.CARD),
        (["SURAT IZIN MENGEMUDI", "1. BUDI", "2. BANDUNG, 01-02-1990"], DocType.OTHER),
        (["Faskes", "Segmen", "Kelas"], DocType.OTHER),
        ([], DocType.OTHER),
    ],
)
def test_the_printed_words_tell_what_it_is(lines: list[str], kind: DocType) -> None:
    assert kind_of(lines) is kind
