"""What takes two: a new administrator, the role of one, and the reset of a second step."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.life import letters, moving, proposals, proposing
from jknoffice.accounts.life.rules import ResetWhy, Why
from jknoffice.accounts.login import authenticator, factors, links, recovery, replacing
from jknoffice.accounts.login.forgetting import forget_all
from jknoffice.accounts.login.passkeys import challenges, keeping
from jknoffice.accounts.models import Authenticator, Passkey, Proposal, RecoveryCode, StaffLetter, StaffLink, User
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.audit.models import AuditLog
from jknoffice.hands import Hand
from tests import make
from tests.accounts import door
from tests.accounts.life import walk
from tests.accounts.passkeys.soft import SESSION, Soft
from tests.hands import acting_as, logged_in_as, run_task, run_worker
from tests.verification.portal.walk import clock
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def reasons() -> list[str]:
    found = AuditLog.objects.filter(action="account.staff_refused").order_by("pk")
    return list(found.values_list("reason", flat=True))


def confirm(client: Client, proposal: Proposal | None = None) -> Any:
    return client.post(walk.address("confirm", (proposal or Proposal.objects.latest("pk")).pk))


def test_a_new_administrator_is_let_in_by_a_second_one_only() -> None:
    # Given an administrator who invites another one
    _asker, first = walk.admin()
    answer = walk.invite(first, role="admin", branch_="", branch=make.branch())
    user = User.objects.get(username="siti.rahma")
    assert answer.headers["Location"] == reverse("admin:accounts_user_change", args=[user.pk])
    assert (user.state, user.is_active, StaffLink.objects.exists()) == (State.WAITING, False, False)
    walk.step(first, "link", user)
    confirm(first)
    user.refresh_from_db()
    assert (user.state, reasons()) == (State.WAITING, ["not_in_this_state", "asked_by_you"])

    # When a second one confirms and hands the link over
    _second, other = walk.admin()
    assert user.full_name in other.get(walk.address("waiting")).content.decode()
    secret = walk.secret_in(confirm(other))

    # Then the person sets up the account and may do what administrators do
    client, _page = walk.opened(secret)
    walk.choose(client)
    walk.set_up(client)
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200


def test_the_role_of_an_administrator_takes_two_as_well() -> None:
    user, (_one, first), (_two, second) = make.staff(), walk.admin(), walk.admin()
    theirs = make.logged_in(user)
    walk.step(first, "move", user, role="admin", branch="")
    user.refresh_from_db()
    assert user.role == Role.OPERATOR
    assert door.is_in(theirs)
    walk.step(first, "move", user, role="admin", branch="")
    assert reasons() == ["already_asked"]
    confirm(second)
    user.refresh_from_db()
    assert (user.role, user.branch) == (Role.ADMIN, None)
    assert not door.is_in(theirs)


def with_factors() -> tuple[User, Any]:
    user = make.staff(email="siti@contoh.example")
    device = make.authenticator(user)
    with transaction.atomic():
        recovery.new_codes(user)
        record("test.prepared", by=Actor.system("test"))
    return user, device


def test_a_reset_takes_two_and_the_next_log_in_takes_the_link_and_the_password() -> None:
    # Given somebody who has lost the telephone, and whose password a thief knows
    user, device = with_factors()
    theirs = make.logged_in(user)
    _asker, first = walk.admin()
    walk.step(first, "reset", user)
    assert factors.has_second_factor(user)
    assert door.is_in(theirs)

    # When a second administrator confirms
    secret = walk.secret_in(confirm(walk.admin()[1]))

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
    user, _device = with_factors()
    walk.step(walk.admin()[1], "reset", user)
    confirm(walk.admin()[1])
    options = keeping.begin_first(user=user, name="Laptop", session=SESSION, at=timezone.now())
    with pytest.raises(links.NeedsLink):
        keeping.enrol(user=user, answer=Soft().made(options), session=SESSION, at=timezone.now())
    assert not factors.has_second_factor(user)


def exchanged(user: User, device: Any) -> Any:
    secret = authenticator.new_secret()
    typed = door.code_of(Authenticator(user=user, key=secret))
    now = timezone.now()
    return replacing.replace(user=user, secret=secret, typed=typed, proof=door.code_of(device), this="", at=now)


def made_codes(user: User, device: Any) -> Any:
    return replacing.new_codes(user=user, proof=door.code_of(device), at=timezone.now())


def added(user: User, device: Any) -> Any:
    now = timezone.now()
    options = keeping.begin(user=user, name="Laptop", proof=door.code_of(device), session=SESSION, at=now)
    return keeping.add(user=user, answer=Soft().made(options), session=SESSION, at=now)


@pytest.mark.parametrize(
    ("change", "where", "last"),
    [(exchanged, factors, "verify"), (made_codes, factors, "verify"), (added, challenges, "take")],
    ids=["exchanged", "codes", "added"],
)
def test_who_had_proved_themselves_a_moment_before_a_reset_keeps_nothing_after_it(
    change: Any, where: Any, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a thief with telephone, password and a session, whose proof is judged
    user, device = with_factors()
    proposal = proposing.ask_reset(user=user, why=ResetWhy.LOST, by=walk.admin()[0])
    real = getattr(where, last)

    def reset_then(**given: Any) -> Any:
        answer = real(**given)
        proposing.confirm(proposal=proposal, by=walk.admin()[0])
        return answer

    # When the reset comes between the proof and the change
    monkeypatch.setattr(where, last, reset_then)
    with pytest.raises(factors.FactorsGone):
        change(user, device)

    # Then there is nothing that lets anybody in
    assert not factors.has_second_factor(user)
    assert not RecoveryCode.objects.filter(user=user).exists()


def renamed(user: User, device: Any) -> Any:
    key, proof = Passkey.objects.get(user=user).pk, door.code_of(device)
    return keeping.rename(user=user, passkey_id=key, name="x", proof=proof, session="", at=timezone.now())


def removed(user: User, device: Any) -> Any:
    key, proof = Passkey.objects.get(user=user).pk, door.code_of(device)
    return keeping.remove(user=user, passkey_id=key, proof=proof, session="", at=timezone.now())


@pytest.mark.parametrize(
    ("change", "where", "last"),
    [
        (exchanged, factors, "verify"),
        (made_codes, factors, "verify"),
        (added, challenges, "take"),
        (renamed, factors, "verify"),
        (removed, factors, "verify"),
    ],
    ids=["exchanged", "codes", "added", "renamed", "removed"],
)
@pytest.mark.parametrize("stop", [moving.suspend, moving.leave], ids=["suspended", "left"])
def test_who_had_proved_themselves_a_moment_before_they_were_stopped_changes_nothing(
    stop: Any, change: Any, where: Any, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, device = with_factors()
    make.passkey(user)
    real = getattr(where, last)

    def stop_then(**given: Any) -> Any:
        answer = real(**given)
        stop(user=user, why=Why.MISUSE, by=walk.admin()[0])
        return answer

    monkeypatch.setattr(where, last, stop_then)
    before = [list(kind.objects.filter(user=user).values()) for kind in (Passkey, RecoveryCode)]
    with pytest.raises(factors.AccountShut):
        change(user, device)
    assert [list(kind.objects.filter(user=user).values()) for kind in (Passkey, RecoveryCode)] == before
    assert Authenticator.objects.get(user=user).key == device.key


def test_who_was_suspended_on_the_way_in_sets_up_no_first_factor() -> None:
    user, secret = make.staff(), authenticator.new_secret()
    moving.suspend(user=user, why=Why.INQUIRY, by=walk.admin()[0])
    typed = door.code_of(Authenticator(user=user, key=secret))
    with pytest.raises(factors.AccountShut):
        factors.enrol(user=user, secret=secret, typed=typed, at=timezone.now())


def test_wrong_passwords_beside_a_link_count_with_those_of_the_log_in() -> None:
    user, _device = with_factors()
    walk.step(walk.admin()[1], "reset", user)
    client, _page = walk.opened(walk.secret_in(confirm(walk.admin()[1])))
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
    confirm(make.logged_in(second), proposal)
    assert reasons() == ["asked_by_you" if about in {"asker", "same person"} else "yourself"]
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
    confirm(second)
    assert reasons() == ["not_open"]
    with clock() as passes:
        walk.step(first, "reset", user)
        passes(proposals.LIFETIME + timedelta(seconds=1))
        first, second = make.logged_in(_one), make.logged_in(_two)
        assert user.full_name not in second.get(walk.address("waiting")).content.decode()
        confirm(second)
        assert reasons()[1:] == ["not_open"]
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
    walk.secret_in(confirm(walk.admin()[1]))
    user.refresh_from_db()
    assert user.state is State.INVITED


def test_an_invitation_goes_out_by_e_mail_once_and_is_forgotten(settings: Any) -> None:
    _admin, client = walk.admin()
    secret = walk.secret_in(walk.invite(client, email="siti@contoh.example"))
    assert secret.encode() not in bytes(StaffLetter.objects.get().sealed)
    run_task("accounts.send_letters")
    (letter,) = mail.outbox
    assert (letter.to, secret in letter.body) == (["siti@contoh.example"], True)
    assert "siti" not in letter.subject.lower()
    assert not StaffLetter.objects.exists()
    assert AuditLog.objects.filter(action="account.letter_sent").count() == 1
    settings.MAIL_IS_SET_UP = False
    walk.invite(client, username="other", nik="3173010101900009", email="other@contoh.example")
    assert not StaffLetter.objects.exists()


def test_a_letter_whose_link_is_dead_is_not_sent() -> None:
    _admin, client = walk.admin()
    walk.invite(client, email="siti@contoh.example")
    walk.step(client, "unlink", User.objects.get(username="siti.rahma"))
    with logged_in_as(Hand.WORKER):
        assert letters.send_waiting() == 0
    assert (mail.outbox, StaffLetter.objects.count()) == ([], 0)
    assert AuditLog.objects.filter(action="account.letter_failed").count() == 1


class Failing:
    """A mail server that is down, and quotes the address in its error."""

    def __init__(self, **_given: object) -> None:
        pass

    def send_messages(self, _messages: object) -> int:
        raise OSError("cannot reach siti@contoh.example")


class Choosy(Failing):
    """A mail server that takes nothing for one address."""

    def send_messages(self, messages: Any) -> int:
        if messages[0].to == ["siti@contoh.example"]:
            raise OSError("unknown")
        return len(messages)


def test_a_letter_that_no_server_takes_keeps_no_other_waiting(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    _admin, client = walk.admin()
    for number, email in enumerate(["siti@contoh.example", "other@contoh.example"]):
        walk.invite(client, username=f"user{number}", nik=f"317301010190000{number}", email=email)
    settings.EMAIL_BACKEND = f"{__name__}.Choosy"
    monkeypatch.setattr(letters, "MOST", 1)
    with logged_in_as(Hand.WORKER):
        assert [letters.send_waiting(at=now) for _ in range(2)] == [0, 1]


def test_a_mail_server_that_is_down_is_tried_again_for_a_day(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    now = timezone.now()
    _admin, client = walk.admin()
    walk.invite(client, email="siti@contoh.example")
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Failing"
    with logged_in_as(Hand.WORKER):
        assert letters.send_waiting(at=now) == 0
    assert "siti@" not in caplog.text
    assert StaffLetter.objects.get().tries == 1
    settings.EMAIL_BACKEND = working
    assert letters.send_waiting(at=now + timedelta(minutes=1)) == 1
    walk.invite(client, username="other", nik="3173010101900009", email="other@contoh.example")
    assert letters.send_waiting(at=now + timedelta(days=2)) == 0
    assert not StaffLetter.objects.exists()


ADD = """
INSERT INTO accounts_user
    (username, full_name, email, person_id, is_active, joined_at, role, password, needs_link)
