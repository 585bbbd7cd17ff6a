"""Pages of entries, and entries in words."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from jknoffice.audit import finders, words
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog, AuditSubject, AuditValue
from jknoffice.audit.pages import page_of
from jknoffice.audit.refusals import REFUSED, is_refusal
from jknoffice.audit.trail import step_of, trail_of
from tests.audit.entries import write

NOON = datetime(2026, 3, 1, 5, tzinfo=UTC)


@pytest.fixture
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers of this test alone."""
    for register in ("_actions", "_fields", "_values"):
        monkeypatch.setattr(words, register, dict(getattr(words, register)))


@pytest.mark.django_db
@trials(deadline=None, max_examples=30)
@given(seconds=st.lists(st.integers(0, 3), max_size=12), size=st.integers(1, 5))
def test_pages_show_each_entry_once_newest_first(seconds: list[int], size: int) -> None:
    subject = uuid.uuid4()
    rows = [write(subject=subject, at=NOON + timedelta(seconds=second)) for second in seconds]
    mine, seen, older = AuditLog.objects.filter(subject=subject), [], None
    while True:
        page = page_of(mine, older_than=older, size=size)
        seen += [entry.pk for entry in page.entries]
        older = page.older_than
        if older is None:
            break
    assert seen == [row.pk for row in sorted(rows, key=lambda row: (row.at_us, row.pk), reverse=True)]


@pytest.mark.django_db
def test_an_unknown_id_starts_at_the_newest() -> None:
    row = write()
    assert page_of(AuditLog.objects.all(), older_than=2**63 - 1).entries == [row]


@pytest.mark.django_db
@trials(deadline=None, max_examples=40)
@given(
    st.sampled_from(["refused", "_refused", ".refused", "approve_refused", "request.refused", "xrefused", "refusedx"]),
    st.text("abc._", max_size=5),
)
def test_the_database_and_python_agree_on_what_a_refusal_is(ending: str, beginning: str) -> None:
    row = write(beginning + ending)
    assert AuditLog.objects.filter(REFUSED, pk=row.pk).exists() is is_refusal(row.action)


@pytest.mark.parametrize(
    ("action", "refused"),
    [
        ("request.approve_refused", True),
        ("login.refused", True),
        ("request.refusedly", False),
        ("request.approved", False),
        ("refused", False),
    ],
)
def test_a_refusal_is_told_by_its_ending(action: str, refused: bool) -> None:
    assert is_refusal(action) is refused


@pytest.mark.django_db
@pytest.mark.usefixtures("_words")
def test_a_step_says_the_entry_in_words() -> None:
    words.register(
        {"test.moved": "Moved it"},
        fields={"status": "Status", "note": "Note"},
        values={"queued": "Waiting", "why": "Why"},
    )
    row = write(
        "test.moved",
        by=Actor.participant("portal"),
        about=Thing("audit.auditlog", "7"),
        before={"status": "queued", "unnamed": 1, "until": "2026-11-23T09:08:57.685804+00:00"},
        after={"status": None, "late": True, "both": ["queued", 2], "more": {"a": "é"}, "early": False},
        reason="why",
        pii={"note": "SITI"},
    )
    with translation.override("en"):
        step = step_of(row)
    assert (step.label, step.reason, step.who, step.thing) == (
        "Moved it",
        "Why",
        "Participant (portal)",
        "audit entry 7",
    )
    assert {change.field: (change.before, change.after) for change in step.changes} == {
        "Status": ("Waiting", "–"),
        "unnamed": ("1", ""),
        "Until": ("23 Nov 2026 16:08", ""),
        "late": ("", "yes"),
        "early": ("", "no"),
        "both": ("", "Waiting, 2"),
        "more": ("", "a: é"),
    }
    assert (step.hidden, step.is_refusal, step.at) == (("Note",), False, row.at)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("by", "who"),
    [(Actor.system("worker"), "System (worker)"), (Actor.participant("portal"), "Participant (portal)")],
)
def test_who_did_it_says_what_kind_of_doer(by: Actor, who: str) -> None:
    with translation.override("en"):
        assert step_of(write(by=by)).who == who


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("about", "thing"),
    [
        (None, ""),
        (Thing("gone.model", "3"), "gone.model 3"),
        (Thing("noapp", "3"), "noapp 3"),
        (Thing("a.b.c", "3"), "a.b.c 3"),
    ],
)
def test_a_thing_that_no_longer_exists_keeps_its_code(about: Thing | None, thing: str) -> None:
    assert step_of(write(about=about)).thing == thing


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("audit.auditlog/7", "audit entry 7"),
        ("gone.model/7", "gone.model 7"),
        ("audit.auditlog/7/8", "audit.auditlog/7/8"),
        ("a file.csv/7", "a file.csv/7"),
    ],
)
def test_a_thing_that_a_field_names_is_told_in_words(value: str, words: str) -> None:
    with translation.override("en"):
        assert [change.after for change in step_of(write(after={"cause": value})).changes] == [words]


