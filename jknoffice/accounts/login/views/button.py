"""What the button that asks for a passkey needs to know (templates/accounts/_passkey.html, passkey.js)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from jknoffice.accounts.login.passkeys import ceremony, challenges, proving
from jknoffice.accounts.models import User
from jknoffice.accounts.sessions.browsers import in_words, seen_in
from jknoffice.audit.context import current_session


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`way` is the method of `navigator.credentials`, `options` what it takes, as JSON; it is asked for `seconds`."""

    way: str
    options: str
    seconds: int = int(challenges.LIFETIME.total_seconds())

    @property
    def origin(self) -> str:
        """The one address at which passkeys work."""
        return ceremony.origin()


def to_prove(user: User, *, at: datetime) -> Button | None:
    """Ask the user's passkeys to prove something in this session; None when there is none that counts."""
    known = proving.counting(user)
    if not known:
        return None
    asked = challenges.issue(user=user, session=current_session(), purpose=challenges.Purpose.PROOF, at=at)
    options = ceremony.asked_for_proof(challenge=bytes(asked.challenge), known=known)
    return Button(way="get", options=json.dumps(options))


def to_make(options: Mapping[str, Any]) -> Button:
    """Ask for a new passkey, with what `passkeys.keeping` says about it."""
    return Button(way="create", options=json.dumps(options))


def name_here(request: HttpRequest) -> str:
    """Return what a passkey that is made with this browser is called until its owner calls it otherwise."""
    return in_words(*seen_in(request.headers.get("User-Agent", "")))
