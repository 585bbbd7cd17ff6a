"""Moved, suspended, back, gone: what it ends at once, who may do it, and what nobody can undo."""

import json
from functools import partial
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.life import moving, rules
from jknoffice.accounts.life.rules import Why
from jknoffice.accounts.models import User
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from jknoffice.hands import Hand
from jknoffice.refusal import Refusal
from tests import cases, make
from tests.accounts import door
from tests.accounts.life import walk
from tests.hands import acting_as
from tests.verification.test_races import at_once
from verification import changes
from verification.changes import people
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


def entry(action: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(AuditLog.objects.filter(action=action).latest("pk").entry)
    return found


def at_work() -> tuple[User, Any, PhoneChangeRequest]:
    """An operator who is logged in and holds a case."""
    case = cases.queued()
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    return user, make.logged_in(user), case


def given_back(case: PhoneChangeRequest) -> bool:
    case.refresh_from_db()
    return case.claimed_by_id is None and case.status == Status.QUEUED


def elsewhere() -> dict[str, Any]:
    return {"branch": make.branch().pk}


@pytest.mark.parametrize(
    ("step", "given", "action", "state"),
    [
        ("move", elsewhere, "account.moved", State.ACTIVE),
        ("move", lambda: {"role": "auditor", "branch": ""}, "account.moved", State.ACTIVE),
        ("suspend", dict, "account.suspended", State.SUSPENDED),
        ("leave", dict, "account.left", State.LEFT),
    ],
)
def test_a_step_ends_the_sessions_and_gives_the_cases_back_at_once(
    step: str, given: Any, action: str, state: State
) -> None:
    # Given an operator who works on a case
    user, theirs, case = at_work()
    _admin, client = walk.admin()

    # When they are moved, suspended or leave
    answer = walk.step(client, step, user, **given())
    assert answer.headers["Location"] == reverse("admin:accounts_user_change", args=[user.pk])

    # Then their sessions are over, the case is free, and the log says who did it
    assert not door.is_in(theirs)
    assert given_back(case)
    user.refresh_from_db()
    assert user.state is state
    said, released = entry(action), entry("request.released")
    assert (said["actor"], said["after"]["handed_back"]) == (_admin.username, 1)
    assert (released["actor"], released["after"]["held_by"]) == (_admin.username, user.username)
    assert changes.claim(request=case, by=make.staff(branch=case.branch)).status == Status.IN_REVIEW


def test_a_second_opinion_that_was_claimed_goes_back_as_one() -> None:
    case = cases.in_state(Status.SECOND_REVIEW)
    supervisor = cases.reviewer(case, Role.SUPERVISOR)
    changes.claim(request=case, by=supervisor)
    walk.step(walk.admin()[1], "suspend", supervisor)
    case.refresh_from_db()
    assert (case.status, case.claimed_by_id) == (Status.SECOND_REVIEW, None)


def test_who_was_suspended_comes_back_and_who_has_left_does_not() -> None:
    user = make.staff()
    device = make.authenticator(user)
    _admin, client = walk.admin()
    walk.step(client, "suspend", user)
    assert "salah" in door.give_password(Client(), user).content.decode()
    walk.step(client, "lift", user)
    back = Client()
    door.give_password(back, user)
    door.give_code(back, door.code_of(device))
    assert door.is_in(back)
    walk.step(client, "leave", user)
    for step in ("lift", "move", "suspend", "leave", "void", "reset", "link"):
        walk.step(client, step, user, branch=make.branch().pk)
    user.refresh_from_db()
    assert (user.state, user.is_active) == (State.LEFT, False)
    assert AuditLog.objects.filter(action="account.staff_refused", reason="not_in_this_state").count() == 7
    for back_to in ({"left_at": None, "left_by": None}, {"left_at": None, "left_by": None, "is_active": True}):
        with pytest.raises(IntegrityError, match="does not come back"), transaction.atomic():
            User.objects.filter(pk=user.pk).update(**back_to)


@pytest.mark.parametrize("typed", ["", "somebody.else"])
def test_leaving_takes_the_user_name(typed: str) -> None:
    user = make.staff()
    page = walk.step(walk.admin()[1], "leave", user, typed=typed)
    assert (page.status_code, b"errorlist" in page.content) == (200, True)
    user.refresh_from_db()
    assert user.state is State.ACTIVE


STEPS: dict[str, Any] = {
    "move": lambda user, by: moving.move(user=user, role=Role.AUDITOR, branch=None, why=Why.NEW_TASK, by=by),
    "suspend": lambda user, by: moving.suspend(user=user, why=Why.INQUIRY, by=by),
    "leave": lambda user, by: moving.leave(user=user, why=Why.LEFT, by=by),
}


@pytest.mark.parametrize("step", STEPS)
def test_nobody_acts_on_an_account_of_their_own(step: str) -> None:
    admin = make.staff(Role.ADMIN, nik=walk.NIK)
    make.staff(Role.ADMIN)
    other_account = make.staff(nik=walk.NIK)
    for own in (admin, other_account):
        with pytest.raises(rules.Yourself):
            STEPS[step](own, admin)


@pytest.mark.parametrize("step", STEPS)
def test_the_last_administrator_stays(step: str) -> None:
    # The one who asks is suspended a moment later, or has yet to set up the second step: they do not count.
    last, by = make.staff(Role.ADMIN), make.staff(Role.ADMIN, needs_link=True)
    with pytest.raises(rules.LastAdmin):
        STEPS[step](last, by)
    by.needs_link = False
    by.save()
    STEPS[step](last, by)


def test_two_administrators_who_suspend_each_other_at_once_leave_one() -> None:
    for _ in range(10):
        User.objects.filter(role=Role.ADMIN).update(role=Role.AUDITOR)
        one, two = make.staff(Role.ADMIN), make.staff(Role.ADMIN)
        answers = at_once(
            partial(moving.suspend, user=one, why=Why.INQUIRY, by=two),
            partial(moving.suspend, user=two, why=Why.INQUIRY, by=one),
        )
        assert sum(isinstance(answer, Refusal) for answer in answers) == 1
        assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == 1


def test_a_claim_and_a_suspension_at_once_leave_no_claim() -> None:
    admin = make.staff(Role.ADMIN)
    for _ in range(10):
        case = cases.queued()
        user = cases.reviewer(case)
        answers = at_once(
            partial(changes.claim, request=case, by=user),
            partial(moving.suspend, user=user, why=Why.INQUIRY, by=admin),
        )
        assert isinstance(answers[0], PhoneChangeRequest | people.OutOfReach)
        assert given_back(case)


def test_a_supervisor_hands_no_case_to_somebody_who_is_suspended_at_this_moment() -> None:
    case = cases.queued()
    to, supervisor = cases.reviewer(case), cases.reviewer(case, Role.SUPERVISOR)
    stale = User.objects.get(pk=to.pk)
    moving.suspend(user=to, why=Why.INQUIRY, by=make.staff(Role.ADMIN))
    with pytest.raises(Refusal):
        changes.assign(requests=[case], by=supervisor, to=stale)
    assert given_back(case)


@pytest.mark.parametrize(
    ("given", "reason"),
    [({}, "nothing_changes"), ({"role": "supervisor", "branch": ""}, "needs_branch")],
)
def test_a_move_that_cannot_be_is_refused_and_recorded(given: dict[str, str], reason: str) -> None:
    user = make.staff()
    page = walk.step(walk.admin()[1], "move", user, **given)
    assert page.status_code == 302
    assert entry("account.staff_refused")["reason"] == reason


# Each step × each role: who may is the administrator alone.
NAMES = "invite link unlink move suspend lift leave void reset release waiting confirm withdraw".split()


@pytest.mark.parametrize(("name", "role"), list(product(NAMES, Role)))
def test_only_administrators_take_steps(name: str, role: Role) -> None:
    client, other = make.logged_in(make.staff(role)), make.staff()
    arguments = [] if name in {"invite", "waiting"} else [other.pk]
    way = client.get if name == "waiting" else client.post
    status = way(walk.address(name, *arguments)).status_code
    if role is Role.ADMIN:
        assert status in {200, 302, 404}
    else:
        assert status == 403
        assert entry("account.staff_refused")["reason"] == "no_right"
    other.refresh_from_db()
    assert other.state is State.ACTIVE


@pytest.mark.parametrize(("step", "role"), [pair for pair in product(STEPS, Role) if pair[1] is not Role.ADMIN])
def test_the_domain_asks_for_the_right_itself(step: str, role: Role) -> None:
    with pytest.raises(rules.NoRight):
        STEPS[step](make.staff(), make.staff(role))


def test_an_administrator_who_was_suspended_meanwhile_does_nothing() -> None:
    admin = make.staff(Role.ADMIN)
    stale = User.objects.get(pk=admin.pk)
    moving.suspend(user=admin, why=Why.INQUIRY, by=make.staff(Role.ADMIN))
    with pytest.raises(rules.NoRight):
        moving.suspend(user=make.staff(), why=Why.INQUIRY, by=stale)


def test_the_database_holds_what_stands_together() -> None:
    user, admin = make.staff(), make.staff(Role.ADMIN)
    now = "2026-01-01T00:00:00+07:00"
    for wrong in (
        {"suspended_at": now},
        {"left_by": admin, "is_active": False},
        {"suspended_at": now, "suspended_by": admin},
        {"suspended_at": now, "suspended_by": user, "is_active": False},
        {"suspended_at": now, "suspended_by": admin, "left_at": now, "left_by": admin, "is_active": False},
    ):
        with pytest.raises(IntegrityError, match="user_"), transaction.atomic():
            User.objects.filter(pk=user.pk).update(**wrong)


def test_the_webs_hand_takes_the_last_administrator_by_no_way() -> None:
    last = make.staff(Role.ADMIN)
    make.staff(Role.ADMIN, needs_link=True)
    for change in ({"is_active": False}, {"role": "auditor"}):
        with pytest.raises(IntegrityError, match="last administrator"), transaction.atomic(), acting_as_web():
            User.objects.filter(pk=last.pk).update(**change)


def acting_as_web() -> Any:
    return acting_as(Hand.WEB)
