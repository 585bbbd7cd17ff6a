"""What the log lines leave out."""

import logging
import sys

import pytest
from django.db import IntegrityError, connection, transaction

from tests import make

pytestmark = pytest.mark.django_db


def _line(error: BaseException) -> str:
    formatter = next(handler.formatter for handler in logging.root.handlers if handler.name == "stderr")
    assert formatter is not None
    trouble = (type(error), error, error.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "failed", None, trouble)
    return formatter.format(record)


def test_a_traceback_of_the_database_quotes_no_value_of_a_row() -> None:
    peserta = make.peserta()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make.peserta(nik=peserta.nik)
    assert peserta.nik in str(caught.value)
    line = _line(caught.value)
    assert peserta.nik not in line
    assert "UniqueViolation" in line
    assert "23505" in line
    assert __file__ in line


def test_the_message_of_a_database_error_is_left_out_as_a_cause_too() -> None:
    number = make.nik()

    def fail() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT %s::text::bigint", [f"{number}x"])
        except Exception as error:
            raise RuntimeError("no import") from error

    with pytest.raises(RuntimeError) as caught:
        fail()
    assert number in str(caught.value.__cause__)
    line = _line(caught.value)
    assert number not in line
    assert "RuntimeError: no import" in line


def test_other_errors_are_told_in_full() -> None:
    try:
        raise ValueError("a plain reason")
    except ValueError:
        error = sys.exc_info()[1]
    assert error is not None
    assert "ValueError: a plain reason" in _line(error)
