"""Browsers in which somebody has logged in before: strangers who guess elsewhere do not shut them out.

OWASP calls this device cookies. It opens nothing: it says which limit of wrong passwords a log-in counts for.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jknoffice.accounts.models import User

LIFETIME = timedelta(days=90)
MOST_PEOPLE = 8
"""So many colleagues may share a browser; whoever has not used it for longest is forgotten first."""
_SALT = "jknoffice.accounts.login.known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """A browser by a random name, and the primary keys of who has logged in with it, the last one first."""

    name: str
    people: tuple[int, ...]


NO_BROWSER = Browser(name="", people=())


def browser_of(request: HttpRequest) -> Browser:
    """Return what the browser's cookie says; a new one without people when it says nothing that we have signed."""
    age = int(LIFETIME.total_seconds())
    kept = request.get_signed_cookie(settings.KNOWN_COOKIE_NAME, default="", salt=_SALT, max_age=age)
    name, _, people = str(kept or "").partition(".")
    named = tuple(int(each) for each in people.split(".") if each)
    return Browser(name=name or secrets.token_urlsafe(16), people=named)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the browser say from now on that `user`, who has passed both steps, has logged in with it."""
    known = browser_of(request)
    people = [user.pk, *(each for each in known.people if each != user.pk)][:MOST_PEOPLE]
    response.set_signed_cookie(
        settings.KNOWN_COOKIE_NAME,
        ".".join([known.name, *map(str, people)]),
        salt=_SALT,
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
