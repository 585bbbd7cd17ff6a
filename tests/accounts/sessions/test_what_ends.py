"""What dies when: every session of the table below is looked at with its very next request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from jknoffice.accounts.models import RecoveryCode, User, WebSession
from jknoffice.accounts.roles import Role
from jknoffice.accounts.sessions import current, ending
from jknoffice.accounts.sessions.store import SessionStore
from jknoffice.audit.actor import Actor
from tests import make
from tests.accounts.door import code_of, give_code, give_password, is_in
from tests.verification.portal.walk import clock

pytestmark = pytest.mark.django_db

NEW = "another made-up passphrase 42"
BEHIND = "/admin/password_change/"

Event: TypeAlias = Callable[[User, Client], object]


def changed(**given: Any) -> Event:
    """The account is changed past all our code, as a command or somebody at the database would do it."""
    return lambda user, _here: User.objects.filter(pk=user.pk).update(**given)


def and_back(**given: Any) -> Event:
    """Changed, and changed back before any session was used."""

    def event(user: User, here: Client) -> None:
        before = User.objects.filter(pk=user.pk).values(*given).get()
        for values in (given, before):
            changed(**values)(user, here)

    return event


def moved(user: User, _here: Client) -> None:
    User.objects.filter(pk=user.pk).update(branch=make.branch())


def moved_back(user: User, _here: Client) -> None:
    for branch in (make.branch(), user.branch):
        User.objects.filter(pk=user.pk).update(branch=branch)


def own_password(_user: User, here: Client) -> None:
    given = {"old_password": make.PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/admin/password_change/", given).status_code == 302


def password_set(user: User, _here: Client) -> None:
    user.set_password(NEW)
    user.save()


def factors_gone(user: User, _here: Client) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def all_ended(user: User, _here: Client) -> None:
    ending.end_all(owner=user, by=Actor.system("test"), reason=ending.Why.LOST)


def others_ended(_user: User, here: Client) -> None:
    assert here.post("/admin/sessions/end/", {"password": make.PASSWORD}).status_code == 302


# What happens: whether it leaves the session in which it happens, and the person's others.
WHAT_ENDS: dict[str, tuple[Event, bool, bool]] = {
    "nothing": (lambda _user, _here: None, True, True),
    "another name": (changed(full_name="Petugas Lain", email="lain@example.com"), True, True),
    "another log-in": (lambda user, _here: make.logged_in(user), True, True),
    "deactivated": (changed(is_active=False), False, False),
    "deactivated and activated": (and_back(is_active=False), False, False),
    "another role": (changed(role=Role.SUPERVISOR), False, False),
    "another role and back": (and_back(role=Role.AUDITOR), False, False),
    "no role any more": (changed(role=""), False, False),
    "another branch": (moved, False, False),
    "another branch and back": (moved_back, False, False),
    "own password changed": (own_password, True, False),
    "password set by somebody": (password_set, False, False),
    "second factors removed": (factors_gone, False, False),
    "second factors reset, or ended by an administrator": (all_ended, False, False),
    "others ended from here": (others_ended, True, False),
    "logged out here": (lambda _user, here: here.post("/admin/logout/"), False, True),
}


@pytest.mark.parametrize("what", WHAT_ENDS)
def test_what_ends_at_once(what: str) -> None:
    event, here_stays, there_stays = WHAT_ENDS[what]
    user, colleague = make.staff(), make.logged_in(make.staff())
    here, there, posting = (make.logged_in(user) for _ in range(3))
    event(user, here)
    assert (is_in(here), is_in(there), is_in(colleague)) == (here_stays, there_stays, True)
    assert (posting.post(BEHIND)["Location"] == "/admin/login/" if not there_stays else is_in(posting)) is True


ON_THE_WAY = ["deactivated", "another role", "no role any more", "another branch", "password set by somebody"]


@pytest.mark.parametrize("what", ON_THE_WAY)
def test_who_is_on_the_way_in_has_to_begin_again(what: str) -> None:
    user, client = make.staff(), Client()
    device = make.authenticator(user)
    give_password(client, user)
    WHAT_ENDS[what][0](user, client)
    assert give_code(client, code_of(device))["Location"] == "/admin/login/"


def test_rest_ends_a_session_and_use_does_not() -> None:
    with clock() as passes:
        client = make.logged_in(make.staff())
        for _ in range(4):
            passes(settings.SESSION_IDLE - timedelta(seconds=1))
            assert is_in(client)
        passes(settings.SESSION_IDLE)
        assert not is_in(client)


def test_a_session_ends_after_a_shift_however_much_it_is_used() -> None:
    with clock() as passes:
        client, begun = make.logged_in(make.staff()), timezone.now()
        while is_in(client):
            passes(timedelta(minutes=10))
        lasted = timezone.now() - begun
    assert lasted == settings.SESSION_LONGEST


def test_use_is_written_down_once_a_minute() -> None:
    with clock() as passes:
        client = make.logged_in(make.staff())
        ends = [WebSession.objects.get().expire_date]
        for wait in (current.NOTED_EVERY - timedelta(seconds=1), timedelta(seconds=1)):
            passes(wait)
            is_in(client)
            ends.append(WebSession.objects.get().expire_date)
    assert [end - ends[0] for end in ends[1:]] == [timedelta(0), current.NOTED_EVERY]


def test_looking_whether_a_session_still_counts_costs_three_queries(django_assert_num_queries: Any) -> None:
    client = make.logged_in(make.staff())
    with django_assert_num_queries(3):  # the session, the person, the second factor
        assert client.get("/admin/login/")["Location"] == "/admin/"


def test_a_session_that_was_not_begun_at_our_door_is_none() -> None:
    user, client = make.staff(), Client()
    client.force_login(user)
    session = client.session
    session["otp_device_id"] = make.authenticator(user).persistent_id
    session.save()
    assert not is_in(client)


def test_whose_session_has_ended_is_told_so() -> None:
    user = make.staff()
    client = make.logged_in(user)
    WebSession.objects.all().delete()
    answer = client.get(BEHIND, follow=True)
    assert answer.redirect_chain == [(f"/admin/login/?next={BEHIND}", 302)]
    assert "sudah berakhir" in answer.content.decode()
    assert "sudah berakhir" not in Client().get(BEHIND, follow=True).content.decode()


def test_who_reads_the_table_takes_over_no_session() -> None:
    client = make.logged_in(make.staff())
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    for text in WebSession.objects.values_list("session_key", "session_data", "reference").get():
        assert key not in text
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = text
        assert not is_in(thief)
    assert is_in(client)


def test_a_log_in_notes_whose_session_it_is_and_the_way_in_does_not() -> None:
    user, client = make.staff(), Client()
    device = make.authenticator(user)
    give_password(client, user)
    assert WebSession.objects.get().user is None
    give_code(client, code_of(device))
    assert WebSession.objects.get().user == user


def test_a_session_of_nobody_lasts_as_long_as_its_cookie() -> None:
    nobodys = SessionStore()
    nobodys.flush()
    assert nobodys.get_expiry_age() == settings.SESSION_COOKIE_AGE
