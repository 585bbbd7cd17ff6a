"""The first step: the password."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts import limits
from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record_alone
from jknoffice.refusal import Refusal

WINDOW = timedelta(minutes=15)
FROM_HERE = limits.Limit(name="password from one address", most=10, window=WINDOW)
FOR_NAME = limits.Limit(name="password for one name", most=50, window=WINDOW)
FOR_ADDRESS = limits.Limit(name="passwords from one address", most=200, window=WINDOW)
DOOR = Actor.system("login")


class LoginRefused(Refusal):
    """The same sentence for every cause, so that nobody learns which user names exist."""

    code = "login_refused"
    sentence = _("User name or password is wrong.")


class TooManyLogins(LoginRefused):
    """Too many attempts."""

    code = "too_many"
    sentence = _("Too many attempts. Wait 15 minutes, then try again.")


def check(*, username: str, password: str, address: str, at: datetime) -> User:
    """Return the staff member with this user name and password.

    Every attempt counts, by name and by `address` (of the client). An unknown name takes as long as a wrong password.
    Raises `LoginRefused`, which is recorded; what was typed as a user name counts as personal, for people type
    passwords there. Call it outside of a transaction.
    """
    counted = (
        limits.count(FROM_HERE, f"{username} {address}", at=at),
        limits.count(FOR_NAME, username, at=at),
        limits.count(FOR_ADDRESS, address, at=at),
    )
    if not all(counted):
        _refuse(TooManyLogins(), "too_many", username)
    user = User.objects.filter(username=username).first()
    if user is None:
        make_password(password)
        _refuse(LoginRefused(), "password", username)
    elif not user.check_password(password):
        _refuse(LoginRefused(), "password", username)
    elif not user.is_active:
        _refuse(LoginRefused(), "inactive", username)
    elif not user.is_staff:
        _refuse(LoginRefused(), "not_staff", username)
    else:
        return user
    raise AssertionError("a refusal was raised above")


def _refuse(refusal: LoginRefused, reason: str, username: str) -> None:
    record_alone("account.login_refused", by=DOOR, reason=reason, pii={"username": username})
    raise refusal
