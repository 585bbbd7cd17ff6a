"""A forgotten password: a link to another one, and never past the second step, in whatever order things come."""

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.life import passwords, rules
from jknoffice.accounts.life.rules import VoidWhy
from jknoffice.accounts.login import factors, links, password
from jknoffice.accounts.models import Proposal, StaffLink, User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts import door
from tests.accounts.life import walk
from tests.hands import run_worker

pytestmark = pytest.mark.django_db(transaction=True)

VERIFY, ENROL, JOIN = (reverse(f"admin:login_{name}") for name in ("verify", "enrol", "join"))


def person(**given: Any) -> tuple[User, Any]:
    """Somebody at work, and their authenticator."""
    user = make.staff(last_login=timezone.now(), **given)
    return user, make.authenticator(user)


def voided(user: User, client: Client | None = None) -> str:
    """The secret of the link with which somebody chooses a new password."""
    return walk.secret_in(walk.step(client or walk.admin()[1], "void", user))


def reasons() -> list[str]:
    found = AuditLog.objects.filter(action="account.staff_refused").order_by("pk")
    return list(found.values_list("reason", flat=True))


def confirm(client: Client) -> Any:
    return client.post(walk.address("confirm", Proposal.objects.latest("pk").pk))


def test_the_link_lets_its_owner_choose_a_password_and_the_second_step_is_asked_for_as_ever() -> None:
    # Given somebody with an open session who has forgotten the password
    user, device = person(email="siti@contoh.example")
    theirs, began = make.logged_in(user), Client()
    door.give_password(began, user)
    admin, client = walk.admin()
    assert "Lupa kata sandi" in client.get(reverse("admin:accounts_user_change", args=[user.pk])).content.decode()

    # When an administrator makes it void
    answer = walk.step(client, "void", user)
    secret = walk.secret_in(answer)
    assert "no-store" in answer.headers["Cache-Control"]

    # Then the sessions and what was begun are over, the old password opens nothing, and the person is told
    assert not door.is_in(theirs)
    door.give_code(began, door.code_of(device))
    assert not door.is_in(began)
    assert "salah" in door.give_password(Client(), user).content.decode()
    entry = json.loads(AuditLog.objects.get(action=passwords.VOIDED).entry)
    assert (entry["actor"], entry["reason"]) == (admin.username, "password_forgotten")
    assert entry["after"]["sessions_ended"] == 1
    run_worker()
    told, letter = sorted(mail.outbox, key=lambda each: secret in each.body)
    assert (told.to, letter.to) == ([user.email], [user.email])
    assert (secret in told.body, secret in letter.body) == (False, True)
    assert "langkah kedua Anda diminta" in letter.body

    # And the link leads to a new password, then to the second step that they have, and to no other
    fresh, page = walk.opened(secret)
    assert "langkah kedua Anda diminta" in page.content.decode()
    assert walk.choose(fresh).headers["Location"] == VERIFY
    assert not door.is_in(fresh)
    assert fresh.get(ENROL).headers["Location"] == VERIFY
    fresh.post(ENROL, {"code": "000000"})
    with pytest.raises(factors.HasSecondFactor):
        factors.enrol(
            user=User.objects.get(pk=user.pk),
            secret="00" * 20,
            typed="000000",
            link=StaffLink.objects.get().pk,
            at=timezone.now(),
        )
    door.give_code(fresh, door.code_of(device))
    assert door.is_in(fresh)
    assert AuditLog.objects.get(action=links.USED).entry
    run_worker()
    assert "Kata sandi akun Anda diganti" in mail.outbox[-1].body


def test_a_link_works_once_and_until_a_newer_one_and_not_for_who_is_suspended() -> None:
    user, _device = person()
    _admin, client = walk.admin()
    old, new = voided(user, client), voided(user, client)
    assert "Tautan ini tidak berlaku" in walk.opened(old)[1].content.decode()
    walk.step(client, "suspend", user)
    assert "Tautan ini tidak berlaku" in walk.opened(new)[1].content.decode()
    walk.step(client, "void", user)
    walk.step(client, "lift", user)
    secret = voided(user, client)
    waits = walk.opened(secret)[0]
    assert walk.choose(walk.opened(secret)[0]).headers["Location"] == VERIFY
    assert walk.choose(waits).status_code == 200
    assert reasons() == ["not_in_this_state"]


