"""The first step: the password; and changing one's own."""

import secrets
from datetime import datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import get_hasher, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts import limits, notices
from jknoffice.accounts.limits import Limit
from jknoffice.accounts.login import attempts
from jknoffice.accounts.login.attempts import DOOR
from jknoffice.accounts.login.known import NO_BROWSER, Browser
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal

WINDOW = timedelta(minutes=15)
FROM_HERE = Limit(name="password for one name from one address", most=10, window=WINDOW)
FOR_NAME = Limit(name="password for one name", most=50, window=WINDOW)
FOR_ADDRESS = Limit(name="passwords from one address", most=100, window=WINDOW)
IN_BROWSER = Limit(name="password for one person in a browser they have used", most=10, window=WINDOW)
"""The limits of wrong passwords. A stranger uses up the first for their own address only: the owner still gets in. One
with many addresses uses up the second, and then the owner still gets in with a browser that knows them: only the last
limit counts there (`known`). Each is over after a quarter of an hour: nobody is locked out for good."""


OWN = Limit(name="own password", most=5, window=WINDOW)
"""Wrong present passwords of somebody who is logged in: a session that was left open is no place to guess."""
CHANGE_REFUSED = "account.password_refused"


class WrongPresentPassword(Refusal):
    """Whoever is at this session does not know the password of its owner."""

    code = "password"
    sentence = _("Your present password is wrong. Type it again.")


class PasswordMoved(Refusal):
    """The password that was proved is the person's no more: changed elsewhere, or made void."""

    code = "password_moved"
    sentence = _("Your password was changed or made void a moment ago. Log in anew.")


class LoginRefused(Refusal):
    """The same sentence for every cause, so that nobody learns which user names exist."""

    code = "login_refused"
    sentence = _("User name or password is wrong.")


def check(*, username: str, password: str, address: str, at: datetime, browser: Browser = NO_BROWSER) -> User:
    """Return the staff member with this user name and password, who is not logged in by that.

    Wrong attempts count by name and by `address` (of the client), or for a `browser` that knows the person. An unknown
    name takes as long as a wrong password. Raises `LoginRefused` and `attempts.TooManyAttempts`, which are recorded;
    call it outside of a transaction.
    """
    user = User.objects.filter(username=username).first()
    counted: tuple[tuple[Limit, str], ...] = (
        (FROM_HERE, f"{username} {address}"),
        (FOR_NAME, username),
        (FOR_ADDRESS, address),
    )
    if user and user.pk in browser.people:
        counted = ((IN_BROWSER, f"{user.pk} {browser.name}"),)
    for limit, subject in counted:
        attempts.demand(limit, subject, by=DOOR, at=at, username=username)
    reason = _fault(user, password)
    if user is None or reason:
        about = Thing.of(user) if user else None
        attempts.refused(reason, by=DOOR, at=at, about=about, username=username)
        raise LoginRefused
    for limit, subject in counted:
        limits.give_back(limit, subject, at=at)
    return user


def prove(*, user: User, typed: str, at: datetime, action: str = CHANGE_REFUSED) -> None:
    """Accept the present password of somebody who is logged in.

    Raises `WrongPresentPassword` and `attempts.TooManyAttempts`, which are recorded as `action`; wrong ones are
    counted. Call it outside of a transaction.
    """
    me, myself, subject = user.as_actor(), Thing.of(user), str(user.pk)
    attempts.demand(OWN, subject, by=me, about=myself, at=at, action=action)
    if not user.check_password(typed):
        attempts.refused(WrongPresentPassword.code, by=me, about=myself, at=at, action=action)
        raise WrongPresentPassword
    limits.give_back(OWN, subject, at=at)


@transaction.atomic
def change(*, user: User, new: str) -> None:
    """Give the user the password `new`, which has been validated. Their other sessions end by that.

    Raises `PasswordMoved` when the password is another one than `user` was loaded with: what an administrator has made
    void meanwhile stays void.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    if row.password != user.password:
        raise PasswordMoved
    user.set_password(new)
    user.save(update_fields=["password"])
    record("account.password_changed", by=user.as_actor(), about=Thing.of(user))
    notices.order(user=user, event=notices.Event.PASSWORD, at=clock.now())


def _fault(user: User | None, password: str) -> str:
    """Return the code of what stands against this log-in, or "". The same is done for a name that nobody has."""
    nobody = User(password=_hash_of_nobody(get_hasher().algorithm))
    if not (user or nobody).check_password(password) or user is None:
        return "password"
    if not user.is_active:
        return "inactive"
    return "" if user.is_staff else "not_staff"


@cache
def _hash_of_nobody(algorithm: str) -> str:
    """Return a slow hash of the kind in use, of a password that nobody knows; made once in each process."""
    return make_password(secrets.token_urlsafe(), hasher=algorithm)
