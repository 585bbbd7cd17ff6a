"""`python -m benchmarks.sms_kill [--gateway http|smpp] [--messages N]`: kill -9 of a gateway while it is sent to.

The gateway is a process of its own on a local port, killed at random. It writes down each message, waits a few
milliseconds and answers; killed in between, it has taken a message and never said so. Afterwards none may be lost.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


def serve_smpp(port: int, taken: Path) -> None:
    """Be a gateway that speaks SMPP until killed."""
    from tests.verification.sms import smsc

    def take(line: smsc.Conversation, packet: smsc.Packet) -> None:
        with taken.open("a") as file:
            file.write(f"+{smsc.submitted(packet.body).to[2]}\n")
        time.sleep(random.random() / 100)
        line.answer(packet, os.urandom(8).hex().encode() + b"\0")

    smsc.Smsc(take, smsc.answering(b"smsc\0"), None, port=port).serve()


def serve_http(port: int, taken: Path) -> None:
    """Be a gateway that speaks HTTP until killed."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            to = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["to"]
            with taken.open("a") as file:
                file.write(f"{to}\n")
            time.sleep(random.random() / 100)
            answer = json.dumps({"id": os.urandom(8).hex()}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
            pass

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


SERVE = {"http": serve_http, "smpp": serve_smpp}


def keep_killing(
    kind: str, port: int, taken: Path, chance: random.Random, over: threading.Event, kills: list[int]
) -> None:
    """Start the gateway, kill it after a random while, and so on; the last one is killed when all is over."""
    while not over.is_set():
        serving = ["--gateway", kind, "--serve", str(port), str(taken)]
        command = [sys.executable, "-m", "benchmarks.sms_kill", *serving]
        process = subprocess.Popen(command)
        over.wait(0.3 + chance.random())
        process.kill()
        process.wait()
        kills.append(process.pid)


def send_all(kind: str, messages: int, taken: Path, chance: random.Random) -> tuple[int, dict[str, int]]:
    """Write messages, send them while the gateway dies again and again; return the kills and the states."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from tests import cases
    from verification import outbox
    from verification.models import OutboxMessage
    from verification.models.outbox import MessageStatus

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.SMS_GATEWAY = "local"
    if kind == "http":
        settings.SMS_HTTP = {"local": {"url": f"http://127.0.0.1:{port}/", "seconds": 2}}
    else:
        account = {"host": "127.0.0.1", "port": port, "tls": False, "user": "bench", "seconds": 2}
        settings.SMS_SMPP = {"local": account}
    request, at = cases.submitted(), timezone.now()
    with transaction.atomic():
        outbox.void(request=request, template="code", at=at)
    for number in range(messages):
        to, context = f"+62812{number:08}", {"reference": "AAA-AAA-AAA", "link": "https://localhost"}
        outbox.write(
            request=request, to=to, template="received_new", context=context, at=at, lifetime=timedelta(days=99)
        )
    over, kills = threading.Event(), list[int]()
    killer = threading.Thread(target=keep_killing, args=(kind, port, taken, chance, over, kills))
    killer.start()
    waiting = OutboxMessage.objects.filter(status=MessageStatus.WAITING)
    try:
        while message := waiting.order_by("next_try_at", "pk").first():
            outbox.deliver(message_id=message.pk, at=max(at, message.next_try_at))
            # A failed attempt costs a millisecond where the pauses are jumped over: a dead gateway gets time to rise.
            message.refresh_from_db()
            if message.status == MessageStatus.WAITING:
                time.sleep(0.3)
    finally:
        over.set()
        killer.join()
    states = OutboxMessage.objects.filter(template="received_new", to__startswith="+62812000")
    return len(kills) - 1, dict(Counter(states.values_list("status", flat=True)))


def main() -> int:
    """Send, count, print; return 1 when a message was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gateway", choices=SERVE, default="http", help="what the gateway speaks")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        SERVE[options.gateway](int(options.serve[0]), Path(options.serve[1]))
    from benchmarks import house

    begin = time.perf_counter()
    with house.database(), tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "taken"
        taken.touch()
        kills, states = send_all(options.gateway, options.messages, taken, random.Random(options.seed))
        arrived = Counter(taken.read_text().split())
    lost = options.messages - len(arrived)
    house.show(
        f"sms_kill, {options.gateway}",
        {
            "messages": options.messages,
            "gateway killed": kills,
            "sent": states.get("sent", 0),
            "given up": states.get("failed", 0),
            "never arrived": lost,
            "arrived twice or more": sum(times > 1 for times in arrived.values()),
            "most often": max(arrived.values()),
        },
        seconds=round(time.perf_counter() - begin),
        seed=options.seed,
    )
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
