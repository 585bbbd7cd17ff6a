"""The database is away: no page answers 500."""

from typing import Any

import pytest
from django.db import InternalError, connection
from django.test import Client
from django.urls import path, reverse
from procrastinate.exceptions import ConnectorException
from psycopg.errors import ReadOnlySqlTransaction

from jknoffice import away, urls
from jknoffice.headers import HEADERS
from tests.verification.api.partner import Partner

pytestmark = pytest.mark.django_db


def _gone(*_given: object, **_options: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(1)")


def _demoted(request: object) -> None:
    try:
        try:
            raise ReadOnlySqlTransaction
        except ReadOnlySqlTransaction as error:
            raise InternalError from error
    except InternalError as error:
        raise ConnectorException from error


def _broken(request: object) -> None:
    raise RuntimeError("made up")


@pytest.fixture
def client(settings: Any) -> Client:
    views = {"gone": _gone, "demoted": _demoted, "broken": _broken}
    made = [path(name, view) for name, view in views.items()]  # type: ignore[arg-type]
    # The handler is of the product's own addresses.
    settings.ROOT_URLCONF = type("Urls", (), {"urlpatterns": [*made, *urls.urlpatterns], "handler500": urls.handler500})
    return Client(raise_request_exception=False, headers={"accept-language": "en"})


@pytest.mark.parametrize("name", ["gone", "demoted"])
def test_without_its_database_a_page_says_so_and_when_to_come_again(client: Client, name: str) -> None:
    page = client.get(f"/{name}")
    assert (page.status_code, page.headers["Retry-After"]) == (503, str(away.RETRY_SECONDS))
    assert "try again in a few minutes" in page.content.decode()
    assert HEADERS.items() <= dict(page.headers).items()


def test_who_sent_something_is_told_to_look_whether_it_arrived(client: Client) -> None:
    assert "Look first whether what you sent has arrived" in client.post("/gone").content.decode()


def test_a_fault_of_our_own_stays_one(client: Client) -> None:
    page = client.get("/broken")
    assert (page.status_code, "Retry-After" in page.headers) == (500, False)


def test_a_partner_gets_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    partner = Partner()
    monkeypatch.setattr("verification.api.door.once", _gone)
    answer = partner.start()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(away.RETRY_SECONDS))
    assert answer.json()["code"] == "away"


def test_a_session_that_cannot_be_read_is_no_fault_of_ours(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jknoffice.accounts.sessions.store.SessionStore.load", _gone)
    client.cookies["jkn8000_session"] = "a" * 32
    assert client.get(reverse("portal:data")).status_code == 503
