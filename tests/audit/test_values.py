"""One entry and its personal values."""

import uuid
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.models import User
from jknoffice.audit import context
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from tests import make
from tests.audit.entries import shred, tamper, write
from tests.audit.visits import SUBJECT, text_of, visit

pytestmark = pytest.mark.django_db


def test_an_entry_shows_all_its_fields_and_no_personal_value(client: Client) -> None:
    staff = make.staff()
    with context.serving(lambda: "a session"):
        row = write(
            "request.rejected",
            by=staff.as_actor(),
            about=Thing("test.thing", "5"),
            version=12,
            subject=SUBJECT,
            before={"status": "in_review"},
            after={"status": "<b>rejected</b>"},
            reason="photo_unclear",
            pii={"note": "SITI AMINAH"},
            at=datetime(2026, 1, 31, 20, 30, 0, 5, tzinfo=UTC),
        )
    page = text_of(client.get(reverse("admin:audit_auditlog_change", args=[row.pk])))
    for shown in (
        row.uuid, row.action, row.actor, row.person[:16], row.branch, row.session, row.reason, "test.thing 5", SUBJECT,
        ">12<", "in_review", "&lt;b&gt;rejected&lt;/b&gt;", "&quot;v&quot;:1}", "note", "Hidden",
        'datetime="2026-01-31T20:30:00.000005Z"', "03:30:00 WIB", "2026-01-31 20:30:00.000005",
    ):  # fmt: skip
        assert str(shown) in page
    assert "SITI" not in page
    assert "jkn-notice-bad" not in page
    assert page.count("<h1") == 1


def test_revealing_needs_a_reason_and_is_recorded_with_it(client: Client, auditor: User) -> None:
    row = write(subject=SUBJECT, pii={"note": "SITI <AMINAH>", "phone": "+6281"})
    address = reverse("admin:audit_reveal", args=[row.pk])
    for why in ("", "curiosity", "a\0b"):
        page = text_of(client.post(address, {"why": why}))
        assert "errorlist" in page
        assert "AMINAH" not in page
    assert AuditLog.objects.count() == 1
    response = client.post(address, {"why": "investigation"})
    assert "SITI &lt;AMINAH&gt;" in text_of(response)
    assert "+6281" in text_of(response)
    assert "no-store" in response["Cache-Control"]
    entry = AuditLog.objects.latest("pk")
    assert (entry.action, entry.actor, entry.subject, entry.reason, entry.object_id) == (
        "audit.revealed",
        auditor.username,
        SUBJECT,
        "investigation",
        str(row.pk),
    )
    assert "AMINAH" not in entry.entry


def test_shredded_values_say_so_and_others_stay_readable(client: Client) -> None:
    gone, kept = write(subject=SUBJECT, pii={"note": "SITI"}), write(subject=uuid.uuid4(), pii={"note": "BUDI"})
    shred(SUBJECT)
    closed = text_of(client.get(reverse("admin:audit_auditlog_change", args=[gone.pk])))
    revealed = text_of(visit(client, "reveal", gone.pk))
    for page in (closed, revealed):
        assert "its key has been deleted" in page
        assert "SITI" not in page
    assert reverse("admin:audit_reveal", args=[gone.pk]) not in closed
    assert "BUDI" in text_of(visit(client, "reveal", kept.pk))


DAMAGES = {
    "value gone": ("DELETE FROM audit_auditvalue WHERE entry_uuid = %s", "row"),
    "value altered": ("UPDATE audit_auditvalue SET ciphertext = '\\x00' WHERE entry_uuid = %s", "row"),
    "key gone": ("DELETE FROM audit_auditsubject WHERE uuid = %s", "subject"),
    "key altered": ("UPDATE audit_auditsubject SET wrapped_key = '\\x0102' WHERE uuid = %s", "subject"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_values_damaged_by_who_owns_the_database_say_so(damage: str, client: Client) -> None:
    row = write(subject=SUBJECT, pii={"note": "SITI"})
    statement, whose = DAMAGES[damage]
    tamper(statement, [row.uuid if whose == "row" else SUBJECT])
    assert "what is stored does not fit the entry" in text_of(visit(client, "reveal", row.pk))


def test_a_value_that_does_not_fit_its_commitment_is_not_shown(client: Client) -> None:
    row = write(subject=SUBJECT, pii={"note": "SITI"})
    tamper('UPDATE audit_auditlog SET entry = regexp_replace(entry, \'"note":"[0-9a-f]+\', \'"note":"00\')', [])
    page = text_of(visit(client, "reveal", row.pk))
    assert "SITI" not in page
    assert "what is stored does not fit the entry" in page


def test_an_entry_altered_in_the_database_is_marked(client: Client) -> None:
    row = write()
    statement = "UPDATE audit_auditlog SET entry = replace(entry, 'peserta.viewed', 'peserta.unseen') WHERE id = %s"
    tamper(statement, [row.pk])
    page = text_of(client.get(reverse("admin:audit_auditlog_change", args=[row.pk])))
    assert 'jkn-notice-bad" role="alert"' in page
    assert "does not fit its authentication code" in page