def test_a_page_that_was_open_before_another_password_came_changes_nothing() -> None:
    user, _device = person()
    secret = voided(user)
    password.change(user=User.objects.get(pk=user.pk), new="sudah ada lagi kata sandi 8")
    client, _page = walk.opened(secret)
    walk.choose(client)
    user.refresh_from_db()
    assert user.check_password("sudah ada lagi kata sandi 8")
    with pytest.raises(links.LinkRefused):
        links._use(user, links.digest_of(secret), walk.PASSWORD, timezone.now())


def test_a_password_that_is_being_changed_stays_void() -> None:
    user, _device = person()
    proved = User.objects.get(pk=user.pk)
    voided(user)
    with pytest.raises(password.PasswordMoved):
        password.change(user=proved, new="sudah ada lagi kata sandi 8")
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_who_has_no_second_step_gets_no_link_past_the_password() -> None:
    # Whoever held it would have the whole account: after a reset, and in one that a command has made.
    user, _device = person()
    (_one, first), (_two, second) = walk.admin(), walk.admin()
    walk.step(first, "reset", user)
    secret = walk.secret_in(confirm(second))
    for somebody in (user, make.staff()):
        walk.step(first, "void", somebody)
    assert reasons() == ["no_factor", "no_factor"]
    page = first.get(reverse("admin:accounts_user_change", args=[user.pk]))
    assert "void" not in [name for name, *_rest in page.context["forms"]]
    client, _page = walk.opened(secret)
    assert walk.choose(client, make.PASSWORD).headers["Location"] == ENROL


def test_an_invited_person_is_not_for_this_step() -> None:
    walk.step(walk.admin()[1], "void", walk.invited()[0])
    assert reasons() == ["not_in_this_state"]


def test_no_reset_is_asked_for_or_confirmed_while_there_is_no_password() -> None:
    # The link of a reset would be all that it takes.
    user, _device = person()
    (_one, first), (_two, second) = walk.admin(), walk.admin()
    walk.step(first, "reset", user)
    secret = voided(user, first)
    confirm(second)
    assert factors.has_second_factor(user)
    first.post(walk.address("withdraw", Proposal.objects.get().pk))
    walk.step(first, "reset", user)
    assert reasons() == ["no_password", "no_password"]

    # Who has lost both chooses the password first; then two administrators reset the second step.
    walk.choose(walk.opened(secret)[0])
    walk.step(first, "reset", user)
    client, _page = walk.opened(walk.secret_in(confirm(second)))
    assert walk.choose(client).headers["Location"] == ENROL
    walk.set_up(client)
    assert door.is_in(client)


def test_nobody_makes_both_links() -> None:
    # Given an administrator who has made a password void, and may have used the link themselves
    user, _device = person()
    (_one, first), (_two, second) = walk.admin(), walk.admin()
    walk.choose(walk.opened(voided(user, first))[0])

    # Then they do not confirm a reset, nor make a link after one
    walk.step(second, "reset", user)
    confirm(first)
    assert factors.has_second_factor(user)
    second.post(walk.address("withdraw", Proposal.objects.get().pk))
    walk.step(first, "reset", user)
    walk.secret_in(confirm(second))
    walk.step(first, "link", user)
    assert reasons() == ["handed_password", "handed_password"]
    walk.secret_in(walk.step(second, "link", user))
    assert not factors.has_second_factor(user)


def test_a_password_with_which_its_owner_has_logged_in_is_their_own() -> None:
    user, device = person()
    (_one, first), (_two, second) = walk.admin(), walk.admin()
    client, _page = walk.opened(voided(user, first))
    walk.choose(client)
    door.give_code(client, door.code_of(device))
    assert door.is_in(client)
    walk.step(second, "reset", user)
    walk.secret_in(confirm(first))


def test_nobody_voids_a_password_of_their_own_and_the_domain_asks_for_the_right_itself() -> None:
    admin = make.staff(Role.ADMIN, nik=walk.NIK)
    other_account = make.staff(nik=walk.NIK)
    for own in (admin, other_account):
        make.authenticator(own)
        with pytest.raises(rules.Yourself):
            passwords.void(user=own, why=VoidWhy.FORGOTTEN, by=admin)
    with pytest.raises(rules.NoRight):
        passwords.void(user=other_account, why=VoidWhy.FORGOTTEN, by=make.staff(Role.SUPERVISOR))


def test_a_step_takes_a_reason() -> None:
    user, _device = person()
    page = walk.step(walk.admin()[1], "void", user, why="")
    assert (page.status_code, b"errorlist" in page.content) == (200, True)
    assert door.give_password(Client(), user).headers["Location"] == VERIFY
