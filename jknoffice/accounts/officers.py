"""Two officers at a terminal: what destroys values of the log, or begins it anew, takes two persons.

Each proves with password and authenticator who they are. A recovery code is not enough: it is a paper that lies about.
"""

import getpass
import warnings
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.login import attempts, authenticator, factors, password
from jknoffice.accounts.models import User
from jknoffice.audit.entry import NotPlain, demand_plain
from jknoffice.audit.log import Thing, record_alone
from jknoffice.refusal import Refusal

SHRED, OPEN_ORIGIN = "audit.shred_subject", "audit.open_origin"
"""The permissions, from `roles.py`."""

ADDRESS = "terminal"
"""Stands for the client's address where wrong passwords are counted."""

Ask: TypeAlias = Callable[[str], str]
"""Shows a prompt and returns what was typed, without the line end."""


class NotAnOfficer(Refusal):
    """The role does not carry the permission."""

    code = "not_an_officer"
    sentence = _("Your role may not do this.")


class SamePerson(Refusal):
    """Two accounts of one person, or one account twice."""

    code = "same_person"
    sentence = _("The two officers must be two persons.")


class OnlyAuthenticator(Refusal):
    """What was typed is no code of an authenticator, perhaps a recovery code; that is not used up."""

    code = "only_authenticator"
    sentence = _("Type the six digits of your authenticator. Recovery codes do not count here.")


class NoTerminal(Refusal):
    """There is nobody to ask: what is typed could be read from a file or shown."""

    code = "no_terminal"
    sentence = _("This command asks two people at a terminal: start it at one.")


def typed_unseen(prompt: str) -> str:
    """Ask at the terminal without echo. Raises `NoTerminal`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (getpass.GetPassWarning, EOFError) as error:
        raise NoTerminal from error


def prove_two(*, first: str, second: str, permission: str, at: datetime, ask: Ask = typed_unseen) -> tuple[User, User]:
    """Ask two people, by their user names, for password and code, and return their accounts.

    Both must be active staff whose role carries `permission` (`app.codename`), and two persons. Raises
    `password.LoginRefused`, `attempts.TooManyAttempts`, `SamePerson`, `NotAnOfficer`, `OnlyAuthenticator`,
    `factors.WrongCode` and `factors.UsedCode`, all recorded, wrong ones counted with those of the log-in; and
    `NoTerminal`. Call it outside of a transaction.
    """
    one = _prove(first, permission, at, ask, beside=None)
    return one, _prove(second, permission, at, ask, beside=one)


def _prove(username: str, permission: str, at: datetime, ask: Ask, *, beside: User | None) -> User:
    typed = ask(f"Password of {username}: ")
    try:
        demand_plain([username, typed])
    except NotPlain as error:  # no account has such a name or password
        raise password.LoginRefused from error
    user = password.check(username=username, password=typed, address=ADDRESS, at=at)
    if beside is not None and user.person_id == beside.person_id:
        raise _refused(user, SamePerson(), at)
    if not user.has_perm(permission):
        raise _refused(user, NotAnOfficer(), at)
    _demand_code(user, ask(f"Authenticator code of {username}: "), at)
    return user


def _demand_code(user: User, typed: str, at: datetime) -> None:
    """Accept a code of the authenticator only; anything else counts as wrong, and no recovery code is used up."""
    if authenticator.token_in(typed) is None:
        attempts.demand(factors.WRONG_CODES, str(user.pk), by=user.as_actor(), about=Thing.of(user), at=at)
        raise _refused(user, OnlyAuthenticator(), at)
    factors.verify(user=user, typed=typed, at=at)


def _refused(user: User, refusal: Refusal, at: datetime) -> Refusal:
    record_alone("account.officer_refused", by=user.as_actor(), about=Thing.of(user), reason=refusal.code, at=at)
    return refusal
