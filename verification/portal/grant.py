"""Which request a browser may see: granted to who sent it, or gave its reference and date of birth.

Reference and date of birth stand on a receipt that others may see: who has only shown these may look, but changes a
request only after a proof that the new number is theirs.

The session holds the row's number, so that no address and no page carries anything that could be passed on.
"""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from jknoffice import clock
from verification.models import PhoneChangeRequest

LIFETIME = timedelta(hours=1)

_KEY = "portal_request"


def give(session: SessionBase, request: PhoneChangeRequest, *, proved: bool = False) -> None:
    """Let this session see a request for `LIFETIME`, and change it when it sent it or has `proved` the number."""
    session[_KEY] = {"pk": request.pk, "until": (clock.now() + LIFETIME).isoformat(), "proved": proved}


def is_proved(session: SessionBase, request: PhoneChangeRequest) -> bool:
    """Return whether this session may change the request that it holds; before a number is confirmed, any may."""
    return request.confirmed_at is None or bool(session.get(_KEY, {}).get("proved"))


def held(session: SessionBase) -> PhoneChangeRequest | None:
    """Return the request that this session may see now, or None; each use extends the time."""
    kept = session.get(_KEY)
    if not kept or datetime.fromisoformat(kept["until"]) <= clock.now():
        return None
    request = PhoneChangeRequest.objects.select_related("peserta").filter(pk=kept["pk"]).first()
    if request:
        give(session, request, proved=bool(kept.get("proved")))
    return request


def drop(session: SessionBase) -> None:
    """Let this session see no request any more."""
    session.pop(_KEY, None)
