"""The rules in SQL beside those in Python, on whatever hypothesis thinks of; many texts go in one query."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from participants import identifiers, phone
from participants.importing import rules
from tests.participants.importing.spellings import ODD_TEXT, PHONES, identifiers_of

pytestmark = pytest.mark.django_db


def in_sql(expression: str, texts: list[str]) -> list[str | None]:
    """What an expression makes of texts."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {expression} FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS given (text, place) ORDER BY place",  # noqa: S608
            {"texts": texts},
        )
        return [row[0] for row in cursor.fetchall()]


def or_none(parse: Callable[[str], str], text: str) -> str | None:
    try:
        return parse(text)
    except (phone.PhoneRefused, identifiers.IdentifierRefused):
        return None


def test_blanks_are_what_python_strips() -> None:
    assert set(rules.BLANKS) == {chr(code) for code in range(0x110000) if chr(code).isspace()}


@settings(max_examples=60)
@given(st.lists(PHONES | ODD_TEXT, min_size=40, max_size=80))
def test_numbers_are_read_as_by_participants_phone(texts: list[str]) -> None:
    expected = [or_none(phone.normalise, text) if text.strip() else "" for text in texts]
    assert dict(zip(texts, in_sql(rules.phone("text"), texts), strict=True)) == dict(zip(texts, expected, strict=True))


@settings(max_examples=30)
@given(st.lists(identifiers_of(16) | ODD_TEXT, min_size=40, max_size=80))
def test_niks_are_read_as_by_participants_identifiers(texts: list[str]) -> None:
    # A cell is trimmed before it is read.
    expected = [or_none(identifiers.parse_nik, text.strip()) for text in texts]
    assert dict(zip(texts, in_sql(rules.identifier("text", 16), texts), strict=True)) == dict(
        zip(texts, expected, strict=True)
    )


@settings(max_examples=30)
@given(st.lists(identifiers_of(13) | ODD_TEXT, min_size=40, max_size=80))
def test_card_numbers_too(texts: list[str]) -> None:
    expected = [or_none(identifiers.parse_card, text.strip()) for text in texts]
    assert dict(zip(texts, in_sql(rules.identifier("text", 13), texts), strict=True)) == dict(
        zip(texts, expected, strict=True)
    )


@settings(max_examples=30)
@given(st.lists(ODD_TEXT, min_size=40, max_size=80))
def test_words_are_parted_as_by_python(texts: list[str]) -> None:
    assert in_sql(rules.words("text"), texts) == [" ".join(text.split()) for text in texts]


@settings(max_examples=30)
@given(st.lists(st.emails() | ODD_TEXT, min_size=40, max_size=80))
def test_every_address_that_is_taken_is_one(texts: list[str]) -> None:
    for text, taken in zip(texts, in_sql(rules.email("text"), texts), strict=True):
        if taken:
            assert taken == text.strip()
            try:
                validate_email(taken)
            except ValidationError:
                pytest.fail(f"{taken!r} is no e-mail address")
