"""The list of entries, its filters and its pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jknoffice.audit.actor import Actor, Kind
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from tests import make
from tests.audit.entries import SOMEBODY, write
from tests.audit.visits import ENTRIES, SUBJECT, pages, text_of

pytestmark = pytest.mark.django_db


FILTERS = [
    ({"actor": "worker"}, {1}),
    ({"action": "request.claimed"}, {2, 5}),
    ({"branch": "B1"}, {3}),
    ({"object": "test.thing:4"}, {4}),
    ({"object": "test.thing"}, {4, 5}),
    ({"object": "test.thing:"}, set()),
    ({"refused": "on"}, {6}),
    ({"refused": "on", "action": "peserta.view_refused"}, {6}),
    ({"refused": "on", "action": "request.claimed"}, set()),
    ({"since": "2026-01-01T07:00"}, {5, 6}),
    ({"until": "2026-01-01T07:00"}, {1, 2, 3, 4}),
    ({"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}, {5}),
    ({"action": "request.claimed", "object": "test.thing"}, {5}),
    ({"action": "never.heard.of"}, set()),
    ({}, {1, 2, 3, 4, 5, 6}),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=str)
def test_filters_narrow_the_list(query: dict[str, str], expected: set[int], client: Client) -> None:
    early, new_year = datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    system, staff = SOMEBODY, make.staff(branch=make.branch(code="B1"))
    rows = [
        write("peserta.viewed", by=type(system).system("worker"), at=early),
        write("request.claimed", at=early),
        write("peserta.viewed", by=staff.as_actor(), at=early),
        write("peserta.viewed", about=Thing("test.thing", "4"), at=early),
        write("request.claimed", about=Thing("test.thing", "5"), at=new_year),
        write("peserta.view_refused", at=new_year + timedelta(days=1)),
    ]
    page = text_of(client.get(reverse(ENTRIES), query))
    listed = {int(pk) for pk in re.findall(r"/(\d+)/change/", page)}
    assert listed == {rows[number - 1].pk for number in expected}


def test_older_entries_are_one_link_away_and_keep_the_filter(client: Client) -> None:
    rows = [write("request.claimed") for _ in range(120)]
    write("peserta.viewed")
    address, seen = "?action=request.claimed", []
    while address:
        page = text_of(client.get(reverse(ENTRIES) + address))
        seen += [int(pk) for pk in re.findall(r"/(\d+)/change/", page)]
        found = re.search(r'href="(\?[^"]*)" rel="next"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert seen == [row.pk for row in reversed(rows)]
    assert f'href="{reverse(ENTRIES)}?action=request.claimed"' in page


def test_a_long_trail_goes_on_over_pages(client: Client) -> None:
    rows = [write(subject=SUBJECT) for _ in range(60)]
    trail = reverse("admin:audit_trail", args=[SUBJECT])
    first = text_of(client.get(trail))
    link = re.search(r'href="\?older=(\d+)" rel="next"', first)
    assert link
    second = text_of(client.get(f"{trail}?older={link[1]}"))
    assert f"/{rows[0].pk}/change/" in second
    assert f"/{rows[-1].pk}/change/" in first
    assert "Newest" in second


def test_the_list_never_counts_and_asks_the_same_few_questions_for_any_length(client: Client) -> None:
    asked = []
    for _ in range(2):
        for _ in range(40):
            write(about=Thing("audit.auditlog", "1"), pii={"note": "x"})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(ENTRIES))
        asked.append(len(queries))
        assert not any("COUNT(" in query["sql"] for query in queries)
    assert asked[0] == asked[1]


NONSENSE = [
    *("\0", "a\0b", "9" * 30, "9" * 5000, "-1", "0", "'; --", "%", "ü" * 300),
    *("2026-13-45", "0001-01-01T00:00", "9999-12-31T23:59"),
]


@pytest.mark.parametrize("name", ["actor", "action", "branch", "object", "since", "until", "refused", "older", "other"])
@pytest.mark.parametrize("page", ["entries", "trail", "start"])
def test_no_query_string_breaks_a_page(page: str, name: str, client: Client) -> None:
    write(subject=SUBJECT)
    answers = {value[:20]: client.get(pages(1)[page][1], {name: value}).status_code for value in NONSENSE}
    assert set(answers.values()) == {200}, answers


def test_a_filter_that_cannot_be_read_lists_nothing_and_says_why(client: Client) -> None:
    row = write()
    page = text_of(client.get(reverse(ENTRIES), {"since": "yesterday"}))
    assert "errorlist" in page
    assert 'jkn-notice-bad" role="alert"' in page
    assert f"/{row.pk}/change/" not in page


def test_all_accounts_of_a_person_and_all_entries_of_a_session_are_one_link_away(client: Client) -> None:
    person, other = "ab" * 32, "cd" * 32
    rows = [
        write(by=Actor(kind=Kind.STAFF, name=name, person=whose, branch=""))
        for name, whose in [("sari", person), ("sari.admin", person), ("budi", other)]
    ]
    client.get(pages(rows[0].pk)["trail"][1])
    session = AuditLog.objects.latest("pk")
    for row, link, expected in [
        (rows[0], f"?person={person}", {rows[0].pk, rows[1].pk}),
        (session, f"?session={session.session}", {session.pk}),
    ]:
        assert f'{reverse(ENTRIES)}{link}"' in text_of(client.get(pages(row.pk)["entry"][1]))
        listed = text_of(client.get(reverse(ENTRIES) + link))
        assert {int(pk) for pk in re.findall(r"/(\d+)/change/", listed)} == expected
