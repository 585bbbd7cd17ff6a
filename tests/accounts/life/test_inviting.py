"""Somebody is invited: by one link, once, for 72 hours, and by nothing else."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.login import factors, links, pending
from jknoffice.accounts.models import StaffLink, User, WebSession
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts import door
from tests.accounts.life import walk
from tests.verification.portal.walk import clock
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

SHUT = "Tautan ini tidak berlaku"


def actions(user: User) -> list[str]:
    entries = AuditLog.objects.filter(object_type="accounts.user", object_id=str(user.pk))
    return list(entries.order_by("pk").values_list("action", flat=True))


def test_an_invited_person_chooses_a_password_sets_up_the_second_step_and_is_in() -> None:
    # Given somebody who was invited
    user, secret = walk.invited()
    assert (user.state, user.has_usable_password()) == (State.INVITED, False)

    # When they open the link, choose a password and set up the second step
    client, page = walk.opened(secret)
    assert user.username in page.content.decode()
    assert secret not in page.request["PATH_INFO"]
    assert walk.choose(client).headers["Location"] == reverse("admin:login_enrol")
    walk.set_up(client)

    # Then they are in, and log in with password and second step from now on
    assert door.is_in(client)
    user.refresh_from_db()
    assert (user.state, user.needs_link) == (State.ACTIVE, False)
    again = Client()
    door.give_password(again, user, walk.PASSWORD)
    assert again.get("/admin/login/verify/").status_code == 200
    assert actions(user) == [
        "account.created",
        "account.link_made",
        "account.link_used",
        "account.second_factor_added",
        "account.login",
    ]


def test_the_link_is_shown_once_and_kept_by_a_hash_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _user, client = walk.admin()
    answer = walk.invite(client)
    secret = walk.secret_in(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    user = User.objects.get(username="siti.rahma")
    assert secret not in client.get(reverse("admin:accounts_user_change", args=[user.pk])).content.decode()
    walk.opened(secret)
    row = StaffLink.objects.get()
    assert bytes(row.digest) == bytes.fromhex(links.digest_of(secret))
    assert len(secret) >= 22
    assert secret not in caplog.text
    assert not AuditLog.objects.filter(entry__contains=secret).exists()
    assert not any(secret in str(session.get_decoded()) for session in WebSession.objects.all())


def wrong(secret: str) -> str:
    return secret[:-1] + ("A" if secret[-1] != "A" else "B")


def used(user: User, secret: str) -> str:
    client, _page = walk.opened(secret)
    walk.choose(client)
    return secret


def revoked(user: User, secret: str) -> str:
    walk.step(walk.admin()[1], "unlink", user)
    return secret


def replaced(user: User, secret: str) -> str:
    walk.step(walk.admin()[1], "link", user)
    return secret


def suspended(user: User, secret: str) -> str:
    walk.step(walk.admin()[1], "suspend", user)
    return secret


def expired(user: User, secret: str) -> str:
    past = timezone.now() - timedelta(seconds=1)
    StaffLink.objects.update(expires_at=past)
    return secret


@pytest.mark.parametrize(
    "end",
    [
        lambda _user, secret: wrong(secret),
        lambda _u, _s: "x",
        lambda _u, _s: "ü" * 300,
        used,
        revoked,
        replaced,
        suspended,
        expired,
    ],
    ids=["wrong", "short", "strange", "used", "revoked", "replaced", "suspended", "expired"],
)
def test_every_link_that_does_not_work_gets_the_same_answer(end: Any) -> None:
    user, secret = walk.invited()
    client, page = walk.opened(end(user, secret))
    _other, plain = walk.opened("never-was-one")
    assert SHUT in page.content.decode()
    assert without_token(page) == without_token(plain)
    assert AuditLog.objects.filter(action="account.link_refused").count() == 2
    assert walk.choose(client).status_code == 200
    assert pending.held(request_of(client), at=timezone.now()) is None


def without_token(page: Any) -> str:
    return "\n".join(line for line in page.content.decode().splitlines() if "csrfmiddlewaretoken" not in line)


def request_of(client: Client) -> Any:
    class Request:
        session = client.session

    return Request()


def test_wrong_links_are_counted_for_an_address_and_the_right_one_waits_then() -> None:
    user, secret = walk.invited()
    client = Client()
    for _ in range(links.WRONG.most):
        walk.opened("never-was-one", client)
    _client, page = walk.opened(secret, client)
    assert page.status_code == 429
    assert "Terlalu banyak percobaan" in page.content.decode()
    assert AuditLog.objects.filter(action="account.link_refused", reason="too_many").count() == 1
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert user.username in walk.opened(secret, other)[1].content.decode()
    with clock() as passes:
        passes(links.WRONG.window + timedelta(minutes=1))
        assert user.username in client.get(reverse("admin:login_join")).content.decode()


def test_made_up_links_fill_no_table() -> None:
    _user, secret = walk.invited()
    before = WebSession.objects.count()
    for made_up in ["x", "never-was-one", wrong(secret)] * 8:  # beyond the limit as well
        client, _page = walk.opened(made_up)
        assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert WebSession.objects.count() == before


def test_a_link_that_does_not_work_shuts_the_one_that_was_opened_before() -> None:
    user, secret = walk.invited()
    client, page = walk.opened(secret)
    assert user.username in page.content.decode()
    walk.opened("never-was-one", client)
    assert user.username not in client.get(reverse("admin:login_join")).content.decode()


def test_opening_a_link_uses_nothing_up_and_72_hours_are_its_life() -> None:
    user, secret = walk.invited()
    for _ in range(links.WRONG.most * 2):
        walk.opened(secret)
    with clock() as passes:
        passes(timedelta(hours=71, minutes=59))
        client, page = walk.opened(secret)
        assert user.username in page.content.decode()
        passes(timedelta(minutes=2))
        assert SHUT in walk.choose(client).content.decode()


@pytest.mark.parametrize(
    "typed", [("short", "short"), (walk.PASSWORD, "another"), ("password1234", "password1234"), ("", "")]
)
def test_a_bad_password_uses_no_link_up(typed: tuple[str, str]) -> None:
    _user, secret = walk.invited()
    client, _page = walk.opened(secret)
    assert "errorlist" in walk.choose(client, *typed).content.decode()
    assert StaffLink.objects.get().used_at is None
    assert walk.choose(client).status_code == 302


def test_of_one_link_used_twice_at_once_exactly_one_gets_in() -> None:
    for _ in range(5):
        user, secret = walk.invited()
        digest = links.digest_of(secret)

        def use(number: int, digest: str = digest) -> Any:
            return links.use(digest=digest, typed=f"{walk.PASSWORD} {number}", address="203.0.113.7", at=timezone.now())

        answers = at_once(lambda: use(1), lambda: use(2), lambda: use(3))
        (winner,) = [answer for answer in answers if isinstance(answer, tuple)]
        assert sum(isinstance(answer, links.LinkRefused) for answer in answers) == 2
        assert User.objects.get(pk=user.pk).password == winner[0].password
        assert actions(user).count("account.link_used") == 1


def test_who_breaks_off_after_the_link_gets_no_further_with_the_password_alone() -> None:
    # Given somebody who used the link and did not set up the second step
    user, secret = walk.invited()
    client, _page = walk.opened(secret)
    walk.choose(client)

    # When they, or somebody who has seen the password, log in later
    later = Client()
    answer = door.give_password(later, user, walk.PASSWORD)
    assert answer.headers["Location"] == reverse("admin:login_join")

    # Then there is no second step to set up
    assert "hanya dengan tautan sekali pakai" in later.get(answer.headers["Location"]).content.decode()
    assert later.get(reverse("admin:login_enrol")).headers["Location"] == reverse("admin:login_join")
    later.post(reverse("admin:login_enrol"), {"code": "000000"})
    user.refresh_from_db()
    with pytest.raises(links.NeedsLink):
        factors.enrol(user=user, secret="00" * 20, typed="000000", at=timezone.now())
    assert not factors.has_second_factor(user)

    # And a new link begins anew, with another password
    secret = walk.secret_in(walk.step(walk.admin()[1], "link", user))
    fresh, _page = walk.opened(secret)
    walk.choose(fresh, "kata sandi lain yang panjang 9")
    walk.set_up(fresh)
    assert door.is_in(fresh)


def test_a_way_in_by_a_link_ends_with_a_newer_link() -> None:
    user, secret = walk.invited()
    client, _page = walk.opened(secret)
    walk.choose(client)
    enrol = reverse("admin:login_enrol")
    new = door.offered(client.get(enrol))
    walk.step(walk.admin()[1], "link", user)
    client.post(enrol, {"code": door.code_of(new)})
    assert not factors.has_second_factor(user)


def test_what_is_wrong_is_said_and_no_account_made() -> None:
    _user, client = walk.admin()
    taken = make.staff()
    page = walk.invite(client, username=taken.username, nik="12", role="supervisor", branch_="")
    said = page.content.decode()
    assert "NIK harus" in said
    assert "Nama pengguna" in said
    assert walk.invite(client, role="king").status_code == 200
    assert walk.invite(client, full_name="a\0b").status_code == 200
    assert not User.objects.filter(username="siti.rahma").exists()
    assert walk.invite(client, nik="3173 0101 0190 0001").status_code == 200
    assert User.objects.filter(username="siti.rahma").exists()


def test_nobody_invites_themselves() -> None:
    user, client = make.staff(Role.ADMIN, nik=walk.NIK), Client()
    make.logged_in(user, client)
    walk.invite(client)
    assert not User.objects.filter(username="siti.rahma").exists()
    assert AuditLog.objects.get(action="account.staff_refused").reason == "yourself"


def test_the_name_of_who_has_left_stays_taken() -> None:
    _user, client = walk.admin()
    walk.invite(client)
    gone = User.objects.get(username="siti.rahma")
    walk.step(client, "leave", gone)
    assert "Nama pengguna" in "".join(walk.invite(client).context["form"].non_field_errors())
    assert User.objects.filter(username="siti.rahma").count() == 1
