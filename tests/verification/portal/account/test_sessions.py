"""Who is logged in, for how long, and that it is nothing to the staff's log-in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from jknoffice import settings as product
from jknoffice.accounts.models import User, WebSession
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from participants.models import ParticipantAccount
from tests import make
from tests.audit.writers.test_addresses import ANY, address_of, addresses
from tests.verification.portal.account import walk
from tests.verification.portal.walk import browser, clock, where, words
from verification.portal.account import pending, signed_in

pytestmark = pytest.mark.django_db

OWN_PAGES = "menu data request phone email confirm password phone_code phone_again phone_withdraw".split()
DOORS = {"login", "login_verify", "login_enrol", "login_codes", "login_link", "login_join", "logout"}
ADMIN = sorted(name for name in set(addresses()) if name.startswith("admin:") and name != "admin:None")


def is_in(client: Client) -> bool:
    return where(client.get(walk.address("menu"), follow=True)) == "menu"


@pytest.mark.parametrize("name", OWN_PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_log_in_every_own_page_leads_to_the_door(name: str, method: str) -> None:
    page = getattr(browser(), method)(walk.address(name), follow=True)
    assert where(page) == "login"
    assert "Please log in first" in words(page)


@pytest.mark.parametrize("name", [each for each in ADMIN if each.removeprefix("admin:") not in DOORS])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_participant_enters_no_page_of_the_admin(name: str, method: str) -> None:
    client = browser()
    walk.logged_in(client)
    address = address_of(name, ANY | {"app_label": "verification", "url": "x", "content_type_id": 1})
    answer = client.generic(method, address)
    assert answer.status_code == 302, (answer.status_code, address)
    assert answer["Location"].startswith(reverse("admin:login"))


def test_every_page_of_the_admin_was_among_them() -> None:
    assert len(ADMIN) > 90
    assert "admin:verification_queue" in ADMIN
    assert any(pattern.pattern.match("admin/") for pattern in get_resolver().url_patterns)


def test_a_participant_is_no_user_and_has_no_permission() -> None:
    client = browser()
    account = walk.logged_in(client)
    assert not User.objects.exists()
    assert client.get(walk.address("menu")).wsgi_request.user.is_anonymous
    for name in ("is_staff", "role", "has_perm", "is_superuser", "user_permissions"):
        assert not hasattr(account, name)


@pytest.mark.parametrize("name", [walk.USERNAME, walk.EMAIL])
def test_the_log_in_of_staff_does_not_know_a_participant(name: str) -> None:
    walk.account(email=walk.EMAIL)
    client = browser()
    page = client.post(reverse("admin:login"), {"username": name, "password": walk.PASSWORD})
    assert page.status_code == 200
    assert "User name or password is wrong" in page.content.decode()


def test_the_log_in_of_participants_does_not_know_staff() -> None:
    user = make.staff(email="petugas@contoh.id")
    for name in (user.username, user.email):
        assert where(walk.log_in(browser(), name, make.PASSWORD)) == "login"


@pytest.mark.parametrize("role", Role)
def test_a_session_of_staff_is_ended_by_a_participants_log_in(role: Role) -> None:
    client = make.logged_in(make.staff(role))
    walk.account()
    assert client.get(reverse("admin:index")).status_code == 200
    walk.log_in(client)
    assert is_in(client)
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_participants_session_says_nothing_once_staff_has_logged_in() -> None:
    client = browser()
    walk.logged_in(client)
    make.logged_in(make.staff(), client)
    assert not is_in(client)
    client.post(walk.address("logout"))
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_log_in_begins_a_new_session() -> None:
    client = browser()
    client.post(walk.address("forgotten"), {"name": "somebody"})
    before = client.session.session_key
    walk.logged_in(client)
    assert client.session.session_key != before
    assert not WebSession.objects.filter(session_key=before).exists()
    assert pending.code(client.session) is None


def test_half_an_hour_of_rest_ends_the_log_in_and_ten_hours_do() -> None:
    client = browser()
    with clock() as passes:
        walk.logged_in(client)
        for _ in range(2):
            passes(signed_in.IDLE - timedelta(seconds=1))
            assert is_in(client)
        passes(signed_in.IDLE)
        assert not is_in(client)
        walk.log_in(client)
        for _ in range(signed_in.LONGEST // (signed_in.IDLE - timedelta(minutes=1))):
            passes(signed_in.IDLE - timedelta(minutes=1))
            assert is_in(client)
        passes(signed_in.IDLE - timedelta(minutes=1))
        assert not is_in(client)


def test_logging_out_ends_the_session_and_is_recorded() -> None:
    client = browser()
    account = walk.logged_in(client)
    assert where(client.get(walk.address("logout"), follow=True)) == "menu"
    page = client.post(walk.address("logout"), follow=True)
    assert "You are logged out" in words(page)
    assert not is_in(client)
    entry = AuditLog.objects.get(action="participant.logout")
    assert (entry.subject, entry.actor, entry.kind) == (account.peserta.uuid, "self_service", "participant")


def test_removing_ones_entries_from_the_device_logs_out() -> None:
    client = browser()
    walk.logged_in(client)
    client.post(reverse("portal:leave"))
    assert not is_in(client)


def test_a_new_password_ends_the_other_sessions() -> None:
    here, there = browser(), browser()
    walk.logged_in(here)
    walk.log_in(there)
    new = {"old_password": walk.PASSWORD, "new_password": walk.OTHER_PASSWORD, "again": walk.OTHER_PASSWORD}
    here.post(walk.address("password"), new)
    assert is_in(here)
    assert not is_in(there)


def test_an_account_that_is_gone_is_logged_in_nowhere() -> None:
    client = browser()
    walk.logged_in(client)
    ParticipantAccount.objects.all().delete()
    assert not is_in(client)


def test_what_waits_is_forgotten_after_half_an_hour_and_under_another_key(settings: pytest.FixtureRequest) -> None:
    client = browser()
    with clock() as passes:
        walk.logged_in(client)
        walk.save_phone(client)
        assert where(client.get(walk.address("confirm"), follow=True)) == "confirm"
        passes(timedelta(minutes=20))
        assert is_in(client)
        passes(timedelta(minutes=10))
        assert where(client.get(walk.address("confirm"), follow=True)) == "data"
        walk.save_phone(client)
        settings.JKN_DATA_KEY = bytes(32)  # type: ignore[attr-defined]
        assert where(client.get(walk.address("confirm"), follow=True)) == "data"


def test_the_database_holds_nothing_readable_of_what_waits() -> None:
    client, peserta = browser(), make.peserta()
    walk.give_proof(client, peserta)
    kept = str([session.get_decoded() for session in WebSession.objects.all()])
    assert not any(value in kept for value in (peserta.nik, (peserta.phone or "")[3:], "1990-05-17", "17-05-1990"))


PAGES = [*OWN_PAGES, "login", "register", "forgotten", "code", "choose", "new_password"]


@pytest.mark.parametrize("name", PAGES)
def test_no_browser_and_no_proxy_keeps_a_page(name: str) -> None:
    client = browser()
    walk.logged_in(client)
    assert "no-store" in client.get(walk.address(name)).headers["Cache-Control"]


@pytest.mark.parametrize("name", [*PAGES, "logout", "code_again"])
def test_nothing_is_taken_without_its_token(name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(walk.address(name)).status_code == 403


def test_a_password_is_kept_as_argon2(settings: pytest.FixtureRequest) -> None:
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS  # type: ignore[attr-defined]
    client = browser()
    account = walk.logged_in(client)
    assert account.password.startswith("argon2$argon2id$")
    assert is_in(client)


def test_no_address_and_no_title_carries_anything_personal() -> None:
    client, peserta = browser(), make.peserta(name="SITI AMINAH")
    walk.registered(client, peserta, email=walk.EMAIL)
    walk.give_code(client, walk.mailed_code())
    walk.save_phone(client)
    pages = [walk.confirm(client), *(client.get(walk.address(name), follow=True) for name in OWN_PAGES)]
    for page in pages:
        title = page.content.decode().partition("<title>")[2].partition("</title>")[0]
        for value in (peserta.nik, "SITI", "siti", "5432"):
            assert value not in title
            assert not any(value in hop[0] for hop in getattr(page, "redirect_chain", []))
