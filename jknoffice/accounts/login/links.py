"""One-time links: how somebody without a password, or whose second step was reset, gets in.

A link alone opens nothing that its owner has: who has a password types it as well. Only a keyed hash of the secret is
kept; it stands in no log (routes are logged, not paths) and in no Referer (its page leads on to another address).
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts import limits, notices
from jknoffice.accounts.login import attempts, password
from jknoffice.accounts.login.known import NO_BROWSER, Browser
from jknoffice.accounts.models import StaffLink, User
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.crypto import Purpose, key_for, keyed_hash
from jknoffice.refusal import Refusal

LIFETIME = timedelta(hours=72)
SECRET_BYTES = 24
"""192 random bits."""
WRONG = limits.Limit(name="wrong one-time links from one address", most=20, window=timedelta(minutes=15))
MADE, REVOKED, USED, REFUSED = (f"account.link_{what}" for what in ("made", "revoked", "used", "refused"))


class LinkRefused(Refusal):
    """The same sentence for what never was a link, has been used, was replaced or is too old."""

    code = "link_refused"
    sentence = _(
        "This link does not work. A link works once, for 72 hours, and until a newer one is made."
        " Ask your staff administrator for a new one."
    )


class NeedsLink(Refusal):
    """A password alone does not set up the second step here."""

    code = "needs_link"
    sentence = _(
        "Your second step can be set up with a one-time link only. Ask your staff administrator for one, in person."
    )


def issue(*, user: User, by: Actor, made_by: User | None, at: datetime) -> str:
    """Make a link for `user` and return its address, to be shown once; an earlier one is dead.

    To be called inside a transaction, with the row of `user` locked.
    """
    _end(user, at)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    StaffLink.objects.create(
        user=user, digest=bytes.fromhex(digest_of(secret)), made_by=made_by, made_at=at, expires_at=at + LIFETIME
    )
    record(MADE, by=by, about=Thing.of(user), after={"hours": LIFETIME // timedelta(hours=1)}, at=at)
    return settings.JKN_SITE_URL + reverse("admin:login_link", args=[secret])


def revoke(*, user: User, by: Actor, at: datetime) -> bool:
    """Let the living link of `user` work no more; return whether there was one. To be called like `issue()`."""
    ended = bool(_end(user, at))
    if ended:
        record(REVOKED, by=by, about=Thing.of(user), at=at)
    return ended


def digest_of(secret: str) -> str:
    """Return what is kept of a secret, in hexadecimal: with it nobody makes the link."""
    return keyed_hash(key_for(Purpose.STAFF_LINK), secret).hex()


def owner_of(*, digest: str, address: str, at: datetime) -> User:
    """Return whose living link has this digest (hexadecimal), and change nothing.

    What is none counts for the client's `address`. Raises `LinkRefused` and `attempts.TooManyAttempts`, which are
    recorded. Call it outside of a transaction.
    """
    attempts.demand(WRONG, address, by=attempts.DOOR, at=at, action=REFUSED)
    # The time of the look-up tells nothing: the index holds keyed hashes, of which nobody can make a near one.
    link = living(at).filter(digest=_bytes(digest)).select_related("user").first()
    if link is None or not link.user.is_active:
        attempts.refused(LinkRefused.code, by=attempts.DOOR, at=at, action=REFUSED)
        raise LinkRefused
    limits.give_back(WRONG, address, at=at)
    return link.user


def use(*, digest: str, typed: str, address: str, at: datetime, browser: Browser = NO_BROWSER) -> tuple[User, int]:
    """Use a link up; return its owner, who is on the way in by that, and the link's number for `factors.enrol()`.

    `typed` becomes the password of who has none (validate it before), and has to be the password of who has one.
    Raises what `owner_of()` and `password.check()` raise. Call it outside of a transaction.
    """
    user = owner_of(digest=digest, address=address, at=at)
    if has_password := user.has_usable_password():
        password.check(username=user.username, password=typed, address=address, at=at, browser=browser)
    try:
        return _use(user, digest, "" if has_password else typed, at)
    except LinkRefused:  # somebody was faster
        attempts.refused(LinkRefused.code, by=attempts.DOOR, at=at, action=REFUSED)
        raise


@transaction.atomic
def _use(user: User, digest: str, new: str, at: datetime) -> tuple[User, int]:
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    link = living(at).filter(user=row, digest=_bytes(digest)).first()
    if link is None or not row.is_active or row.has_usable_password() is bool(new):
        raise LinkRefused
    if new:
        row.set_password(new)
        row.save(update_fields=["password"])
        if not row.needs_link:  # somebody invited had no password before that they could miss
            notices.order(user=row, event=notices.Event.PASSWORD, at=at)
    link.used_at, link.chose_password = at, bool(new)
    link.save(update_fields=["used_at", "chose_password"])
    record(USED, by=row.as_actor(), about=Thing.of(row), after={"password_set": bool(new)}, at=at)
    return row, link.pk


def demand(*, user: User, link: int) -> None:
    """Raise `NeedsLink` unless `user`, whose row is locked, may set up a second step.

    `link` is the number of the link they came in with, 0 without: it has to be the last one that was made for them.
    """
    if user.needs_link and not may_enrol(user=user, link=link):
        raise NeedsLink


def may_enrol(*, user: User, link: int) -> bool:
    """Return whether a link stands behind this way in, where one has to."""
    if not user.needs_link:
        return True
    last = StaffLink.objects.filter(user=user).order_by("-pk").first()
    return last is not None and last.pk == link and last.used_at is not None


def handed_password(*, user: User, by: User) -> bool:
    """Return whether the present password of `user` was chosen with a link that `by` made, by person.

    Until `user` has logged in with it, by password and second step, it may have been chosen by whoever made the link.
    """
    chosen = StaffLink.objects.filter(user=user, chose_password=True).select_related("made_by").order_by("-pk").first()
    if chosen is None or chosen.made_by is None or chosen.used_at is None:
        return False
    proved = user.last_login is not None and user.last_login > chosen.used_at
    return not proved and chosen.made_by.person_id == by.person_id


def first_used(*, user: User) -> StaffLink | None:
    """Return the link with which an account was entered for the first time, None where none was used."""
    return StaffLink.objects.filter(user=user, used_at__isnull=False).select_related("made_by").order_by("pk").first()


def works(*, link: str, at: datetime) -> bool:
    """Return whether a link, by its address, still lets somebody in."""
    secret = link.rstrip("/").rsplit("/", 1)[-1]
    return living(at).filter(digest=_bytes(digest_of(secret))).exists()


def settle(*, user: User) -> None:
    """Let the password lead to the second step again, which has just been set up. Inside that step's transaction."""
    User.objects.filter(pk=user.pk, needs_link=True).update(needs_link=False)


def living(at: datetime) -> QuerySet[StaffLink]:
    """Return the links that let somebody in at this moment."""
    return StaffLink.objects.filter(used_at=None, revoked_at=None, expires_at__gt=at)


def _end(user: User, at: datetime) -> int:
    return StaffLink.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=at)


def _bytes(digest: str) -> bytes:
    try:
        return bytes.fromhex(digest)
    except ValueError:
        return b""
