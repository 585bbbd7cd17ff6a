"""Who has given a right password and still owes the second step. Kept in the session; no more than that is granted."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from jknoffice.accounts.models import User

_KEY = "login_pending"


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody on the way in: the account, where they wanted to go, and the secret being enrolled ("" if none)."""

    user: User
    next_page: str
    secret: str


def begin(request: HttpRequest, user: User, *, next_page: str, at: datetime) -> None:
    """Remember that `user` gave the right password, in a session with a new key (session fixation)."""
    request.session.cycle_key()
    request.session[_KEY] = {"user": user.pk, "at": at.timestamp(), "next": next_page, "secret": ""}


def held(request: HttpRequest, *, at: datetime) -> Pending | None:
    """Return who is on the way in, or None when nobody is or their ten minutes are over."""
    kept = request.session.get(_KEY)
    if kept is None:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).exclude(role="").first()
    if user is None or at.timestamp() - kept["at"] > settings.SECOND_STEP_LIFETIME.total_seconds():
        drop(request)
        return None
    return Pending(user, kept["next"], kept["secret"])


def keep_secret(request: HttpRequest, secret: str) -> None:
    """Remember the secret (hexadecimal) that is being enrolled."""
    request.session[_KEY] = {**request.session[_KEY], "secret": secret}


def drop(request: HttpRequest) -> None:
    """Forget who was on the way in."""
    request.session.pop(_KEY, None)
