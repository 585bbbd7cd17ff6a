"""Logging in with user name or e-mail and a password, by the same limits as staff; and going again."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts import limits
from jknoffice.accounts.login import attempts
from jknoffice.accounts.login.attempts import DOOR
from jknoffice.accounts.login.password import FOR_ADDRESS, FOR_NAME, FROM_HERE
from jknoffice.audit.log import Thing, record, record_alone
from jknoffice.refusal import Refusal
from participants.account import SELF
from participants.models import ParticipantAccount

REFUSED = "participant.login_refused"


class LoginRefused(Refusal):
    """The same sentence for every cause, so that nobody learns who has an account."""

    code = "login_refused"
    sentence = _("User name, e-mail or password is wrong.")


def find(name: str) -> ParticipantAccount | None:
    """Return the account with this user name or confirmed e-mail address, in whatever letters it was typed."""
    typed = name.strip().lower()
    column = "email" if "@" in typed else "username"
    return ParticipantAccount.objects.select_related("peserta").filter(**{column: typed}).first()


def check(*, name: str, password: str, address: str, at: datetime) -> ParticipantAccount:
    """Return the account with this user name or e-mail and this password; nobody is logged in by that.

    Wrong attempts count by name and by `address` (of the client). An unknown name takes as long as a wrong password.
    Raises `LoginRefused` and `attempts.TooManyAttempts`, which are recorded; call it outside of a transaction.
    """
    whose = f"participant {name.strip().lower()}"
    counted = ((FROM_HERE, f"{whose} {address}"), (FOR_NAME, whose), (FOR_ADDRESS, address))
    for limit, subject in counted:
        attempts.demand(limit, subject, by=DOOR, at=at, username=name, action=REFUSED)
    account = find(name)
    if account is None:
        make_password(password)
    if account is None or not check_password(password, account.password):
        about = Thing.of(account) if account else None
        attempts.refused("password", by=DOOR, at=at, about=about, username=name, action=REFUSED)
        raise LoginRefused
    for limit, subject in counted:
        limits.give_back(limit, subject, at=at)
    return account


@transaction.atomic
def enter(*, account: ParticipantAccount, at: datetime) -> None:
    """Record that somebody has logged in."""
    account.last_login = at
    account.save(update_fields=["last_login"])
    record("participant.login", by=SELF, about=Thing.of(account), subject=account.peserta.uuid, at=at)


def leave(*, account: ParticipantAccount) -> None:
    """Record that somebody has logged out; outside of a transaction."""
    record_alone("participant.logout", by=SELF, about=Thing.of(account), subject=account.peserta.uuid)
