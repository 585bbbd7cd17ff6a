"""What takes two: a new administrator, the role of one, and the reset of a second step."""

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.life import moving, proposals, proposing
from jknoffice.accounts.life.rules import ResetWhy, Why
from jknoffice.accounts.login import factors, links, recovery
from jknoffice.accounts.login.forgetting import forget_all
from jknoffice.accounts.login.passkeys import keeping
from jknoffice.accounts.models import Proposal, RecoveryCode, StaffLink, User
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from tests import make
from tests.accounts import door
from tests.accounts.life import walk
from tests.accounts.passkeys.soft import SESSION, Soft
from tests.hands import run_worker
from tests.verification.portal.walk import clock
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_administrator_is_let_in_by_a_second_one_only() -> None:
    # Given an administrator who invites another one
    _asker, first = walk.admin()
    answer = walk.invite(first, role="admin", branch_="", branch=make.branch())
    user = User.objects.get(username="siti.rahma")
    assert answer.headers["Location"] == reverse("admin:accounts_user_change", args=[user.pk])
    assert (user.state, user.is_active, StaffLink.objects.exists()) == (State.WAITING, False, False)
    walk.step(first, "link", user)
    walk.confirm(first)
    user.refresh_from_db()
    assert (user.state, walk.reasons()) == (State.WAITING, ["not_in_this_state", "asked_by_you"])

    # When a second one confirms and hands the link over
    _second, other = walk.admin()
    assert user.full_name in other.get(walk.address("waiting")).content.decode()
    secret = walk.secret_in(walk.confirm(other))

    # Then the person sets up the account and may do what administrators do
    client, _page = walk.opened(secret)
    walk.choose(client)
    walk.set_up(client)
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200


def test_the_link_of_a_new_administrator_stays_with_who_confirmed_them() -> None:
    # Given an administrator who asked for a new one, another who confirmed, and a third
    (_asker, first), (_second, other), (_third, third) = walk.admin(), walk.admin(), walk.admin()
    walk.invite(first, role="admin", branch_="", email="siti@contoh.example")
    assert "siti@contoh.example" in other.get(walk.address("waiting")).content.decode()
    secret = walk.secret_in(walk.confirm(other))
    user = User.objects.get(username="siti.rahma")

    # When the first or the third asks for a newer link, then there is none, and the one handed over goes on working
    for client in (first, third):
        page = client.get(reverse("admin:accounts_user_change", args=[user.pk])).content.decode()
        assert walk.address("link", user.pk) not in page
        assert "Tautan sekali pakainya dibuat oleh" in page
        walk.step(client, "link", user)
    assert walk.reasons() == ["confirmers_link"] * 2
    assert user.username in walk.opened(secret)[1].content.decode()

    # But who confirmed makes one, also after a suspension
    assert (
        walk.address("link", user.pk)
        in other.get(reverse("admin:accounts_user_change", args=[user.pk])).content.decode()
    )
    walk.step(first, "suspend", user)
    walk.step(first, "lift", user)
    walk.step(first, "link", user)
    assert walk.reasons() == ["confirmers_link"] * 3
    newer = walk.secret_in(walk.step(other, "link", user))
    client, _page = walk.opened(newer)
    walk.choose(client)
    walk.set_up(client)
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200


def test_nobody_asks_for_the_role_of_an_account_that_they_may_have_entered() -> None:
    # Given somebody who came in by an administrator's link, who may be that administrator
    (maker, first), (_two, second), (_three, third) = walk.admin(), walk.admin(), walk.admin()
    secret = walk.secret_in(walk.invite(first))
    user = User.objects.get(username="siti.rahma")
    client, _page = walk.opened(secret)
    walk.choose(client)
    walk.set_up(client)

    # When the maker asks for the role, then nothing is asked
    walk.step(first, "move", user, role="admin", branch="")
    assert walk.reasons() == ["you_let_them_in"]

    # Nor by another account of theirs
    other = make.staff(Role.ADMIN)
    User.objects.filter(pk=other.pk).update(person_id=maker.person_id)
    walk.step(make.logged_in(other), "move", user, role="admin", branch="")
    assert walk.reasons() == ["you_let_them_in"] * 2

    # But another one asks, also after a newer link, and the maker may confirm
    walk.step(second, "void", user)
    walk.step(second, "move", user, role="admin", branch="")
    walk.confirm(third)
    user.refresh_from_db()
    assert user.role == Role.ADMIN


def test_an_account_with_a_first_password_becomes_no_administrator_before_somebody_enters_it() -> None:
    user, (_asker, first) = make.staff(), walk.admin()
    walk.step(first, "move", user, role="admin", branch="")
    assert walk.reasons() == ["never_logged_in"]
    # Nor by what was asked before there was this rule
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    walk.step(first, "move", user, role="admin", branch="")
    User.objects.filter(pk=user.pk).update(last_login=None)
    walk.confirm(walk.admin()[1])
    user.refresh_from_db()
    assert (user.role, walk.reasons()[-1]) == (Role.OPERATOR, "never_logged_in")


