"""Messages through a real SMPP server, that of the npm package `smpp`: receipts, and what happens when it dies."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from deploy.cluster.nginx import certify
from tests import cases
from tests.long.smsc import Server, install
from verification import outbox
from verification.models import OutboxMessage, PhoneChangeRequest
from verification.models.outbox import Delivery, MessageStatus
from verification.sms import gateways
from verification.sms.gateways import GatewayDown
from verification.sms.gateways.smpp import lines

pytestmark = [pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("npm")
    install(folder)
    return folder


@pytest.fixture
def server(package: Path, tmp_path: Path, settings: Any) -> Iterator[Server]:
    shutil.copytree(package / "node_modules", tmp_path / "node_modules")
    server = Server(tmp_path)
    settings.SMS_GATEWAY, settings.SMS_SMPP = "npm", {"npm": server.account()}
    yield server
    lines.close()
    server.kill()


def until(true: Callable[[], bool], *, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def notices(request: PhoneChangeRequest, number: int) -> list[OutboxMessage]:
    at, context = timezone.now(), {"reference": "AAA-AAA-AAA", "link": "https://localhost"}
    return [
        outbox.write(request=request, to=f"+62812{each:08}", template="received_new", context=context, at=at)
        for each in range(number)
    ]


@pytest.mark.parametrize("text", ["BPJS Kesehatan: @_$ [€] ~", "BPJS Kesehatan: kode ✓", "a" * 161])
def test_a_text_arrives_as_it_was_written(text: str, server: Server) -> None:
    server.start()
    reference = gateways.send(to="+6281211112222", text=text).reference
    assert server.taken() == [(reference, "+6281211112222", text)]


def test_a_receipt_finds_its_message(server: Server) -> None:
    server.start()
    message = cases.submitted().messages.get()
    outbox.deliver(message_id=message.pk)
    until(lambda: len(server.confirmed()) == 1)
    message.refresh_from_db()
    assert (message.delivery, [message.provider_id]) == (Delivery.DELIVERED, server.confirmed())


def test_the_line_may_be_encrypted(server: Server, settings: Any) -> None:
    certify(server.folder)
    for ours, theirs in (("privkey.pem", "key.pem"), ("fullchain.pem", "cert.pem")):
        (server.folder / ours).rename(server.folder / theirs)
    server.start()
    settings.SMS_SMPP = {"npm": server.account(host="localhost", tls=True, ca=str(server.folder / "cert.pem"))}
    gateways.send(to="+6281211112222", text="x")
    assert len(server.taken()) == 1


def test_a_wrong_password_is_a_failure(server: Server, settings: Any) -> None:
    server.start()
    settings.SMS_SMPP = {"npm": server.account(password="wrong")}
    with pytest.raises(GatewayDown, match="0xe"):
        gateways.send(to="+6281211112222", text="x")


def test_throttling_is_honoured(server: Server) -> None:
    (server.folder / "throttled").touch()
    server.start()
    with pytest.raises(GatewayDown) as failure:
        gateways.send(to="+6281211112222", text="x")
    assert failure.value.wait == timedelta(seconds=30)
    gateways.send(to="+6281211112222", text="x")


def test_killed_in_the_middle_it_loses_nothing_and_all_receipts_come(server: Server) -> None:
    """Two threads send while it dies every second; at the end it tells of all that it took."""
    over = threading.Event()
    with transaction.atomic():
        messages = notices(cases.submitted(), 200)

    def keep_killing() -> None:
        while not over.wait(1):
            server.kill()
            server.start()

    def deliver(some: list[OutboxMessage]) -> None:
        for message in some:
            at = timezone.now()
            outbox.deliver(message_id=message.pk, at=at)
            while OutboxMessage.objects.filter(pk=message.pk, status=MessageStatus.WAITING).exists():
                # The pauses are jumped over; a dead server gets time to rise.
                time.sleep(0.5)
                at += timedelta(hours=1)
                outbox.deliver(message_id=message.pk, at=at)
        connection.close()

    server.start()
    threads = [threading.Thread(target=deliver, args=[messages[begin::2]]) for begin in (0, 1)]
    killer = threading.Thread(target=keep_killing)
    for thread in (killer, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    killer.join()
    assert {number for _, number, _ in server.taken()} == {message.to for message in messages}
    sent = OutboxMessage.objects.filter(template="received_new", status=MessageStatus.SENT)
    assert sent.count() == 200
    gateways.listen()
    known = set(sent.values_list("provider_id", flat=True))
    until(lambda: known <= set(server.confirmed()))
    assert set(sent.values_list("delivery", flat=True)) == {Delivery.DELIVERED}
