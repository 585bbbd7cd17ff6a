"""Operators who enter requests at the counter through nginx, with photos, as browsers do; and whom they enter.

`python -m benchmarks.intakes N` prints sessions of operators, and N participants whom they may enter, as JSON. It is
called with the environment of the database's owner.
"""

import http.client
import io
import json
import os
import random
import re
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from benchmarks.operators import Browser, operators_of, token_of
from benchmarks.sessions import logged_in
from deploy.cluster.layout import Layout

COUNTER = "/admin/verification/counter/"
THINK = 1.0


def photo() -> bytes:
    """Return a photo that no other one is like."""
    out = io.BytesIO()
    Image.frombytes("L", (96, 60), random.randbytes(96 * 60)).resize((640, 400)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


class Entries:
    """One operator who enters one participant after the other, `think` seconds between two, and what came of it."""

    def __init__(self, layout: Layout, session: str, people: list[list[str]], *, think: float = THINK) -> None:
        self.layout, self.session, self.people, self.think = layout, session, people, think
        self.acknowledged: list[str] = []
        self.statuses: Counter[str] = Counter()
        self.refused_with: Counter[str] = Counter()
        self._over = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let them be entered until the end of the block."""
        thread = threading.Thread(target=self._work)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _work(self) -> None:
        browser = Browser(self.layout, self.session)
        while self.people and not self._over.wait(self.think):
            try:
                self._enter(browser)
            except (OSError, http.client.HTTPException):
                self.statuses["no answer"] += 1
                browser.hang_up()

    def _enter(self, browser: Browser) -> None:
        status, page, _ = browser.get(COUNTER)
        if status != 200:
            self.statuses[f"form {status}"] += 1
            return
        nik, born = self.people[-1]
        fields = {
            "csrfmiddlewaretoken": token_of(page),
            "submission": str(uuid.uuid4()),
            "identifier": nik,
            "birth_date": born,
            "new_phone": f"0813{random.randrange(10**8):08}",
            "reason": "lost_phone",
        }
        status, page, location = browser.send(COUNTER, fields, {"ktp": photo(), "card": photo()})
        self.statuses[f"intake {status}"] += 1
        if status == 302:
            self.people.pop()
            self.acknowledged.append(re.sub(r".*/([^/]+)/(?:code/)?$", r"\1", location))
        elif status == 503:
            told = "sentence" if "Foto sedang tidak dapat disimpan" in page else "no sentence"
            self.refused_with[f"{told}, {'Retry-After' if browser.retry_after else 'no Retry-After'}"] += 1


def stock(count: int) -> dict[str, object]:
    """Return sessions of operators who decide nothing, and participants of their branch who have no request."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jknoffice.settings"
    import django

    django.setup()
    from jknoffice.demo.staff import BUSY
    from participants.models import Peserta

    code = BUSY[0]
    found = Peserta.objects.filter(branch__code=code, phone__isnull=False, birth_date__year__lt=2000, status="ACTIVE")
    people = found.filter(requests=None).order_by("-pk")[:count]
    return {
        "session": logged_in(operators_of(code)[1]),
        "people": [[each.nik, f"{each.birth_date:%d-%m-%Y}"] for each in people],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(stock(int(sys.argv[1]))) + "\n")
