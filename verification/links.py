"""Private links: a random secret in an address, of which only a keyed hash is kept."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from jknoffice.crypto import Purpose, key_for, keyed_hash
from verification.models import PhoneChangeRequest, PrivateLink
from verification.models.link import LinkKind

SECRET_BYTES = 16
"""128 random bits: 22 characters, so that a link fits into one SMS."""
LIFETIME = timedelta(days=60)
"""How long a link to a request works at most: longer than a change can be held and undone."""


def to_request(*, kind: LinkKind, request: PhoneChangeRequest, at: datetime) -> str:
    """Make a link to `request` in the caller's transaction and return its address, for a message."""
    secret = new_secret()
    PrivateLink.objects.create(
        kind=kind, digest=digest(kind, secret), request=request, created_at=at, expires_at=at + LIFETIME
    )
    name = "portal:not_me" if kind is LinkKind.OBJECTION else "portal:private"
    return settings.JKN_SITE_URL + reverse(name, args=[secret])


def new_secret() -> str:
    """Return a fresh secret as it stands in an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def living(*, kind: LinkKind, secret: str, at: datetime) -> QuerySet[PrivateLink]:
    """Return the link with this secret, whatever was typed for one, or nothing when its time is over."""
    return PrivateLink.objects.filter(kind=kind, digest=digest(kind, secret), expires_at__gt=at, used_at=None)


def digest(kind: LinkKind, secret: str) -> bytes:
    """Return what is kept of a secret."""
    return keyed_hash(key_for(Purpose.LINK), kind, secret)
