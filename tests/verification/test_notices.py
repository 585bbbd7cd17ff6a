"""Who is told what, and how often."""

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests import cases, make
from verification import notices, outbox
from verification.models import OutboxMessage
from verification.sms.gateways import memory
from verification.states import Status

pytestmark = pytest.mark.django_db

EVENTS = {
    Status.QUEUED: "received",
    Status.NEEDS_INFO: "correction",
    Status.ON_HOLD: "hold",
    Status.APPLIED: "applied",
    Status.REJECTED: "rejected",
    Status.REVERSED: "reversed",
}
EMAIL = "siti@example.org"


@pytest.mark.parametrize("status", EVENTS)
def test_each_step_is_told_to_both_numbers_and_by_e_mail_once(status: Status) -> None:
    given: dict[str, Any] = {"peserta": make.peserta(email=EMAIL, phone="+6281377778888")}
    if status in {Status.APPLIED, Status.REVERSED}:
        given["by"] = make.staff(branch=given["peserta"].branch)
    request = cases.in_state(status, **given)
    event = EVENTS[status]
    told = OutboxMessage.objects.filter(request=request, template__startswith=event)
    assert sorted(told.values_list("template", "to")) == sorted(
        [(f"{event}_new", request.new_phone), (f"{event}_old", request.old_phone), (f"{event}_old", EMAIL)]
    )


def test_the_same_notice_is_not_written_twice() -> None:
    request = cases.in_state(Status.REJECTED)
    with pytest.raises(IntegrityError, match="message_notice_once"), transaction.atomic():
        notices.rejected(request=request, at=timezone.now())


def test_a_participant_without_a_number_or_e_mail_is_told_at_the_new_number_only() -> None:
    request = cases.in_state(Status.REJECTED, peserta=make.peserta(phone=None, email=""))
    told = request.messages.filter(template__startswith="rejected")
    assert [message.to for message in told] == [request.new_phone]


def test_whom_the_register_does_not_know_is_told_the_same_at_the_new_number() -> None:
    request = cases.in_state(Status.UNMATCHED)
    told = request.messages.exclude(template="code")
    assert [(message.template, message.to) for message in told] == [("received_new", request.new_phone)]


@pytest.mark.parametrize(
    ("language", "begin"), [("id", "BPJS Kesehatan: nomor JKN Anda"), ("en", "BPJS Kesehatan: your")]
)
def test_a_notice_by_e_mail_is_in_the_language_of_the_request(
    language: str, begin: str, sms: list[memory.Message]
) -> None:
    peserta = make.peserta(email=EMAIL)
    cases.in_state(Status.ON_HOLD, peserta=peserta, language=language)
    cases.deliver()
    letter = mail.outbox[-1]
    assert letter.to == [EMAIL]
    assert letter.body.startswith(begin)
    assert "/n/" in letter.body
    said = f"{letter.subject} {letter.body}"
    assert not any(value in said for value in (peserta.name, peserta.nik, peserta.card_number, str(peserta.phone)))
    assert EMAIL not in {message.to for message in sms}
    assert OutboxMessage.objects.get(template="hold_old", to=EMAIL).gateway == "email"


def test_an_e_mail_does_not_count_as_an_sms_of_the_day(settings: pytest.FixtureRequest, sms: list[object]) -> None:
    settings.SMS_DAILY_CAP = 1  # type: ignore[attr-defined]
    request = cases.in_state(Status.REJECTED, peserta=make.peserta(email=EMAIL))
    for message in request.messages.filter(to=EMAIL):
        outbox.deliver(message_id=message.pk)
    assert len(mail.outbox) == 2
    cases.deliver()
    assert len(sms) == 1