@pytest.mark.django_db
def test_an_unknown_action_shows_its_code() -> None:
    step = step_of(write("never.registered", reason="no_such_reason", after={"no_such_field": "no_such_value"}))
    assert (step.label, step.reason) == ("never.registered", "no_such_reason")
    assert [(change.field, change.after) for change in step.changes] == [("no_such_field", "no_such_value")]


@pytest.mark.django_db
def test_a_trail_holds_one_thing_newest_first() -> None:
    thing, subject = Thing("test.thing", "1"), uuid.uuid4()
    first = write(about=thing, subject=subject, at=NOON)
    second = write("request.claim_refused", about=thing, at=NOON + timedelta(seconds=1))
    write(subject=subject, at=NOON + timedelta(seconds=2))
    write(about=Thing("test.thing", "11"), subject=uuid.uuid4())
    assert [(step.entry, step.is_refusal) for step in trail_of(about=thing)] == [(second, True), (first, False)]


def test_the_first_finder_that_knows_the_number_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    known, other = uuid.uuid4(), uuid.uuid4()
    monkeypatch.setattr(finders, "_finders", [])
    people: list[dict[str, Any]] = [{"1": known}, {"1": other, "2": other}]
    registered = [person.get for person in people]
    for finder in [*registered, registered[0]]:
        finders.register(finder)
    assert (finders.find("1"), finders.find("2"), finders.find("3")) == (known, other, None)
    assert len(finders._finders) == 2


@pytest.mark.django_db
def test_the_trail_as_other_pages_include_it() -> None:
    thing, at = Thing("test.thing", "1"), datetime(2026, 1, 31, 20, 30, tzinfo=UTC)
    write("request.claim_refused", about=thing, at=at, reason="own_case", pii={"note": "SITI"})
    write("request.moved", about=thing, at=at, before={"status": "<old>"}, after={"status": "<new>"})
    with translation.override("en"):
        page = render_to_string("components/audit_trail.html", {"trail": trail_of(about=thing)})
        empty = render_to_string("components/audit_trail.html", {"trail": []})
    moved, refused = page.split('<li class="jkn-audit-refused">')
    assert "request.moved" in moved
    assert "&lt;old&gt;" in moved
    assert "&lt;new&gt;" in moved
    assert 'datetime="2026-01-31T20:30:00.000000Z"' in moved
    assert "1 Feb 2026 03:30:00 WIB" in moved
    assert "Refused" in refused
    assert "Reason: own_case" in refused
    assert "SITI" not in page
    assert "Nothing has been recorded yet." in empty


@pytest.mark.django_db
def test_rows_name_themselves_without_personal_values() -> None:
    row = write(pii={"note": "SITI"})
    value = AuditValue.objects.get()
    assert str(row) == f"peserta.viewed {row.uuid}"
    assert str(AuditSubject.objects.get()) == str(row.subject)
    assert str(value) == f"{row.uuid}/note"
