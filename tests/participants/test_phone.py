"""Mobile numbers in every spelling, and what is none."""

import re
from itertools import product

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants import phone

STORED = "+6281234567890"
NATIONAL = st.from_regex(phone.MOBILE, fullmatch=True)
BETWEEN = st.sampled_from([" ", ".", "-", "\u00a0", "\u2011", ""])


@pytest.mark.parametrize(
    "text",
    """081234567890|81234567890|6281234567890|+6281234567890|006281234567890|0812-3456-7890|0812 3456 7890
    |0812.3456.7890|(0812) 3456-7890|+62 812-3456-7890|+62 (812) 3456 7890|(+62) 812 3456 7890|+62 0812 3456 7890
    |+62 (0) 812 3456 7890|  081234567890\t|0812\u20113456\u20117890|0812\u00a03456\u00a07890|0812/3456/7890""".split(
        "|"
    ),
)
def test_every_usual_spelling_is_understood(text: str) -> None:
    assert phone.normalise(text) == STORED


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing"),
        ("-", "no digits"),
        ("+6591234567", "Singapore"),
        ("+812345678901", "Japan: a plus sign stands before the country code"),
        ("00812345678901", "Japan again"),
        ("0215551234", "a landline in Jakarta"),
        ("+62215551234", "the same"),
        ("08001234567", "free of charge"),
        ("0841234567890", "084 is nobody's"),
        ("08123456", "too short"),
        ("0812345678901234", "too long"),
        ("081234567890;ext=1", "an extension"),
        ("081234567890 x12", "an extension"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "Arabic digits"),
        ("۰۸۱۲۳۴۵۶۷۸۹۰", "Persian digits"),
        ("０８１２３４５６７８９０", "wide digits"),
        ("8.12346E+10", "rounded by a spreadsheet"),
        ("81234567890.0", "written as a quantity by a spreadsheet"),
        ("081234567890, 081234567891", "two numbers"),
        ("081234567890/081234567891", "two numbers"),
        ("0812\x003456", "a NUL"),
        ("0812\n34567890", "two lines"),
        ("tidak ada", "words"),
        ("0" * 10_000, "a book"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(phone.PhoneRefused) as refused:
        phone.normalise(text)
    assert "0812-3456-7890" in str(refused.value), why


@given(NATIONAL, st.sampled_from(["0", "", "62", "+62", "0062", "+62 0"]), st.lists(BETWEEN, min_size=13, max_size=13))
def test_each_number_has_one_stored_form_whatever_stands_between_its_digits(
    national: str, before: str, between: list[str]
) -> None:
    written = before + "".join(digit + gap for digit, gap in zip(national[:-1], between, strict=False)) + national[-1]
    if not written.endswith(".0"):
        assert phone.normalise(written) == f"+62{national}"


@given(st.text() | st.from_regex(r"[+0-9 ().-]{5,20}", fullmatch=True))
def test_what_is_accepted_is_a_mobile_number_to_libphonenumber_too(text: str) -> None:
    try:
        stored = phone.normalise(text)
    except phone.PhoneRefused:
        return
    assert _is_mobile(stored)
    assert phone.normalise(stored) == stored
    assert phone.normalise(phone.show(stored)) == stored


def test_the_pattern_is_that_of_libphonenumber() -> None:
    for start, digits in product(range(8000, 9000), range(7, 15)):
        number = str(start).ljust(digits, "3")
        assert _is_mobile(f"+62{number}") == bool(re.fullmatch(phone.MOBILE, number)), number


@pytest.mark.parametrize(
    ("stored", "shown", "masked"),
    [
        ("+62812345678", "0812-3456-78", "0812-•••6-78"),
        ("+6281234567890", "0812-3456-7890", "0812-••••-•890"),
        ("+628123456789012", "0812-3456-789012", "0812-••••-•••012"),
        ("", "", ""),
    ],
)
def test_a_number_is_shown_in_groups_and_masked_in_its_middle(stored: str, shown: str, masked: str) -> None:
    assert (phone.show(stored), phone.mask(stored)) == (shown, masked)


@given(NATIONAL)
def test_a_mask_keeps_the_operator_and_three_digits_only(national: str) -> None:
    masked = phone.mask(f"+62{national}")
    assert re.sub("[^0-9]", "", masked) == f"0{national}"[:4] + national[-3:]
    assert len(masked) == len(phone.show(f"+62{national}"))


def _is_mobile(e164: str) -> bool:
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return False
    return (
        phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        and phonenumbers.region_code_for_number(number) == "ID"
        and phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == e164
    )
