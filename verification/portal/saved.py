"""A draft that outlives the browser: saved for 24 hours behind a private link, whose secret only its holder has.

Each time it is saved the link holds what there is then. Sent, it makes the same one request as the draft it came from.
"""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from verification import links
from verification.models import PrivateLink
from verification.models.link import LinkKind
from verification.portal import draft as drafts
from verification.portal.draft import Draft

LIFETIME = timedelta(hours=24)

_KEY = "portal_draft_link"


def save(session: SessionBase, draft: Draft, *, at: datetime) -> str:
    """Save a draft and return the secret of its link; the session's link of before leads nowhere any more."""
    forget(session)
    secret, until = links.new_secret(), at + LIFETIME
    link = PrivateLink.objects.create(
        kind=LinkKind.DRAFT,
        digest=links.digest(LinkKind.DRAFT, secret),
        sealed=drafts.seal_up(draft, until=until),
        created_at=at,
        expires_at=until,
    )
    session[_KEY] = link.pk
    return secret


def resume(session: SessionBase, *, secret: str, at: datetime) -> Draft | None:
    """Put the draft behind a link into this session and return it, or None when the link is unknown or over."""
    link = links.living(kind=LinkKind.DRAFT, secret=secret, at=at).first()
    draft = drafts.open_up(bytes(link.sealed or b"")) if link else None
    if link and draft:
        drafts.save(session, draft)
        session[_KEY] = link.pk
    return draft


def forget(session: SessionBase) -> None:
    """Delete what this session saved for later: it has been sent, or saved anew."""
    PrivateLink.objects.filter(kind=LinkKind.DRAFT, pk=session.pop(_KEY, None)).delete()
