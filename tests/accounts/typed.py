"""Two officers at a terminal, as tests type for them."""

import io
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jknoffice.accounts.models import User
from tests import make
from tests.accounts.door import code_of


def answers(user: User) -> list[str]:
    """Password and present code of a user, who gets an authenticator."""
    return [make.PASSWORD, code_of(make.authenticator(user))]


def run(monkeypatch: pytest.MonkeyPatch, typed: Iterable[str], *arguments: str) -> tuple[int, str, list[str]]:
    """Run a command while `typed` is typed; return its exit status, what it said, and what it asked."""
    left, asked, out, err = iter(typed), [], io.StringIO(), io.StringIO()

    def unseen(prompt: str) -> str:
        asked.append(prompt)
        try:
            return next(left)
        except StopIteration as end:
            raise EOFError from end

    monkeypatch.setattr("getpass.getpass", unseen)
    given: dict[str, Any] = {"stdout": out, "stderr": err}
    try:
        call_command(*arguments, **given)
    except CommandError as error:
        return error.returncode, str(error), asked
    return 0, out.getvalue() + err.getvalue(), asked
