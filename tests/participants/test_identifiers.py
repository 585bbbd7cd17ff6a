"""NIK, card and KK numbers: what is one, how it is shown, and what seems odd."""

from datetime import date

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from participants import identifiers

NIK = "3171011705900001"
CARD = "0001234567890"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        (NIK, NIK),
        ("3171 0117 0590 0001", NIK),
        ("3171.0117.0590.0001", NIK),
        ("3171-0117-0590-0001", NIK),
        (f"\t{NIK}\u00a0 ".strip("\t"), NIK),
        (CARD, CARD),
        ("000 1234 567 890", CARD),
    ],
)
def test_digits_may_be_written_in_groups(text: str, digits: str) -> None:
    assert identifiers.parse(text) == digits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "317101170590000",
        NIK + "1",
        "1234567890",
        "317101170590000O",
        "٣١٧١٠١١٧٠٥٩٠٠٠٠١",
        f"{NIK}\x00",
        "9" * 10000,
        NIK + " " * 60 + "and more",
        f"'{NIK}",
        "３１７１０１１７０５９００００１",
    ],
)
def test_what_is_no_identifier_is_refused(text: str) -> None:
    for parse in (identifiers.parse, identifiers.parse_nik, identifiers.parse_card):
        with pytest.raises(identifiers.IdentifierRefused):
            parse(text)


def test_a_nik_is_no_card_number_and_the_other_way_round() -> None:
    with pytest.raises(identifiers.IdentifierRefused):
        identifiers.parse_card(NIK)
    with pytest.raises(identifiers.IdentifierRefused):
        identifiers.parse_nik(CARD)


@pytest.mark.parametrize(
    "text", ["3.17E+15", "3,17E+15", "3.171011705E+15", "3E15", "3.17e+15", " 3.17E+15 ", "123456789012.0"]
)
def test_a_number_that_a_spreadsheet_rewrote_is_refused_with_that_reason(text: str) -> None:
    with pytest.raises(identifiers.Mangled):
        identifiers.parse(text)


@given(st.text())
def test_any_text_is_an_identifier_or_refused(text: str) -> None:
    try:
        digits = identifiers.parse(text)
    except identifiers.IdentifierRefused:
        return
    assert len(digits) in {13, 16}
    assert digits.isascii()
    assert digits.isdigit()


@given(st.from_regex(r"[0-9]{16}|[0-9]{13}", fullmatch=True))
def test_what_is_shown_can_be_read_again_and_a_mask_hides_the_middle(digits: str) -> None:
    assert identifiers.parse(identifiers.show(digits)) == digits
    masked = identifiers.mask(digits)
    assert masked.replace(" ", "") == digits[:4] + "•" * (len(digits) - 8) + digits[-4:]


def test_numbers_stand_in_groups_of_four() -> None:
    assert identifiers.show(NIK) == "3171 0117 0590 0001"
    assert identifiers.mask(NIK) == "3171 •••• •••• 0001"
    assert identifiers.show("") == identifiers.mask("") == ""


@pytest.mark.parametrize(
    ("nik", "born", "sex", "odd"),
    [
        (NIK, date(1990, 5, 17), "M", 0),
        ("3171015705900001", date(1990, 5, 17), "F", 0),
        (NIK, date(1990, 5, 17), "F", 1),
        (NIK, date(1990, 5, 18), "M", 1),
        ("9999991705900001", date(1990, 5, 17), "M", 1),
        ("3171011705900000", date(1990, 5, 17), "M", 1),
        ("0000000000000000", date(1990, 5, 17), "M", 3),
    ],
)
def test_what_does_not_fit_in_a_nik_is_a_warning(nik: str, born: date, sex: str, odd: int) -> None:
    assert len(identifiers.oddities(nik=nik, birth_date=born, sex=sex)) == odd


def test_templates_show_numbers_in_groups_or_masked() -> None:
    page = Template(
        "{% load register %}{{ nik|grouped }}|{{ nik|masked }}|{{ phone|phone }}|{{ phone|masked_phone }}|"
        "{{ none|phone }}{{ none|masked_phone }}"
    )
    shown = page.render(Context({"nik": NIK, "phone": "+6281234567890", "none": None}))
    assert shown == "3171 0117 0590 0001|3171 •••• •••• 0001|0812-3456-7890|0812-••••-•890|"
