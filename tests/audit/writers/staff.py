"""Staff life among the writers: its addresses."""

from collections.abc import Callable
from typing import Any, TypeAlias

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.life import inviting, letters, moving, passwords, proposing
from jknoffice.accounts.life.rules import ResetWhy, VoidWhy, Why
from jknoffice.accounts.login import links
from jknoffice.accounts.models import Proposal, User
from jknoffice.accounts.roles import Role
from tests import make
from tests.accounts.life import walk

Visit: TypeAlias = Callable[[Client], object]
Call: TypeAlias = Callable[[], object]


def _admin(client: Client) -> Client:
    return make.logged_in(make.staff(Role.ADMIN), client)


def _about(name: str, prepare: Callable[[], User] = make.staff, **given: Any) -> Visit:
    return lambda c: walk.step(_admin(c), name, prepare(), **given)


def _invited() -> User:
    return walk.invited()[0]


def _suspended() -> User:
    user = make.staff()
    walk.step(walk.admin()[1], "suspend", user)
    return user


def _with_factor() -> User:
    user = make.staff()
    make.authenticator(user)
    return user


def _waiting() -> User:
    _user, client = walk.admin()
    walk.invite(client, role="admin")
    user = User.objects.get(username="siti.rahma")
    client.post(walk.address("withdraw", Proposal.objects.get().pk))
    return user


def _proposed(page: str) -> Visit:
    def visit(client: Client) -> object:
        user = make.staff()
        make.authenticator(user)
        proposal = proposing.ask_reset(user=user, why=ResetWhy.LOST, by=make.staff(Role.ADMIN))
        return _admin(client).post(walk.address(page, proposal.pk))

    return visit


def _joined(client: Client) -> object:
    walk.opened(walk.invited()[1], client)
    return walk.choose(client)


def auditor_looks(client: Client) -> object:
    make.logged_in(make.staff(Role.AUDITOR), client)
    return client.get(reverse("admin:staff_rights"))


RECORDED: dict[str, tuple[Visit, list[str]]] = {
    "login_join": (_joined, ["account.link_used"]),
    "staff_invite": (lambda c: walk.invite(_admin(c)), ["account.created", "account.link_made"]),
    "staff_link": (_about("link", _invited), ["account.link_made"]),
    "staff_unlink": (_about("unlink", _invited), ["account.link_revoked"]),
    "staff_move": (_about("move", role="auditor", branch=""), ["account.moved"]),
    "staff_suspend": (_about("suspend"), ["account.suspended"]),
    "staff_lift": (_about("lift", _suspended), ["account.lifted"]),
    "staff_leave": (_about("leave"), ["account.left"]),
    "staff_void": (_about("void", _with_factor), ["account.password_voided", "account.link_made"]),
    "staff_reset": (_about("reset"), ["account.proposal_asked"]),
    "staff_release": (_about("release", _waiting), ["account.proposal_asked"]),
    "staff_confirm": (
        _proposed("confirm"),
        [
            "account.proposal_confirmed",
            "account.second_factor_reset",
            "account.sessions_ended",
            "account.link_made",
        ],
    ),
    "staff_withdraw": (_proposed("withdraw"), ["account.proposal_withdrawn"]),
    "staff_rights_file": (lambda c: _admin(c).post(walk.address("rights_file")), ["account.rights_exported"]),
}
ELSEWHERE = {
    "account.link_refused": "tests/accounts/life/test_inviting.py",
    "account.staff_refused": "tests/accounts/life/test_moving.py",
    "account.letter_failed": "tests/accounts/life/test_letters.py",
}

NOW = timezone.now()


def _on_an_account(call: Callable[[User, User], object], *, factor: bool = False) -> Callable[[], Call]:
    """A domain call about somebody, by an administrator."""

    def prepare() -> Call:
        user, by = make.staff(), make.staff(Role.ADMIN)
        if factor:
            make.authenticator(user)
        return lambda: call(user, by)

    return prepare


def _invite() -> Call:
    by = make.staff(Role.ADMIN)
    given: dict[str, Any] = {"username": "siti", "full_name": "Siti", "nik": walk.NIK, "branch": None}
    return lambda: inviting.invite(**given, role=Role.AUDITOR, by=by)


def _confirm() -> Call:
    user, second = make.staff(), make.staff(Role.ADMIN)
    make.logged_in(user)
    proposal = proposing.ask_reset(user=user, why=ResetWhy.LOST, by=make.staff(Role.ADMIN))
    return lambda: proposing.confirm(proposal=proposal, by=second)


def _use() -> Call:
    _user, secret = walk.invited()
    digest = links.digest_of(secret)
    return lambda: links.use(digest=digest, typed=walk.PASSWORD, address="203.0.113.7", at=NOW)


def _letter() -> Call:
    walk.invite(walk.admin()[1], email="siti@contoh.example")
    return lambda: letters.send_waiting(at=NOW)


OTHERS: dict[str, tuple[Callable[[], Call], list[str]]] = {
    "life.inviting.invite": (_invite, ["account.created", "account.link_made"]),
    "life.moving.move": (
        _on_an_account(
            lambda user, by: moving.move(user=user, role=Role.AUDITOR, branch=None, why=Why.NEW_TASK, by=by)
        ),
        ["account.moved"],
    ),
    "life.moving.suspend": (
        _on_an_account(lambda user, by: moving.suspend(user=user, why=Why.INQUIRY, by=by)),
        ["account.suspended"],
    ),
    "life.moving.leave": (
        _on_an_account(lambda user, by: moving.leave(user=user, why=Why.LEFT, by=by)),
        ["account.left"],
    ),
    "life.passwords.void": (
        _on_an_account(lambda user, by: passwords.void(user=user, why=VoidWhy.FORGOTTEN, by=by), factor=True),
        ["account.password_voided", "account.link_made"],
    ),
    "life.proposing.ask_reset": (
        _on_an_account(lambda user, by: proposing.ask_reset(user=user, why=ResetWhy.LOST, by=by), factor=True),
        ["account.proposal_asked"],
    ),
    "life.proposing.confirm": (
        _confirm,
        ["account.proposal_confirmed", "account.second_factor_reset", "account.sessions_ended", "account.link_made"],
    ),
    "login.links.use": (_use, ["account.link_used"]),
    "life.letters.send_waiting": (_letter, ["account.letter_sent"]),
}