@pytest.mark.parametrize("stopped", [False, True])
def test_who_has_never_logged_in_becomes_no_administrator(*, stopped: bool) -> None:
    # Given somebody invited as an operator, whose link another one holds and has used
    user, secret = walk.invited()
    (_one, first), (_two, second) = walk.admin(), walk.admin()
    client, _page = walk.opened(secret)
    walk.choose(client)
    if stopped:
        walk.step(first, "suspend", user)

    # When they are to become an administrator, then nothing is asked
    walk.step(first, "move", user, role="admin", branch="")
    assert walk.reasons() == ["never_logged_in"]
    assert not Proposal.objects.exists()

    # But after they have logged in
    if stopped:
        walk.step(first, "lift", user)
        client, _page = walk.opened(walk.secret_in(walk.step(first, "link", user)))
        walk.choose(client)
    walk.set_up(client)
    other = second if stopped else first  # whoever did not make the link
    walk.step(other, "move", user, role="admin", branch="")
    walk.confirm(first if stopped else second)
    user.refresh_from_db()
    assert user.role == Role.ADMIN


def test_the_role_of_an_administrator_takes_two_as_well() -> None:
    user, (_one, first), (_two, second) = make.staff(), walk.admin(), walk.admin()
    theirs = make.logged_in(user)
    walk.step(first, "move", user, role="admin", branch="")
    user.refresh_from_db()
    assert user.role == Role.OPERATOR
    assert door.is_in(theirs)
    walk.step(first, "move", user, role="admin", branch="")
    assert walk.reasons() == ["already_asked"]
    walk.confirm(second)
    user.refresh_from_db()
    assert (user.role, user.branch) == (Role.ADMIN, None)
    assert not door.is_in(theirs)


def test_a_reset_takes_two_and_the_next_log_in_takes_the_link_and_the_password() -> None:
    # Given somebody who has lost the telephone, and whose password a thief knows
    user, device = walk.with_factors()
    theirs = make.logged_in(user)
    _asker, first = walk.admin()
    walk.step(first, "reset", user)
    assert factors.has_second_factor(user)
    assert door.is_in(theirs)

    # When a second administrator confirms
    secret = walk.secret_in(walk.confirm(walk.admin()[1]))

    # Then every factor and every session is gone, and the person is told
    user.refresh_from_db()
    assert not factors.has_second_factor(user)
    assert not RecoveryCode.objects.filter(user=user).exists()
    assert not door.is_in(theirs)
    run_worker()
    (letter,) = mail.outbox
    assert (letter.to, secret in letter.body) == ([user.email], False)

    # And the password alone opens nothing
    thief = Client()
    assert door.give_password(thief, user).headers["Location"] == reverse("admin:login_join")
    assert thief.get(reverse("admin:login_enrol")).headers["Location"] == reverse("admin:login_join")

    # And the link alone opens nothing either
    finder, page = walk.opened(secret)
    assert "new-password" not in page.content.decode()
    for guess in ("a guess", walk.PASSWORD):
        assert "errorlist" in walk.choose(finder, guess).content.decode()
    assert finder.get(reverse("admin:login_enrol")).headers["Location"] == reverse("admin:login")

    # But both together let the person set up the second step anew
    client, _page = walk.opened(secret)
    assert walk.choose(client, make.PASSWORD).headers["Location"] == reverse("admin:login_enrol")
    walk.set_up(client)
    assert door.is_in(client)
    again = Client()
    door.give_password(again, user)
    door.give_code(again, door.code_of(device))
    assert not door.is_in(again)


def test_after_a_reset_no_passkey_is_made_without_the_link() -> None:
    user, _device = walk.with_factors()
    walk.step(walk.admin()[1], "reset", user)
    walk.confirm(walk.admin()[1])
    options = keeping.begin_first(user=user, name="Laptop", session=SESSION, at=timezone.now())
    with pytest.raises(links.NeedsLink):
        keeping.enrol(user=user, answer=Soft().made(options), session=SESSION, at=timezone.now())
    assert not factors.has_second_factor(user)


def test_wrong_passwords_beside_a_link_count_with_those_of_the_log_in() -> None:
    user, _device = walk.with_factors()
    walk.step(walk.admin()[1], "reset", user)
    client, _page = walk.opened(walk.secret_in(walk.confirm(walk.admin()[1])))
    answers = [walk.choose(client, f"guess {number}").status_code for number in range(11)]
    assert answers == [200] * 10 + [429]
    assert StaffLink.objects.get().used_at is None


