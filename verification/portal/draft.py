"""What a participant has handed in so far, before it becomes a request.

It lies in the session, encrypted: nothing that was typed stands in an address, in a hidden field, or readable in the
database. A page without script and a connection that breaks lose nothing but the step that was under way.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.sessions.backends.base import SessionBase

from jknoffice import clock
from jknoffice.crypto import Purpose, Unreadable, key_for, opened, seal
from verification.models.choices import ChangeReason, DocumentKind
from verification.portal.pending import PendingPhoto

LIFETIME = timedelta(hours=1)
"""How long a draft is kept after its last step, unless it is saved for later (`saved`)."""
WANTED = (DocumentKind.KTP, DocumentKind.CARD)

_KEY = "portal_draft"
_PLACE = "portal draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The typed data in the form in which `changes.Intake` takes it, and the photos accepted so far."""

    identifier: str
    birth_date: date
    new_phone: str
    reason: ChangeReason
    submission: UUID = field(default_factory=uuid4)
    photos: Mapping[DocumentKind, PendingPhoto] = field(default_factory=dict)

    @property
    def missing(self) -> DocumentKind | None:
        """The next photo that is still wanted, or None."""
        return next((kind for kind in WANTED if kind not in self.photos), None)


def save(session: SessionBase, draft: Draft) -> None:
    """Keep a draft in the session, for `LIFETIME` from now."""
    sealed = seal_up(draft, until=clock.now() + LIFETIME)
    session[_KEY] = base64.b64encode(sealed).decode()


def load(session: SessionBase) -> Draft | None:
    """Return the session's draft, or None when there is none, it is too old, or its key has been replaced."""
    return open_up(base64.b64decode(session[_KEY])) if _KEY in session else None


def seal_up(draft: Draft, *, until: datetime) -> bytes:
    """Return a draft encrypted; it can be opened before `until`."""
    plain = {
        "until": until.isoformat(),
        "identifier": draft.identifier,
        "birth_date": draft.birth_date.isoformat(),
        "new_phone": draft.new_phone,
        "reason": draft.reason,
        "submission": str(draft.submission),
        "photos": {
            kind: [photo.storage_key, photo.data_key.hex(), photo.width, photo.height]
            for kind, photo in draft.photos.items()
        },
    }
    return seal(key=key_for(Purpose.DRAFT), plaintext=json.dumps(plain).encode(), bound_to=_PLACE)


def open_up(sealed: bytes) -> Draft | None:
    """Return what `seal_up()` was given, or None when it is too old or its key has been replaced."""
    try:
        plain = json.loads(opened(Purpose.DRAFT, sealed=sealed, bound_to=_PLACE))
    except Unreadable:
        return None
    if datetime.fromisoformat(plain["until"]) <= clock.now():
        return None
    return Draft(
        identifier=plain["identifier"],
        birth_date=date.fromisoformat(plain["birth_date"]),
        new_phone=plain["new_phone"],
        reason=ChangeReason(plain["reason"]),
        submission=UUID(plain["submission"]),
        photos={
            DocumentKind(kind): PendingPhoto(storage_key, bytes.fromhex(data_key), width, height)
            for kind, (storage_key, data_key, width, height) in plain["photos"].items()
        },
    )


def clear(session: SessionBase) -> None:
    """Forget the draft, and with it the keys of its photos.

    Their files stay for the sweep: a second click on "send" may be reading them.
    """
    session.pop(_KEY, None)
