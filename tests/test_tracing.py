"""Request ids, and the line for each request."""

import json
import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jknoffice.audit.context import session_reference
from jknoffice.audit.models import AuditLog
from jknoffice.logs import JsonFormatter
from jknoffice.tracing import HEADER, current_request
from tests import make
from tests.audit.writers.visits import holding

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    """The lines of a collector, as they are when they are written."""
    written: list[dict[str, Any]] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(self.format(record)))

    keeper, logger = Keeper(), logging.getLogger("jknoffice.tracing")
    keeper.setFormatter(JsonFormatter())
    logger.addHandler(keeper)
    with caplog.at_level(logging.INFO, "jknoffice.tracing"):
        yield written
    logger.removeHandler(keeper)


def test_a_line_tells_the_route_and_joins_the_request_with_its_entries(lines: list[dict[str, Any]]) -> None:
    client = Client()
    case = holding(client)
    answer = client.get(reverse("admin:verification_case", args=[case.reference]) + "?x=secret")
    (line,) = lines
    assert line["request"] == answer[HEADER]
    assert line["served"]["route"] == "admin/verification/case/<str:reference>/"
    assert (line["served"]["method"], line["served"]["status"]) == ("GET", 200)
    entry = AuditLog.objects.get(action="request.viewed")
    assert line["session"] == entry.session == session_reference(str(client.session.session_key))
    assert case.reference not in json.dumps(line)
    assert "secret" not in json.dumps(line)
    assert current_request() == ""


def test_what_does_not_exist_gets_a_line_without_its_path(lines: list[dict[str, Any]]) -> None:
    assert Client().get("/3173010101900001/").status_code == 404
    assert [line["served"]["status"] for line in lines] == [404]
    assert "3173010101900001" not in json.dumps(lines)


@pytest.mark.parametrize(
    ("given", "proxies", "taken"),
    [("abcdef12-3456", 1, True), ("abcdef12-3456", 0, False), ("short", 1, False), ("bad id\nx" * 2, 1, False)],
)
def test_the_id_of_a_proxy_is_taken_where_proxies_are_trusted(
    given: str, proxies: int, taken: bool, settings: Any
) -> None:
    settings.JKN_TRUSTED_PROXIES = proxies
    answer = Client().get("/healthz", headers={HEADER: given})
    assert (answer[HEADER] == given) is taken


def test_two_requests_have_two_ids() -> None:
    make.branch()
    assert Client().get("/healthz")[HEADER] != Client().get("/healthz")[HEADER]


def test_an_exception_stands_in_its_line_without_the_database_s_words() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed %s", ("here",), None)
    try:
        raise ValueError("a plain reason")
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    line = json.loads(JsonFormatter().format(record))
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "x", "failed here")
    assert "ValueError: a plain reason" in line["exception"]
    assert not {"request", "session", "served"} & line.keys()
