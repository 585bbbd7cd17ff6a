"""Codes that stand for a person: who gets one, how often, and what two at the same moment come to."""

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from participants import registry
from participants.account import SELF, creating
from participants.models import ParticipantAccount
from tests import make
from tests.audit.writers import accounts
from tests.hands import run_worker
from tests.verification.portal.account import walk
from tests.verification.test_races import at_once
from verification import checks
from verification.codes import Answer, Outcome, TooManyCodes
from verification.models import AccountCode, OutboxMessage
from verification.models.account_code import Purpose
from verification.self_service import account, answering, codes

pytestmark = pytest.mark.django_db(transaction=True)


def order_email(mine: ParticipantAccount, at: Any = None) -> AccountCode:
    given = {"account": str(mine.pk), "email": walk.EMAIL}
    return codes.order(purpose=Purpose.EMAIL, given=given, language="en", at=at or timezone.now())


@pytest.mark.parametrize("what", ["sms", "email"])
def test_the_worker_with_its_own_rights_sends_what_was_asked_for(what: str) -> None:
    if what == "email":
        row = order_email(walk.account())
        run_worker()
        assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([walk.EMAIL], "Your code for the JKN number change")
    else:
        row = accounts.ordered()
        run_worker()
        assert OutboxMessage.objects.get(request=None).status == "sent"
    row.refresh_from_db()
    assert (row.sealed, bool(row.digest), bool(row.peserta)) == (None, True, True)


def test_an_order_is_answered_once() -> None:
    row = accounts.ordered()
    at_once(*[partial(answering.answer, code_id=row.pk)] * 4)
    assert OutboxMessage.objects.count() == 1
    assert AuditLog.objects.filter(action="participant.code_sent").count() == 1


def test_an_order_that_comes_too_late_sends_nothing() -> None:
    row = accounts.ordered()
    answering.answer(code_id=row.pk, at=timezone.now() + settings.CODE_LIFETIME)
    assert not OutboxMessage.objects.exists()
    assert AuditLog.objects.get(action="participant.proof_refused").reason == "expired"


def test_a_mail_server_that_is_away_leaves_the_order_open_and_the_job_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_given: object) -> None:
        raise ConnectionRefusedError

    row = order_email(walk.account())
    with monkeypatch.context() as patch:
        patch.setattr(answering, "send_mail", away)
        run_worker()
    row.refresh_from_db()
    assert (row.answered_at, bool(row.sealed)) == (None, True)
    assert ProcrastinateJob.objects.get(task_name=codes.ANSWER_TASK).status == "todo"
    answering.answer(code_id=row.pk)
    assert len(mail.outbox) == 1


def test_an_account_that_is_gone_gets_no_mail() -> None:
    mine = walk.account()
    row = order_email(mine)
    mine.delete()
    answering.answer(code_id=row.pk)
    assert not mail.outbox


def test_a_code_speaks_the_language_of_the_page() -> None:
    mine = walk.account()
    given = {"account": str(mine.pk), "email": walk.EMAIL}
    with translation.override("en"):
        row = codes.order(purpose=Purpose.EMAIL, given=given, language="id", at=timezone.now())
        answering.answer(code_id=row.pk)
    assert mail.outbox[-1].subject == "Kode Anda untuk perubahan nomor JKN"


def test_of_two_hundred_guesses_at_once_five_are_judged() -> None:
    row = accounts.ordered()
    answering.answer(code_id=row.pk)
    wrong = "000000" if walk.sms_code() != "000000" else "111111"
    guess = partial(codes.confirm, code_id=row.pk, typed=wrong, at=timezone.now())
    answers: list[Answer] = []
    for _ in range(10):
        answers += at_once(*[guess] * 20)
    assert sum(answer.outcome is Outcome.WRONG for answer in answers) == settings.CODE_TRIES - 1
    row.refresh_from_db()
    assert row.tries == settings.CODE_TRIES
    assert codes.confirm(code_id=row.pk, typed=walk.sms_code() or "", at=timezone.now()).outcome is Outcome.SPENT