VALUES ('x', 'X', '', 'x', true, now(), %s, %s, %s)
"""


def as_web(statement: str, *values: str | int | bool) -> None:
    with transaction.atomic(), acting_as(Hand.WEB):
        record("test.recorded", by=Actor.system("test"))
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def test_the_webs_hand_makes_no_administrator_by_itself() -> None:
    user = make.staff()
    waiting = make.staff(Role.ADMIN, is_active=False)
    refused: list[tuple[str, list[str | int | bool]]] = [
        ("UPDATE accounts_user SET role = 'admin' WHERE id = %s", [user.pk]),
        ("UPDATE accounts_user SET is_active = true WHERE id = %s", [waiting.pk]),
        (ADD, ["admin", "!", True]),
        (ADD, ["auditor", "argon2", True]),
        (ADD, ["auditor", "!", False]),
    ]
    for statement, values in refused:
        with pytest.raises(DatabaseError) as failed:
            as_web(statement, *values)
        assert getattr(failed.value.__cause__, "sqlstate", "") == "42501"
    as_web(ADD, "auditor", "!", True)


SUSPEND = "UPDATE accounts_user SET is_active = false, suspended_at = now(), suspended_by_id = %s WHERE id = %s"
LIFT = "UPDATE accounts_user SET is_active = true, suspended_at = NULL, suspended_by_id = NULL WHERE id = %s"
ADD_SUSPENDED = """
INSERT INTO accounts_user
    (username, full_name, email, person_id, is_active, joined_at, role, password, needs_link, suspended_at,
     suspended_by_id)
