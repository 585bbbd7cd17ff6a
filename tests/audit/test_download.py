"""The export of a part of the log as a CSV file: its page, what it leaves behind, what it leaves out."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from jknoffice.accounts import roles
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Rights, Role
from jknoffice.audit.actor import Actor, Kind
from jknoffice.audit.export import download
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog, AuditValue
from jknoffice.audit.sealing.sealer import seal_all
from tests import make
from tests.audit.entries import write
from tests.audit.test_scope import entries_around
from tests.audit.visits import SUBJECT, in_english, text_of

pytestmark = pytest.mark.django_db

EXPORT = "admin:audit_export"
WHY = {"why": "complaint", "note": ""}
THIS_TIME = {"since": "2026-03-01T00:00", "until": "2026-03-02T00:00"}
NOON = datetime(2026, 3, 1, 5, tzinfo=UTC)


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))


def ids_of(answer: Any) -> list[int]:
    return [int(row["id"]) for row in rows_of(answer)]


def now() -> dict[str, str]:
    """The time of an export that holds what a test has just written."""
    here, hour = timezone.localtime(), timedelta(hours=1)
    return {"since": f"{here - hour:%Y-%m-%dT%H:%M}", "until": f"{here + hour:%Y-%m-%dT%H:%M}"}


def test_the_page_asks_for_time_and_reason_and_shows_the_filter(client: Client) -> None:
    page = text_of(client.get(reverse(EXPORT), {"action": "audit.read", "since": "2026-03-01T10:00", "older": "7"}))
    assert "Read a participant&#x27;s audit trail" in page
    assert '<input type="hidden" name="action" value="audit.read">' in page
    assert 'value="2026-03-01T10:00"' in page
    assert 'name="older"' not in page
    assert not AuditLog.objects.exists()


@pytest.mark.parametrize(("period", "days"), [("", 7), ("1", 1), ("7", 7), ("30", 30)])
def test_the_page_suggests_the_period_of_the_list(period: str, days: int, client: Client) -> None:
    page = text_of(client.get(reverse(EXPORT), {"period": period}))
    begin = timezone.localtime() - timedelta(days=days - 1)
    assert f'value="{begin:%Y-%m-%dT00:00}"' in page
    assert 'name="period"' not in page


def test_a_filter_that_cannot_be_read_exports_nothing(client: Client) -> None:
    for answer in (
        client.get(reverse(EXPORT), {"object": "x" * 121}),
        client.post(reverse(EXPORT), {**WHY, **THIS_TIME, "object": "x" * 121}),
    ):
        assert "can't be read" in text_of(answer)
    assert not AuditLog.objects.exists()


def test_the_file_holds_what_the_list_shows_of_that_time_newest_first(client: Client) -> None:
    write("a.b", at=NOON - timedelta(days=1))
    first = write("a.b", at=NOON, about=Thing("t.case", "7"))
    write("c.d", at=NOON)
    second = write("a.b", at=NOON)
    write("a.b", at=NOON + timedelta(days=1))
    assert ids_of(client.post(reverse(EXPORT), {**WHY, **THIS_TIME, "action": "a.b"})) == [second.pk, first.pk]
    assert ids_of(client.post(reverse(EXPORT), {**WHY, **THIS_TIME, "object": "t.case:7"})) == [first.pk]


def test_a_row_has_the_columns_of_the_entry_and_its_number_in_the_tree(client: Client) -> None:
    row = write("a.b", at=NOON, subject=SUBJECT, reason="complaint")
    seal_all()
    waits = write("a.b", at=NOON)
    top, sealed = rows_of(client.post(reverse(EXPORT), {**WHY, **THIS_TIME}))
    assert (top["id"], top["seq"]) == (str(waits.pk), "")
    assert (sealed["seq"], sealed["at"], sealed["subject"]) == ("0", NOON.isoformat(), str(SUBJECT))
    assert (sealed["uuid"], sealed["action"], sealed["reason"]) == (str(row.uuid), "a.b", "complaint")


def test_no_personal_value_is_in_the_file_and_no_formula(client: Client) -> None:
    evil = Actor(kind=Kind.STAFF, name="=cmd|' /C calc'!A1", person="", branch="@B")
    write("a.b", by=evil, at=NOON, subject=SUBJECT, pii={"note": "SITI"}, after={"x": "y"})
    answer = client.post(reverse(EXPORT), {**WHY, **THIS_TIME})
    [row] = rows_of(answer)
    assert row["actor"] == "'=cmd|' /C calc'!A1"
    assert row["branch"] == "'@B"
    assert "SITI" not in str(row)
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-log-20')


def test_the_file_goes_on_over_many_reads_of_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "ROWS_AT_ONCE", 3)
    written = [write(at=NOON + timedelta(seconds=number // 4)).pk for number in range(10)]
    answer: Any = client.post(reverse(EXPORT), {**WHY, **THIS_TIME})
    pieces: Iterator[bytes] = iter(answer.streaming_content)
    assert [piece.count(b"\n") for piece in pieces] == [4, 3, 3, 1]
    assert ids_of(client.post(reverse(EXPORT), {**WHY, **THIS_TIME})) == written[::-1]


def test_the_export_is_recorded_before_the_first_byte(client: Client, auditor: User) -> None:
    write("audit.read", at=NOON)
    asked = {**THIS_TIME, "action": "audit.read", "actor": "test", "why": "investigation", "note": "about SITI"}
    answer = client.post(reverse(EXPORT), asked)
    entry = AuditLog.objects.get(action="audit.exported")
    assert (entry.actor, entry.reason) == (auditor.username, "investigation")
    assert '"after":{"action":"audit.read","entries":1,' in entry.entry
    assert '"since":"2026-03-01T00:00:00","until":"2026-03-02T00:00:00"' in entry.entry
    assert "SITI" not in entry.entry
    assert "actor=test" not in entry.entry
    assert set(AuditValue.objects.values_list("field", flat=True)) == {"note", "query"}
    assert len(rows_of(answer)) == 1


def test_when_recording_fails_nothing_is_exported(client: Client) -> None:
    write("secret.action", at=NOON)
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'disk full'; END$$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON audit_auditlog FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    answer = client.post(reverse(EXPORT), {**WHY, **THIS_TIME})
    assert answer.status_code == 500
    assert "secret.action" not in text_of(answer)


@pytest.mark.parametrize("role", Role)
def test_each_role_exports_what_it_may_read(role: Role) -> None:
    me = make.staff(role)
    ids = entries_around(me)
    readable = set(AuditLog.objects.for_user(me).values_list("pk", flat=True)) & set(ids.values())
    exported = ids_of(make.logged_in(me).post(reverse(EXPORT), {**WHY, **now()}))
    assert set(exported) & set(ids.values()) == readable
    assert readable


def test_nobody_exports_without_the_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(roles.RIGHTS, Role.AUDITOR, Rights(permissions=frozenset()))
    assert make.logged_in(make.staff(Role.AUDITOR)).post(reverse(EXPORT), {**WHY, **now()}).status_code == 403
    assert not AuditLog.objects.exists()


def test_nobody_exports_from_a_page_of_somebody_else(auditor: User) -> None:
    client = make.logged_in(auditor, Client(enforce_csrf_checks=True))
    assert client.post(reverse(EXPORT), {**WHY, **now()}).status_code == 403


WRONG = [
    ({"why": ""}, "This field is required"),
    ({"why": "curiosity"}, "Select a valid choice"),
    ({"note": "x" * 501}, "at most 500 characters"),
    ({"note": "a\0b"}, "Null characters"),
    ({"since": ""}, "This field is required"),
    ({"until": "tomorrow"}, "Enter a valid date/time"),
    ({"since": "0001-01-01T00:00Z"}, "greater than or equal to"),
    ({"until": "9999-12-31T23:59Z"}, "less than or equal to"),
    ({"until": "2026-03-01T00:00"}, "The end must be after the beginning"),
    ({"since": "2025-02-27T00:00"}, "a year at most"),
    ({"since": "2026-03-01T06:00", "until": "2026-03-01T07:00"}, "No entry fits"),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG, ids=str)
def test_what_cannot_be_exported_is_told(wrong: dict[str, str], sentence: str, client: Client) -> None:
    write(at=NOON)
    answer = client.post(reverse(EXPORT), {**WHY, **THIS_TIME, **wrong})
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert not AuditLog.objects.filter(action="audit.exported").exists()


def test_more_than_one_file_holds_is_refused_and_recorded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MOST_ROWS", 2)
    for _ in range(2):
        write(at=NOON)
    assert len(rows_of(client.post(reverse(EXPORT), {**WHY, **THIS_TIME}))) == 2
    write(at=NOON)
    answer = client.post(reverse(EXPORT), {**WHY, **THIS_TIME})
    assert 'role="alert">More than 100,000 entries fit' in text_of(answer)
    entry = AuditLog.objects.latest("pk")
    assert (entry.action, entry.reason) == ("audit.export_refused", "too_many_entries")


def test_the_sentence_tells_the_limit() -> None:
    with translation.override("en"):
        assert f"{download.MOST_ROWS:,}" in str(download.TooManyEntries())


def test_the_list_leads_to_its_export(client: Client) -> None:
    write("a.b")
    page = text_of(client.get(reverse("admin:audit_entries"), {"action": "a.b", "older": "9"}))
    assert f'href="{reverse(EXPORT)}?action=a.b"' in page


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(method: str, client: Client) -> None:
    assert getattr(client, method)(reverse(EXPORT)).status_code == 405


def test_the_page_is_indonesian_first(auditor: User) -> None:
    assert "Unduh berkas CSV" in text_of(make.logged_in(auditor).get(reverse(EXPORT)))
    assert in_english(Client()).get(reverse(EXPORT)).status_code == 302
