"""The database takes no change from a hand whose transaction has no entry in the log."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jknoffice.accounts.life import proposing
from jknoffice.accounts.life.rules import ResetWhy
from jknoffice.accounts.login import recovery
from jknoffice.accounts.roles import Role
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.audit.models import AuditQuestion
from jknoffice.hands import DECISION, Hand
from participants.uploads.receiving import receive
from tests import cases, make
from tests.accounts.life import walk as staff_walk
from tests.audit.writers import accounts
from tests.hands import acting_as
from tests.verification.portal.account import walk

pytestmark = pytest.mark.django_db(transaction=True)

NOT_DEMANDED = {
    **{table: "the log itself" for table in DECISION if table.startswith("audit_") and table != "audit_auditquestion"},
    **{table: "between a file and the register" for table in DECISION if table.startswith("participants_st")},
    "participants_checked": "between a file and the register",
    **{table: "jobs" for table in DECISION if table.startswith("procrastinate_")},
    **{table: "Django's own" for table in DECISION if table.startswith(("django_", "auth_"))},
    "alarms_alarmmark": "how far a rule has looked",
    "accounts_counter": "how often something was tried",
    "accounts_passkeychallenge": "what a passkey is asked to sign; the entry tells what came of it",
    "accounts_websession": "many are of no person; the entry tells who logged in or ended them",
    "accounts_staffletter": "the entry tells when the e-mail went out",
    "verification_fingerprint": "follows from the photo, without anybody's doing",
    "verification_outboxmessage": "the entry tells when the message went out",
    "verification_documentreading": "what a machine read",
    "verification_readingcorrection": "of no consequence without the entry of who corrected",
    "verification_privatelink": "the entry tells what was done with it",
    "verification_apianswer": "what a partner has been answered; the entries of the step tell the rest",
    "verification_dailysummary": "the entry tells when the message went out",
}

# What the web may write, without writing anything else beside it.
CHANGES = """
UPDATE verification_phonechangerequest SET version = version + 1
UPDATE verification_phonecode SET tries = tries + 1
UPDATE verification_document SET sha256 = sha256
DELETE FROM verification_document
UPDATE participants_peserta SET phone = '+6281200000001'
UPDATE participants_peserta SET email = 'x@contoh.id'
UPDATE participants_participantaccount SET password = 'x'
UPDATE verification_accountcode SET tries = tries + 1
UPDATE participants_importupload SET state = 'removed'
UPDATE participants_importupload SET removed_at = now()
UPDATE accounts_user SET password = 'x'
UPDATE accounts_user SET needs_link = true
UPDATE accounts_stafflink SET expires_at = now()
UPDATE accounts_proposal SET why = ''
DELETE FROM otp_totp_totpdevice
DELETE FROM accounts_recoverycode
DELETE FROM accounts_passkey
UPDATE accounts_passkey SET name = 'x'
UPDATE accounts_passkey SET copied_at = now()
DELETE FROM audit_auditquestion
""".strip().splitlines()


def demanding() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgfoid = 'audit_demand_entry'::regproc AND tgdeferrable AND tginitdeferred AND tgenabled = 'O'"
        )
        return {row[0] for row in cursor.fetchall()}


def test_every_table_demands_an_entry_or_says_why_not() -> None:
    assert demanding() | NOT_DEMANDED.keys() == set(DECISION)
    assert not demanding() & NOT_DEMANDED.keys()


@pytest.fixture
def rows() -> None:
    """Something of each kind to change."""
    user = make.staff()
    make.authenticator(user)
    make.passkey(user)
    proposing.ask_reset(user=user, why=ResetWhy.LOST, by=make.staff(Role.ADMIN))
    staff_walk.invited()
    cases.queued()
    accounts.proved()
    walk.account()
    AuditQuestion.objects.create(owner="sari", name="Mine", filters={"refused": "on"}, is_shared=False)
    receive(name="a.csv", chunks=[b"nik\n"], by=user)
    with transaction.atomic():
        recovery.new_codes(user)


def change(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def entry(**given: Any) -> None:
    record("test.done", by=Actor.system("test"), **given)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("statement", CHANGES)
def test_a_change_without_an_entry_cannot_commit(statement: str) -> None:
    with (
        acting_as(Hand.WEB),
        pytest.raises(IntegrityError, match="without an entry in the audit log"),
        transaction.atomic(),
    ):
        assert change(statement)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("statement", CHANGES)
@pytest.mark.parametrize("first", ["the change", "the entry"])
def test_a_change_with_its_entry_commits(statement: str, first: str) -> None:
    with acting_as(Hand.WEB), transaction.atomic():
        if first == "the entry":
            entry()
        assert change(statement)
        if first == "the change":
            entry()


@pytest.mark.usefixtures("rows")
def test_an_entry_of_another_transaction_does_not_count() -> None:
    with acting_as(Hand.WEB):
        with transaction.atomic():
            entry()
        with pytest.raises(IntegrityError), transaction.atomic():
            change(CHANGES[0])


@pytest.mark.usefixtures("rows")
def test_an_entry_that_was_rolled_back_does_not_count() -> None:
    def change_after_a_roll_back() -> None:
        with transaction.atomic():
            inner = transaction.savepoint()
            entry()
            transaction.savepoint_rollback(inner)
            change(CHANGES[0])

    with acting_as(Hand.WEB), pytest.raises(IntegrityError):
        change_after_a_roll_back()


@pytest.mark.usefixtures("rows")
def test_progress_of_an_import_needs_no_entry() -> None:
    with acting_as(Hand.WORKER):
        assert change("UPDATE participants_importupload SET phase = 'reading', rows_read = 1")


@pytest.mark.usefixtures("rows")
def test_what_is_not_the_number_needs_no_entry_in_the_register() -> None:
    with acting_as(Hand.WEB), transaction.atomic():
        assert change("UPDATE participants_peserta SET updated_at = now()")
