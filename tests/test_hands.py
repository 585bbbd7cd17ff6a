"""Separate hands: what a process that was taken over can't do, and that each can do its work."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from django.test import Client
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit import shredding
from jknoffice.audit.actor import Actor
from jknoffice.audit.models import AuditLog
from jknoffice.audit.sealing import sealer
from jknoffice.hands import DECISION, Hand, HandRefused, apply, differences
from jknoffice.place import Place
from tests import cases, make
from tests.hands import NAMES, acting_as, logged_in_as, run_worker
from verification import changes
from verification.sms.gateways import memory
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


FORBIDDEN_TO_ALL = """
UPDATE audit_auditlog SET entry = '{}'
DELETE FROM audit_auditlog
TRUNCATE audit_auditlog
ALTER TABLE audit_auditlog DISABLE TRIGGER ALL
DROP TRIGGER audit_append_only ON audit_auditlog
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'
CREATE TABLE audit_auditlog_copy AS SELECT * FROM audit_auditlog
CREATE TRIGGER mine AFTER INSERT ON audit_auditlog EXECUTE FUNCTION audit_refuse_change()
SET session_replication_role = replica
ALTER TABLE verification_phonechangerequest DISABLE TRIGGER ALL
DELETE FROM audit_auditsubject
UPDATE audit_auditsubject SET uuid = uuid
DELETE FROM audit_auditvalue
UPDATE audit_auditcheckpoint SET root = ''
DELETE FROM audit_auditcheckpoint
DELETE FROM audit_auditleaf
DELETE FROM participants_peserta
DELETE FROM verification_phonechangerequest
UPDATE django_migrations SET name = ''
UPDATE accounts_user SET person_id = ''
UPDATE accounts_user SET username = ''
DELETE FROM accounts_user
""".strip().splitlines()

FORBIDDEN = [
    *[(hand, statement) for hand in Hand for statement in FORBIDDEN_TO_ALL],
    (Hand.WEB, "INSERT INTO audit_auditleaf DEFAULT VALUES"),
    (Hand.WEB, "INSERT INTO audit_auditcheckpoint DEFAULT VALUES"),
    (Hand.WEB, "UPDATE audit_auditcheckpoint SET note = ''"),
    (Hand.WEB, "UPDATE audit_audithalt SET ended_at = now()"),
    (Hand.WEB, "INSERT INTO audit_auditkey DEFAULT VALUES"),
    (Hand.WEB, "UPDATE audit_auditsubject SET wrapped_key = ''"),
    (Hand.WEB, "UPDATE participants_peserta SET nik = ''"),
    (Hand.WEB, "INSERT INTO participants_peserta DEFAULT VALUES"),
    (Hand.WEB, "DELETE FROM participants_importupload"),
    (Hand.WEB, "INSERT INTO participants_importbatch DEFAULT VALUES"),
    (Hand.WORKER, "INSERT INTO participants_importupload DEFAULT VALUES"),
    (Hand.WEB, "INSERT INTO accounts_user DEFAULT VALUES"),  # by a trigger: only who has yet to use a link
    (Hand.WORKER, "UPDATE accounts_user SET role = 'admin'"),
    (Hand.SEALER, "UPDATE accounts_user SET role = 'admin'"),
    (Hand.WORKER, "UPDATE accounts_proposal SET why = ''"),
    (Hand.WORKER, "UPDATE accounts_stafflink SET used_at = NULL"),
    (Hand.WEB, "DELETE FROM accounts_stafflink"),
    (Hand.WEB, "DELETE FROM accounts_proposal"),
    (Hand.WEB, "UPDATE procrastinate_jobs SET status = 'succeeded'"),
    (Hand.WORKER, "INSERT INTO audit_auditleaf DEFAULT VALUES"),
    (Hand.WORKER, "UPDATE audit_auditcheckpoint SET note = ''"),
    (Hand.WORKER, "UPDATE audit_audithalt SET ended_at = now()"),
    (Hand.SEALER, "SELECT FROM participants_peserta"),
    (Hand.SEALER, "SELECT FROM audit_auditsubject"),
    (Hand.SEALER, "SELECT FROM audit_auditvalue"),
    (Hand.SEALER, "SELECT FROM accounts_user"),
]


@pytest.fixture
def _granted_again() -> Iterator[None]:
    """What a test grants or revokes is set right after it."""
    yield
    apply(NAMES)


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(("hand", "statement"), FORBIDDEN)
def test_a_hand_cannot(hand: Hand, statement: str) -> None:
    with logged_in_as(hand), pytest.raises(ProgrammingError) as refused:
        _sql(statement)
    assert getattr(refused.value.__cause__, "sqlstate", "") == "42501"


def test_nobody_can_become_somebody_else() -> None:
    for hand in Hand:
        for other in ({*NAMES.values(), "postgres"}) - {NAMES[hand]}:
            with logged_in_as(hand), pytest.raises(ProgrammingError, match="permission denied to set role"):
                _sql(f"SET ROLE {other}")


def test_every_table_has_a_decision() -> None:
    assert set(connection.introspection.table_names()) == DECISION.keys()


def test_the_sealer_seals_and_publishes() -> None:
    AuditLog.objects.count()
    cases.submitted()
    with logged_in_as(Hand.SEALER):
        sealed = sealer.seal_all(everything=True)
    assert sealed.size == AuditLog.objects.count() > 0


def test_the_sealer_reports_a_halt_and_its_end() -> None:
    cases.submitted()
    with logged_in_as(Hand.SEALER):
        sealer.seal_all()
    origin_of = "UPDATE audit_auditcheckpoint SET root = "
    _past_triggers(origin_of + "decode('00', 'hex') || root")
    with logged_in_as(Hand.SEALER), pytest.raises(sealer.Halted):
        sealer.seal()
    _past_triggers(origin_of + "substr(root, 2)")
    with logged_in_as(Hand.SEALER):
        sealer.seal()


def test_the_worker_does_its_rounds(sms: list[memory.Message]) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    held = cases.in_state(Status.ON_HOLD, at=long_ago)
    cases.told()
    waiting = cases.in_state(Status.NEEDS_INFO, at=long_ago)
    claimed = cases.in_state(Status.IN_REVIEW, at=long_ago)
    with logged_in_as(Hand.WORKER):
        changes.apply_due()
        changes.expire_due()
        changes.release_stale()
    for request in (held, waiting, claimed):
        request.refresh_from_db()
    assert [held.status, waiting.status, claimed.status] == [Status.APPLIED, Status.EXPIRED, Status.QUEUED]
    run_worker()
    assert sms


def test_the_workers_hand_serves_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    request, officer = cases.submitted(), Actor.system("test")
    sealer.seal_all()
    with logged_in_as(Hand.WORKER):
        call_command("verify_audit")
        assert request.peserta is not None
        subject = request.peserta.uuid
        shredding.shred(subject=subject, why=shredding.Why.RETENTION, by=officer, second=officer)
    assert "All fits." in capsys.readouterr().out


def test_the_web_shows_the_log_without_the_sealing_key(client: Client, settings: Any) -> None:
    cases.submitted()
    sealer.seal_all()
    entry = AuditLog.objects.latest("pk")
    make.logged_in(make.staff(Role.AUDITOR), client)
    settings.JKN_SEAL_KEY_FILE.unlink()
    settings.JKN_ENV = Place.PRODUCTION  # where no key is made in its place
    for page in ("/admin/audit/auditlog/", f"/admin/audit/auditlog/{entry.pk}/change/"):
        assert client.get(page).status_code == 200


def test_in_production_the_owner_is_not_ready_to_serve(settings: Any) -> None:
    settings.PRODUCTION = True
    assert Client().get("/readyz", secure=True).json()["checks"]["hands"] is True
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    answer = Client().get("/readyz", secure=True)
    assert (answer.status_code, answer.json()["checks"]["hands"]) == (503, False)


def test_what_was_decided_is_what_the_database_gives(capsys: pytest.CaptureFixture[str]) -> None:
    assert differences(NAMES) == []
    call_command("grant_hands", "--check")
    assert "what was decided" in capsys.readouterr().out


@pytest.mark.usefixtures("_granted_again")
def test_a_right_too_many_and_one_too_few_are_named_and_mended() -> None:
    _sql("GRANT DELETE ON audit_auditlog TO jkn_web")
    _sql("GRANT UPDATE (name) ON participants_peserta TO jkn_web")
    _sql("REVOKE INSERT ON audit_auditlog FROM jkn_sealer")
    found = differences(NAMES)
    assert "jkn_web has DELETE on audit_auditlog" in found
    assert "jkn_sealer lacks INSERT on audit_auditlog" in found
    assert any("name,phone" in sentence for sentence in found)
    with pytest.raises(CommandError, match="has DELETE") as failed:
        call_command("grant_hands", "--check")
    assert failed.value.returncode == 1
    call_command("grant_hands")
    assert differences(NAMES) == []


@pytest.mark.parametrize(("role", "sentence"), [("postgres", "no grant holds it"), ("jkn_nobody", "CREATE ROLE")])
def test_a_role_that_no_grant_can_hold_is_refused(role: str, sentence: str) -> None:
    names = NAMES | {Hand.WEB: role}
    with pytest.raises(HandRefused, match=sentence):
        apply(names)
    assert sentence in " ".join(differences(names))
    with pytest.raises(CommandError, match=sentence) as failed:
        call_command("grant_hands", web=role)
    assert failed.value.returncode == 2


def test_only_the_owner_grants_but_everybody_can_compare() -> None:
    with logged_in_as(Hand.WORKER):
        with pytest.raises(HandRefused, match="owner's DATABASE_URL"):
            apply(NAMES)
        assert differences(NAMES) == []


def test_a_table_without_a_decision_is_refused() -> None:
    _sql("CREATE TABLE undecided ()")
    try:
        with pytest.raises(HandRefused, match="undecided"):
            apply(NAMES)
    finally:
        _sql("DROP TABLE undecided")


def test_acting_ends_with_the_block() -> None:
    with acting_as(Hand.WEB):
        pass
    _sql("CREATE TABLE undecided ()")
    _sql("DROP TABLE undecided")


def _past_triggers(statement: str) -> None:
    _sql("SET session_replication_role = replica")
    _sql(statement)
    _sql("SET session_replication_role = origin")
