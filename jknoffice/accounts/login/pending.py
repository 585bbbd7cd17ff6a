"""Who has given a right password and still owes the second step. Kept in the session; no more than that is granted."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from jknoffice.accounts.models import User
from jknoffice.crypto import Purpose, Unreadable, key_for, opened, seal

_KEY = "login_pending"
_PLACE = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Somebody on the way in.

    `next_page` is where they wanted to go, `secret` (hexadecimal) what they are setting up. Once they have set it up,
    `device_id` names their authenticator, and `codes` are the recovery codes that they have yet to keep. `link` is the
    number of the one-time link that they came with, 0 for none.
    """

    user: User
    since: float
    next_page: str
    secret: str = ""
    device_id: str = ""
    codes: tuple[str, ...] = ()
    link: int = 0


def begin(request: HttpRequest, user: User, *, next_page: str, at: datetime, link: int = 0) -> Pending:
    """Remember that `user` gave the right password, in a session with a new key (session fixation)."""
    request.session.cycle_key()
    pending = Pending(user=user, since=at.timestamp(), next_page=next_page, link=link)
    _keep(request, pending)
    return pending


def held(request: HttpRequest, *, at: datetime) -> Pending | None:
    """Return who is on the way in.

    None when nobody is, when their ten minutes are over, or when the account has been deactivated or got another
    password meanwhile.
    """
    kept = _kept(request)
    if kept is None:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).exclude(role="").first()
    late = at.timestamp() - kept["since"] > settings.SECOND_STEP_LIFETIME.total_seconds()
    if late or user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        drop(request)
        return None
    return Pending(
        user=user,
        since=kept["since"],
        next_page=kept["next_page"],
        secret=kept["secret"],
        device_id=kept["device_id"],
        codes=tuple(kept["codes"]),
        link=kept["link"],
    )


def change(request: HttpRequest, pending: Pending, **changed: Any) -> Pending:
    """Remember new values of some fields, and return what is remembered now."""
    pending = replace(pending, **changed)
    _keep(request, pending)
    return pending


def drop(request: HttpRequest) -> None:
    """Forget who was on the way in."""
    request.session.pop(_KEY, None)


def _keep(request: HttpRequest, pending: Pending) -> None:
    """Seal it: neither an authenticator's secret nor a recovery code stands in the table of sessions in clear."""
    kept = {
        "user": pending.user.pk,
        "hash": pending.user.get_session_auth_hash(),
        "since": pending.since,
        "next_page": pending.next_page,
        "secret": pending.secret,
        "device_id": pending.device_id,
        "codes": pending.codes,
        "link": pending.link,
    }
    sealed = seal(key=key_for(Purpose.LOGIN), plaintext=json.dumps(kept).encode(), bound_to=_PLACE)
    request.session[_KEY] = base64.b64encode(sealed).decode()


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    sealed = base64.b64decode(request.session.get(_KEY, ""))
    try:
        kept: dict[str, Any] = json.loads(opened(Purpose.LOGIN, sealed=sealed, bound_to=_PLACE))
    except Unreadable:
        return None
    return kept
