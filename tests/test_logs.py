"""What the log lines leave out."""

import logging
import sys
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


def _handler() -> logging.Handler:
    return next(handler for handler in logging.root.handlers if handler.name == "stderr")


def _line(error: BaseException) -> str:
    trouble = (type(error), error, error.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "failed", None, trouble)
    return _handler().format(record)


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


SECRET = "rahasia-dari-tautan"


def _refused_by_method() -> None:
    assert Client().post(reverse("admin:login_link", args=[SECRET])).status_code == 405


def _refused_as_forged() -> None:
    assert Client(enforce_csrf_checks=True).post(reverse("admin:login_link", args=[SECRET])).status_code == 403


def _not_found() -> None:
    assert Client().get(f"/{SECRET}").status_code == 404


def _strange() -> None:
    assert Client().put(f"/admin/login/link/{SECRET}%00%C3%BC%0A").status_code == 405


@pytest.mark.parametrize("ask", [_refused_by_method, _refused_as_forged, _not_found, _strange])
def test_no_line_tells_the_path_of_a_request(ask: Callable[[], None], caplog: pytest.LogCaptureFixture) -> None:
    ask()
    records = [record for record in caplog.records if record.name.startswith("django.")]
    assert records
    for record in records:
        assert _handler().filter(record)
        assert SECRET not in _handler().format(record)
        assert "link/<str:secret>" in _handler().format(record) or ask is _not_found