VALUES ('x', 'X', '', 'x', false, now(), 'admin', '!', true, now(), %s)
"""


def test_the_webs_hand_releases_no_administrator_by_way_of_a_suspension() -> None:
    by, waiting, active = make.staff(Role.ADMIN), make.staff(Role.ADMIN, is_active=False), make.staff(Role.ADMIN)
    for statement, values in ((SUSPEND, [by.pk, waiting.pk]), (ADD_SUSPENDED, [by.pk])):
        with pytest.raises(DatabaseError) as failed:
            as_web(statement, *values)
        assert getattr(failed.value.__cause__, "sqlstate", "") == "42501"
    as_web(SUSPEND, by.pk, active.pk)
    as_web(LIFT, active.pk)
    waiting.refresh_from_db()
    active.refresh_from_db()
    assert (waiting.state, active.is_active) == (State.WAITING, True)


def test_a_confirmation_that_two_stand_behind_is_what_the_database_asks_for() -> None:
    user, one, two = make.staff(), make.staff(Role.ADMIN), make.staff(Role.ADMIN)
    proposal = moving.move(user=user, role=Role.ADMIN, branch=None, why=Why.NEW_TASK, by=one)
    assert proposal is not None
    with logged_in_as(Hand.WEB):
        assert proposing.confirm(proposal=proposal, by=two) == ""
    user.refresh_from_db()
    assert user.role == Role.ADMIN


def test_forgetting_deletes_every_kind_of_second_factor() -> None:
    user, _device = with_factors()
    other, _theirs = with_factors()
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
    assert reasons() == ["no_link_needed", "no_link"]
    assert links.may_enrol(user=user, link=0)
