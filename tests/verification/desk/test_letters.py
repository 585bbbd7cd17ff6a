"""The page of messages that no gateway took."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import cases, make
from verification import outbox
from verification.models import OutboxMessage, PhoneChangeRequest
from verification.sms.gateways import GatewayDown, memory
from verification.states import Status

pytestmark = pytest.mark.django_db

LETTERS, SEND = "admin:verification_letters", "admin:verification_send_letters"


def given_up(**given: Any) -> OutboxMessage:
    """A notice of a rejection that no gateway took."""
    case = cases.in_state(Status.REJECTED, **given)
    message = case.messages.get(template="rejected_new")
    at = timezone.now()
    memory.failures.extend(GatewayDown() for _ in range(outbox.ATTEMPTS))
    for pause in (*outbox.PAUSES, timedelta()):
        outbox.deliver(message_id=message.pk, at=at)
        at += pause
    message.refresh_from_db()
    return message


def supervisor(case: PhoneChangeRequest | None) -> User:
    assert case
    return cases.reviewer(case, Role.SUPERVISOR)


def shown(user: User) -> Any:
    return make.logged_in(user).get(reverse(LETTERS))


def send(user: User, *messages: object) -> Any:
    return make.logged_in(user).post(reverse(SEND), {"message": messages}, follow=True)


def test_a_supervisor_sees_what_did_not_go_out_without_its_number_or_text() -> None:
    message = given_up()
    answer = shown(supervisor(message.request))
    page = answer.content.decode()
    assert str(message.request) in page
    assert "Permohonan ditolak" in page
    assert message.to not in page
    assert [row["alive"] for row in answer.context["rows"]] == [True]


def test_with_nothing_given_up_the_page_says_so() -> None:
    page = shown(make.staff(Role.SUPERVISOR)).content.decode()
    assert "Tidak ada pesan yang gagal" in page
    assert "dicoba lagi" not in page


def test_what_is_still_tried_is_counted() -> None:
    case = cases.in_state(Status.REJECTED)
    waiting = case.messages.get(template="rejected_new")
    memory.failures.append(GatewayDown())
    outbox.deliver(message_id=waiting.pk)
    assert "1 pesan lain belum diterima" in shown(supervisor(case)).content.decode()
    assert "dicoba lagi" not in shown(make.staff(Role.SUPERVISOR, branch=make.branch())).content.decode()


def test_the_figures_lead_there() -> None:
    message = given_up()
    answer = make.logged_in(supervisor(message.request)).get(reverse("admin:verification_figures"))
    assert reverse(LETTERS) in answer.content.decode()


def test_it_is_sent_again_with_an_entry_of_who_did_so() -> None:
    message, at = given_up(), timezone.now()
    user = supervisor(message.request)
    assert "dikirim" in send(user, message.pk).content.decode()
    entry = AuditLog.objects.get(action="message.tried_anew")
    assert entry.actor == user.as_actor().name
    outbox.deliver(message_id=message.pk, at=at + timedelta(minutes=1))
    message.refresh_from_db()
    assert (message.status, message.attempts, message.sealed_context) == ("sent", 1, None)
    assert [sent.to for sent in memory.sent] == [message.to]


def test_twice_sends_once_and_says_so() -> None:
    message = given_up()
    user = supervisor(message.request)
    send(user, message.pk)
    assert "Tidak ada yang dikirim" in send(user, message.pk).content.decode()
    assert AuditLog.objects.filter(action="message.tried_anew").count() == 1
    assert AuditLog.objects.filter(action="request.refused", entry__contains="nothing_left_to_send").count() == 1


def test_of_another_region_nothing_is_seen_and_nothing_sent() -> None:
    message = given_up()
    stranger = make.staff(Role.SUPERVISOR, branch=make.branch())
    assert shown(stranger).context["rows"] == []
    send(stranger, message.pk)
    message.refresh_from_db()
    assert message.status == "failed"


@pytest.mark.parametrize("typed", [(), ("",), ("x",), ("9" * 30,), ("-1",), ("1\0",), ("٣",)])
def test_nonsense_sends_nothing_and_says_what_to_do(typed: tuple[str, ...]) -> None:
    message = given_up()
    assert "pilih pesan" in send(supervisor(message.request), *typed).content.decode()


def test_after_its_time_it_cannot_be_sent_and_is_forgotten() -> None:
    message = given_up()
    OutboxMessage.objects.filter(pk=message.pk).update(expires_at=timezone.now())
    user = supervisor(message.request)
    assert [row["alive"] for row in shown(user).context["rows"]] == [False]
    assert "Tidak ada yang dikirim" in send(user, message.pk).content.decode()
    assert outbox.erase_given_up(at=timezone.now()) == 1
    assert outbox.erase_given_up(at=timezone.now()) == 0
    message.refresh_from_db()
    assert (message.status, message.sealed_context) == ("failed", None)


def test_an_operator_is_refused() -> None:
    assert shown(make.staff()).status_code == 403
    assert send(make.staff(), 1).status_code == 403
