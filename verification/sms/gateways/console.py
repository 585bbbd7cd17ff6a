"""For development: prints the message, and appends it to `settings.SMS_CONSOLE_FILE` as a line of JSON."""

import json
import sys
import uuid
from typing import TypedDict

from django.conf import settings

from jknoffice import clock


class Sent(TypedDict):
    """One line of the file: `at` in ISO 8601 UTC, `to` in E.164."""

    id: str
    at: str
    to: str
    text: str


def send(*, to: str, text: str) -> str:
    """Print and keep the message; return a made-up reference."""
    sent = Sent(id=uuid.uuid4().hex, at=clock.now().isoformat(), to=to, text=text)
    settings.SMS_CONSOLE_FILE.parent.mkdir(parents=True, exist_ok=True)
    with settings.SMS_CONSOLE_FILE.open("a", encoding="utf-8") as file:
        file.write(json.dumps(sent) + "\n")
    sys.stdout.write(f"SMS to {to}: {text}\n")
    sys.stdout.flush()
    return sent["id"]


def messages() -> list[Sent]:
    """Return what has been sent, oldest first."""
    if not settings.SMS_CONSOLE_FILE.exists():
        return []
    lines = settings.SMS_CONSOLE_FILE.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
