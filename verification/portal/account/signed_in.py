"""Which participant a browser has logged in as. It has nothing to do with a log-in of staff.

A session holds one of the two: a participant's log-in begins a new session, and says nothing in one of staff.
"""

from datetime import datetime, timedelta

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from jknoffice import clock
from participants.models import ParticipantAccount

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)

_KEY = "portal_account"


def begin(request: HttpRequest, account: ParticipantAccount) -> None:
    """Let this browser act for `account`, in a new session: nothing of what was there before goes along."""
    request.session.flush()
    rotate_token(request)
    now = clock.now()
    request.session[_KEY] = {
        "pk": account.pk,
        "hash": account.get_session_auth_hash(),
        "over": (now + LONGEST).isoformat(),
        "until": (now + IDLE).isoformat(),
    }


def held(request: HttpRequest) -> ParticipantAccount | None:
    """Return the account of this browser, or None; each use extends the time. A new password ends the session."""
    kept, now = request.session.get(_KEY), clock.now()
    if not kept or SESSION_KEY in request.session:
        return None
    if min(datetime.fromisoformat(kept[end]) for end in ("until", "over")) <= now:
        return None
    account = ParticipantAccount.objects.select_related("peserta").filter(pk=kept["pk"]).first()
    if account is None or not constant_time_compare(kept["hash"], account.get_session_auth_hash()):
        return None
    request.session[_KEY] = kept | {"until": (now + IDLE).isoformat()}
    return account


def end(request: HttpRequest) -> None:
    """End a participant's session, and leave one of staff alone."""
    if _KEY in request.session and SESSION_KEY not in request.session:
        request.session.flush()
    request.session.pop(_KEY, None)
