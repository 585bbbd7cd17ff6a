"""Every action that any part of the product writes into the log has words for people."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from procrastinate.contrib.django import app

from jknoffice.accounts.roles import RIGHTS
from jknoffice.audit.words import action_label
from verification.models.outbox import MessageStatus

ACTION = re.compile(r'"((?:account|audit|document|import|message|participant|peserta|request)\.[a-z_]+)"')
PERMISSIONS = {permission for rights in RIGHTS.values() for permission in rights.permissions}


def written() -> Iterator[str]:
    for package in ("jknoffice", "participants", "verification"):
        for path in (Path(settings.BASE_DIR) / package).rglob("*.py"):
            if path.name != "words.py" and "migrations" not in path.parts:
                yield from ACTION.findall(path.read_text())
    yield from (f"message.{status}" for status in MessageStatus if status is not MessageStatus.WAITING)


ACTIONS = sorted(set(written()) - PERMISSIONS - set(app.tasks))


def test_the_search_finds_the_actions() -> None:
    assert {"request.viewed", "peserta.phone_changed", "account.login", "audit.read", "import.finished"} <= set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_has_words(action: str) -> None:
    assert action_label(action) != action
