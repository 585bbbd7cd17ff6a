"""What the page of the code says when the SMS has not gone out: nobody waits in vain."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from tests import make
from tests.verification.portal import walk
from verification import cap, outbox
from verification.models import OutboxMessage
from verification.sms.gateways import GatewayDown, Refused, memory

pytestmark = pytest.mark.django_db


def test_while_the_sms_is_on_its_way_nothing_is_said_of_trouble() -> None:
    client = walk.browser()
    assert "We sent a code" in walk.words(walk.to_code(client, make.peserta()))
    outbox.deliver_waiting()
    assert "We sent a code" in walk.words(client.get(walk.address("code")))


def test_while_no_gateway_takes_it_the_page_says_so_and_until_when_to_wait() -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta())
    memory.failures.append(GatewayDown())
    outbox.deliver_waiting()
    page = walk.words(client.get(walk.address("code")))
    until = timezone.localtime(OutboxMessage.objects.get().expires_at)
    assert f"has not gone out yet: no SMS can be sent at the moment. If it has not come by {until:%H:%M} WIB" in page
    assert "We sent a code" not in page


def test_a_day_whose_sms_are_used_up_is_told_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta())
    monkeypatch.setattr(cap, "take", lambda **_at: False)
    monkeypatch.setattr(cap, "wait", lambda **_at: timedelta(hours=5))
    outbox.deliver_waiting()
    assert "has not gone out yet" in walk.words(client.get(walk.address("code")))


def test_a_code_that_ended_unsent_is_told_honestly_and_another_one_can_be_asked_for() -> None:
    with walk.clock() as passes:
        client = walk.browser()
        walk.to_code(client, make.peserta())
        memory.failures.append(GatewayDown())
        outbox.deliver_waiting()
        passes(settings.CODE_LIFETIME)
        for _ in range(2):  # before the worker has looked, and after
            assert "could not be sent to" in walk.words(client.get(walk.address("code")))
            outbox.deliver_waiting()
        assert OutboxMessage.objects.get().status == "expired"
        client.post(walk.address("code_again"))
        assert "We sent a code" in walk.words(client.get(walk.address("code")))


def test_a_number_that_every_gateway_refuses_is_told_at_once() -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta())
    memory.failures.append(Refused())
    outbox.deliver_waiting()
    assert "could not be sent to" in walk.words(client.get(walk.address("code")))


def test_an_sms_that_did_not_reach_the_telephone_is_told() -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta())
    outbox.deliver_waiting()
    OutboxMessage.objects.update(delivery="undelivered", delivery_at=timezone.now())
    assert "did not reach" in walk.words(client.get(walk.address("code")))


def test_somebody_whom_the_register_does_not_know_is_told_the_same() -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta(), birth_date="18-05-1990")
    memory.failures.append(GatewayDown())
    outbox.deliver_waiting()
    assert "has not gone out yet" in walk.words(client.get(walk.address("code")))
