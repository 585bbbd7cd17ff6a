"""What somebody is about to do: for which code a page waits, and which change waits for the password.

It lies in the session, encrypted, for half an hour.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from jknoffice import clock, crypto
from jknoffice.crypto import Unreadable, key_for
from verification.models.account_code import Purpose

LIFETIME = timedelta(minutes=30)

_CODE, _CHANGE = "portal_account_code", "portal_account_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A code that was asked for: its row, what it is for, and what was given, to ask for another one with."""

    code_id: int
    purpose: Purpose
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A new "phone" (E.164) or "email" that waits for the password; `submission` tells one form from another."""

    what: str
    value: str
    submission: str


def keep_code(session: SessionBase, ordered: Ordered) -> None:
    """Let this session's page wait for a code."""
    _keep(session, _CODE, asdict(ordered))


def code(session: SessionBase) -> Ordered | None:
    """Return the code for which this session waits, or None."""
    kept = _kept(session, _CODE)
    return Ordered(**(kept | {"purpose": Purpose(kept["purpose"])})) if kept else None


def drop_code(session: SessionBase) -> None:
    """Wait for no code any more."""
    session.pop(_CODE, None)


def keep_change(session: SessionBase, change: Change) -> None:
    """Let a change wait for the password."""
    _keep(session, _CHANGE, asdict(change))


def change(session: SessionBase) -> Change | None:
    """Return the change that waits for the password, or None."""
    kept = _kept(session, _CHANGE)
    return Change(**kept) if kept else None


def drop_change(session: SessionBase) -> None:
    """Let no change wait any more."""
    session.pop(_CHANGE, None)


def _keep(session: SessionBase, key: str, value: Mapping[str, object]) -> None:
    plain = {**value, "until": (clock.now() + LIFETIME).isoformat()}
    sealed = crypto.seal(key=key_for(crypto.Purpose.DRAFT), plaintext=json.dumps(plain).encode(), bound_to=key)
    session[key] = base64.b64encode(sealed).decode()


def _kept(session: SessionBase, key: str) -> dict[str, Any]:
    if key not in session:
        return {}
    try:
        plain = crypto.opened(crypto.Purpose.DRAFT, sealed=base64.b64decode(session[key]), bound_to=key)
    except Unreadable:
        return {}
    kept = dict(json.loads(plain))
    return kept if datetime.fromisoformat(kept.pop("until")) > clock.now() else {}
