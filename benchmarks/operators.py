"""Operators who decide one case after the other through nginx, as browsers do; and, as a program, what they work on.

`python -m benchmarks.operators N` fills the cluster's database with N counter cases and prints the sessions of
operators as JSON. It is called with the environment of the database's owner.
"""

import http.client
import json
import random
import re
import secrets
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.sessions import logged_in
from deploy.cluster.layout import Layout

THINK = 1.0
"""Seconds between two decisions of an operator."""
QUEUE = "/admin/verification/queue/"


class Crowd:
    """Operators, each with a session (`sessions`: keys) and a thread, and what they were told; `think` in seconds."""

    def __init__(self, layout: Layout, sessions: list[str], *, think: float = THINK) -> None:
        self.layout = layout
        self.sessions = sessions
        self.think = think
        self.acknowledged: list[str] = []
        self.moments: list[float] = []
        self.photos = 0
        self.unclear = 0
        self.statuses: Counter[str] = Counter()
        self._over = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let all of them work until the end of the block."""
        threads = [threading.Thread(target=self._work, args=[session]) for session in self.sessions]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def _work(self, session: str) -> None:
        browser = Browser(self.layout, session)
        place = QUEUE
        while not self._over.wait(self.think):
            try:
                place = self._decide(browser, place)
            except (OSError, http.client.HTTPException):
                # Nobody knows whether it was done: the queue says where one stands.
                self.unclear += 1
                browser.hang_up()
                place = QUEUE
        browser.hang_up()

    def _decide(self, browser: "Browser", place: str) -> str:
        """Decide the case at `place`, or take one; return where one is led."""
        status, page, _ = browser.get(place)
        self.statuses[f"page {status}"] += 1
        if status != 200:
            return QUEUE
        if place == QUEUE:
            status, _, location = browser.post(f"{QUEUE}take-next/", {"csrfmiddlewaretoken": token_of(page)})
            self.statuses[f"take {status}"] += 1
            return location or QUEUE
        if photo := re.search(r"/admin/verification/document/\d+/", page):
            status = browser.get(photo[0])[0]
            self.statuses[f"photo {status}"] += 1
            self.photos += status == 200
        version = re.search(r'name="version" value="(\d+)"', page)
        form = {"csrfmiddlewaretoken": token_of(page), "version": version[1] if version else "", "compared": "on"}
        status, _, location = browser.post(f"{place}approve/", form)
        self.statuses[f"approve {status}"] += 1
        if status == 302:
            self.moments.append(time.monotonic())
            self.acknowledged.append(place.rstrip("/").rpartition("/")[2])
        return location or QUEUE


class Browser:
    """One connection through nginx, with the cookies of a session."""

    def __init__(self, layout: Layout, session: str) -> None:
        context = ssl.create_default_context(cafile=str(layout.folder / "nginx" / "fullchain.pem"))
        self._line = http.client.HTTPSConnection("localhost", layout.https, timeout=40, context=context)
        self._cookies = {"__Host-session": session}
        self._origin = layout.address
        self.retry_after = ""

    def get(self, path: str) -> tuple[int, str, str]:
        """Return status, text and Location of a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str, str]:
        """Send a form; return status, text and Location of the answer."""
        return self._ask("POST", path, "&".join(f"{name}={value}" for name, value in fields.items()))

    def send(self, path: str, fields: dict[str, str], files: dict[str, bytes]) -> tuple[int, str, str]:
        """Send a form with photos; return status, text and Location of the answer."""
        border = secrets.token_hex(16)
        parts = [(f'name="{name}"\r\n\r\n').encode() + value.encode() for name, value in fields.items()]
        kind = "Content-Type: image/jpeg"
        parts += [
            f'name="{name}"; filename="{name}.jpg"\r\n{kind}\r\n\r\n'.encode() + data for name, data in files.items()
        ]
        head = f"--{border}\r\nContent-Disposition: form-data; ".encode()
        body = b"".join(head + part + b"\r\n" for part in parts) + f"--{border}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={border}")

    def hang_up(self) -> None:
        """Close the connection; the next request opens another one."""
        self._line.close()

    def _ask(
        self, method: str, path: str, body: str | bytes | None, kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Origin": self._origin, "Referer": f"{self._origin}/"}
        if body is not None:
            headers["Content-Type"] = kind
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        text = answer.read().decode(errors="replace")
        self.retry_after = answer.headers.get("Retry-After", "")
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, text, answer.headers.get("Location", "")


def token_of(page: str) -> str:
    """Return the CSRF token of the first form of a page."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    return found[1] if found else ""


def operators_of(branch: str) -> list[Any]:
    """Return the operators (`User`) of a branch who can log in, each with an authenticator. Needs Django."""
    from jknoffice.accounts.models import User
    from jknoffice.accounts.roles import Role

    found = User.objects.filter(branch__code=branch, role=Role.OPERATOR, is_active=True, totpdevice__confirmed=True)
    return list(found.order_by("username"))


def stock(count: int) -> list[str]:
    """Make counter cases that wait, in the branches that have staff; return sessions of operators of these branches."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "jknoffice.settings"
    import django

    django.setup()
    import io
    from datetime import timedelta

    from django.db import connection, transaction
    from django.utils import timezone
    from PIL import Image

    from jknoffice.demo.staff import BUSY
    from participants.models import Peserta
    from verification import changes, outbox
    from verification.documents.pictures import Picture
    from verification.likeness.queueing import MATCH_TASK
    from verification.models.choices import ChangeReason, Channel, DocumentKind

    def noise() -> Picture:
        out = io.BytesIO()
        Image.frombytes("L", (96, 60), random.randbytes(96 * 60)).resize((640, 400)).convert("RGB").save(out, "JPEG")
        return Picture(out.getvalue(), 640, 400)

    at, sessions, number = timezone.now() - timedelta(hours=2), [], 0
    for code in BUSY:
        decides, enters, *_others = operators_of(code)
        sessions.append(logged_in(decides))
        grown_up = Peserta.objects.filter(branch__code=code, phone__isnull=False, birth_date__year__lt=2000)
        people = grown_up.filter(status="ACTIVE", requests=None).order_by("pk")[: count // len(BUSY)]
        for person in people:
            number += 1
            intake = changes.Intake(
                identifier=person.nik,
                birth_date=person.birth_date,
                new_phone=f"+628129{number:07}",
                channel=Channel.COUNTER,
                reason=ChangeReason.LOST_PHONE,
                pictures={DocumentKind.KTP: noise(), DocumentKind.CARD: noise()},
            )
            # In one transaction: a worker that sends the message meanwhile erases its text.
            with transaction.atomic():
                case = changes.submit(intake=intake, by=enters, at=at)
                text = outbox.text_of(case.messages.get(template="code"))
                typed = next(word for word in text.replace(",", " ").split() if word.isdigit() and len(word) == 6)
                changes.confirm(request=case, typed=typed, by=enters, at=at + timedelta(minutes=1))
    with connection.cursor() as cursor:
        # Looking for copies of made-up noise would keep the workers busy for minutes.
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'", [MATCH_TASK])
    return sessions


if __name__ == "__main__":
    random.seed(2026)
    begun = time.monotonic()
    made = stock(int(sys.argv[1]))
    sys.stderr.write(f"{time.monotonic() - begun:.0f} s for the cases\n")
    sys.stdout.write(json.dumps(made) + "\n")