def test_of_orders_at_once_one_is_taken() -> None:
    given = {"name": walk.USERNAME}
    order = partial(codes.order, purpose=Purpose.PASSWORD, given=given, language="en", at=timezone.now())
    answers = at_once(*[order] * 8)
    assert sum(isinstance(answer, TooManyCodes) for answer in answers) == 7
    assert AccountCode.objects.count() == 1


def test_of_registrations_at_once_one_makes_the_account() -> None:
    pk = accounts.proved()
    register = partial(account.register, code_id=pk, password=walk.PASSWORD, at=timezone.now())
    answers = at_once(*[partial(register, username=f"siti.{name}") for name in ("satu", "dua", "tiga", "empat")])
    assert sum(isinstance(answer, ParticipantAccount) for answer in answers) == 1
    assert ParticipantAccount.objects.count() == 1


def test_of_two_who_want_one_user_name_one_gets_it() -> None:
    people = [make.peserta(), make.peserta()]
    create = partial(creating.create, username=walk.USERNAME, password=walk.PASSWORD, at=timezone.now())
    answers = at_once(*[partial(create, peserta=peserta) for peserta in people])
    assert sorted(type(answer).__name__ for answer in answers) == ["ParticipantAccount", "UsernameTaken"]


def test_a_right_code_typed_twice_is_right_twice_but_used_once() -> None:
    pk, at = accounts.proved(), timezone.now()
    typed = walk.sms_code() or ""
    assert codes.confirm(code_id=pk, typed=typed, at=at).outcome is Outcome.CONFIRMED
    account.register(code_id=pk, username=walk.USERNAME, password=walk.PASSWORD, at=at)
    assert codes.confirm(code_id=pk, typed=typed, at=at).outcome is Outcome.EXPIRED
    with pytest.raises(codes.NoProof), transaction.atomic():
        codes.use(code_id=pk, purpose=Purpose.REGISTER, at=at)


@pytest.mark.parametrize("purpose", [Purpose.PASSWORD, Purpose.EMAIL])
def test_a_code_is_of_use_for_nothing_else(purpose: Purpose) -> None:
    with pytest.raises(codes.NoProof), transaction.atomic():
        codes.use(code_id=accounts.proved(), purpose=purpose, at=timezone.now())


def test_a_code_by_email_belongs_to_one_account() -> None:
    mine, other = walk.account(), walk.account(username="budi")
    row = order_email(mine)
    answering.answer(code_id=row.pk)
    codes.confirm(code_id=row.pk, typed=walk.mailed_code(), at=timezone.now())
    with pytest.raises(codes.NoProof):
        account.confirm_email(code_id=row.pk, account=other, email=walk.EMAIL, language="en", at=timezone.now())


def test_the_log_keeps_what_was_given_as_personal_values_only() -> None:
    peserta = make.peserta()
    accounts.ordered(identifier=peserta.nik, birth_date="1990-05-17", phone=peserta.phone or "")
    entry = AuditLog.objects.get(action="participant.code_asked")
    assert peserta.nik not in entry.entry
    assert set(json.loads(entry.entry)["pii"]) == {"identifier", "birth_date", "phone"}


def test_a_code_is_valid_for_ten_minutes_from_its_order() -> None:
    row = accounts.ordered()
    assert row.expires_at - row.sent_at == settings.CODE_LIFETIME == timedelta(minutes=10)


def test_a_deployment_without_a_mail_server_is_warned(settings: Any) -> None:
    assert checks.mail_has_a_server(None) == []
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    (warning,) = checks.mail_has_a_server(None)
    assert "EMAIL_URL" in warning.msg


def test_a_code_to_a_number_that_has_been_replaced_since_is_no_proof() -> None:
    pk = accounts.proved()
    peserta = AccountCode.objects.get(pk=pk).peserta
    assert peserta
    with transaction.atomic():
        registry.set_phone(peserta_id=peserta.pk, phone="+6281200009999", by=SELF, cause=Thing("test.cause", "1"))
    with pytest.raises(codes.NoProof):
        account.register(code_id=pk, username=walk.USERNAME, password=walk.PASSWORD, at=timezone.now())
    assert not ParticipantAccount.objects.exists()