@pytest.mark.parametrize("about", ["asker", "same person", "affected", "affected person"])
def test_three_persons_stand_behind_a_reset(about: str) -> None:
    asker, affected = make.staff(Role.ADMIN, nik=walk.NIK), make.staff(Role.ADMIN, nik="3173010101900002")
    proposal = proposing.ask_reset(user=affected, why=ResetWhy.LOST, by=asker)
    second = {
        "asker": asker,
        "same person": make.staff(Role.ADMIN, nik=walk.NIK),
        "affected": affected,
        "affected person": make.staff(Role.ADMIN, nik="3173010101900002"),
    }[about]
    walk.confirm(make.logged_in(second), proposal)
    assert walk.reasons() == ["asked_by_you" if about in {"asker", "same person"} else "yourself"]
    assert proposal.confirmed_at is None
    with pytest.raises(IntegrityError, match="two administrators"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(confirmed_by=second, confirmed_at=timezone.now())


def test_of_two_who_confirm_at_once_exactly_one_does() -> None:
    for _ in range(5):
        user = make.staff()
        make.authenticator(user)
        proposal = proposing.ask_reset(user=user, why=ResetWhy.LOST, by=make.staff(Role.ADMIN))
        seconds = [make.staff(Role.ADMIN), make.staff(Role.ADMIN)]
        answers = at_once(*[partial(proposing.confirm, proposal=proposal, by=by) for by in seconds])
        assert sum(isinstance(answer, str) for answer in answers) == 1
        assert sum(isinstance(answer, proposing.NotOpen) for answer in answers) == 1
        assert StaffLink.objects.filter(user=user).count() == 1


def test_what_waits_can_be_withdrawn_and_ends_after_a_day() -> None:
    user, (_one, first), (_two, second) = make.staff(), walk.admin(), walk.admin()
    walk.step(first, "reset", user)
    second.post(walk.address("withdraw", Proposal.objects.get().pk))
    walk.confirm(second)
    assert walk.reasons() == ["not_open"]
    with clock() as passes:
        walk.step(first, "reset", user)
        passes(proposals.LIFETIME + timedelta(seconds=1))
        first, second = make.logged_in(_one), make.logged_in(_two)
        assert user.full_name not in second.get(walk.address("waiting")).content.decode()
        walk.confirm(second)
        assert walk.reasons()[1:] == ["not_open"]
        walk.step(first, "reset", user)  # an old one does not stand in the way
        assert Proposal.objects.filter(confirmed_at=None, withdrawn_at=None).count() == 1
    assert not StaffLink.objects.exists()


def test_who_asked_has_to_be_an_administrator_still() -> None:
    asker, second, user = make.staff(Role.ADMIN), make.staff(Role.ADMIN), make.staff()
    proposal = proposing.ask_reset(user=user, why=ResetWhy.LOST, by=asker)
    moving.suspend(user=asker, why=Why.INQUIRY, by=second)
    with pytest.raises(proposing.AskerGone):
        proposing.confirm(proposal=proposal, by=second)


def test_what_waits_about_somebody_ends_when_they_are_suspended() -> None:
    admin, user = make.staff(Role.ADMIN), make.staff()
    proposal = proposing.ask_reset(user=user, why=ResetWhy.LOST, by=admin)
    moving.suspend(user=user, why=Why.INQUIRY, by=admin)
    with pytest.raises(proposing.NotOpen):
        proposing.confirm(proposal=proposal, by=make.staff(Role.ADMIN))


def test_a_release_can_be_asked_for_anew() -> None:
    _asker, first = walk.admin()
    walk.invite(first, role="admin")
    user = User.objects.get(username="siti.rahma")
    first.post(walk.address("withdraw", Proposal.objects.get().pk))
    walk.step(first, "release", user)
    walk.secret_in(walk.confirm(walk.admin()[1]))
    user.refresh_from_db()
    assert user.state is State.INVITED


def test_forgetting_deletes_every_kind_of_second_factor() -> None:
    user, _device = walk.with_factors()
    other, _theirs = walk.with_factors()
    with transaction.atomic():
        assert forget_all(user=user).factors == 1
        record("test.recorded", by=Actor.system("test"))
    assert not factors.has_second_factor(user)
    assert factors.has_second_factor(other)
    assert RecoveryCode.objects.filter(user=other).count() == recovery.HOW_MANY


def test_a_link_is_of_no_use_where_none_is_needed() -> None:
    user = make.staff()
    walk.step(walk.admin()[1], "link", user)
    walk.step(walk.admin()[1], "unlink", user)
    assert walk.reasons() == ["no_link_needed", "no_link"]
    assert links.may_enrol(user=user, link=0)
