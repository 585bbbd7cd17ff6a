"""Between the two steps: what the session knows, and what it is good for."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from jknoffice.accounts.models import RecoveryCode, User, WebSession
from jknoffice.place import Place
from tests import make
from tests.accounts.door import code_of, give_code, give_password, is_in, offered

pytestmark = pytest.mark.django_db

ENROL, VERIFY, CODES = "/admin/login/enrol/", "/admin/login/verify/", "/admin/login/codes/"


@pytest.fixture
def user() -> User:
    return make.staff()


def enrolled(client: Client) -> Any:
    """The page of recovery codes, right after an authenticator has been set up."""
    code = code_of(offered(client.get(ENROL)))
    assert client.post(ENROL, {"code": code})["Location"] == CODES
    return client.get(CODES)


def test_another_password_ends_the_way_in(client: Client, user: User) -> None:
    device = make.authenticator(user)
    give_password(client, user)
    user.set_password("another made-up passphrase")
    user.save()
    assert give_code(client, code_of(device))["Location"] == "/admin/login/"


def test_a_session_sealed_with_another_key_is_nobody(client: Client, user: User, settings: Settings) -> None:
    make.authenticator(user)
    give_password(client, user)
    settings.JKN_DATA_KEY = b"another key of thirty-two bytes."
    answer = client.get(VERIFY, follow=True)
    assert answer.redirect_chain == [("/admin/login/", 302)]
    assert "dalam 10 menit" in answer.content.decode()


def test_neither_secret_nor_recovery_codes_stand_in_the_table_of_sessions(client: Client, user: User) -> None:
    give_password(client, user)
    secret = offered(client.get(ENROL)).key
    assert secret not in str(WebSession.objects.get().get_decoded())
    codes = enrolled(client).context["codes"]
    assert not any(code in str(WebSession.objects.get().get_decoded()) for code in codes)


def test_each_session_is_offered_a_secret_of_its_own_and_keeps_it(user: User) -> None:
    one, other = Client(), Client()
    for client in (one, other):
        give_password(client, user)
    assert offered(one.get(ENROL)).key == offered(one.get(ENROL)).key
    assert offered(one.get(ENROL)).key != offered(other.get(ENROL)).key


def test_whoever_is_slower_to_enrol_has_to_show_the_code_of_the_faster(user: User) -> None:
    slow, fast = Client(), Client()
    give_password(slow, user)
    secret = offered(slow.get(ENROL))
    give_password(fast, user)
    enrolled(fast)
    assert slow.post(ENROL, {"code": code_of(secret)})["Location"] == VERIFY
    assert slow.get(CODES)["Location"] == VERIFY
    assert not is_in(slow)
    assert TOTPDevice.objects.count() == 1


def test_setting_up_does_not_open_the_admin_before_the_codes_are_kept(client: Client, user: User) -> None:
    give_password(client, user, next="/admin/password_change/")
    page = enrolled(client)
    assert not is_in(client)
    assert client.get(VERIFY)["Location"] == client.get(ENROL)["Location"] == CODES
    assert client.get(CODES).context["codes"] == page.context["codes"]
    assert client.post(CODES)["Location"] == "/admin/password_change/"
    assert is_in(client)
    assert client.get(CODES)["Location"] == "/admin/login/"


def test_an_authenticator_that_was_taken_away_meanwhile_has_to_be_set_up_again(client: Client, user: User) -> None:
    give_password(client, user)
    enrolled(client)
    TOTPDevice.objects.all().delete()
    assert client.post(CODES)["Location"] == ENROL
    assert not is_in(client)


def test_recovery_codes_are_kept_as_hashes_only(client: Client, user: User) -> None:
    give_password(client, user)
    codes = enrolled(client).context["codes"]
    assert [code.split("-")[0] for code in codes] == [str(number) for number in range(1, 11)]
    kept = str(list(RecoveryCode.objects.values_list("digest", flat=True)))
    assert not any(code.split("-", 1)[1].replace("-", "") in kept for code in codes)


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code} "])
@pytest.mark.parametrize("index", [0, 9])
def test_spelling_does_not_matter_to_a_recovery_code(client: Client, user: User, index: int, change: Any) -> None:
    give_password(client, user)
    code = enrolled(client).context["codes"][index]
    other = Client()
    give_password(other, user)
    answer = other.post(VERIFY, {"code": change(code)}, follow=True)
    assert is_in(other)
    assert "tersisa 9" in answer.content.decode()


def test_a_recovery_code_of_somebody_else_is_wrong(client: Client, user: User) -> None:
    give_password(client, user)
    code = enrolled(client).context["codes"][0]
    colleague, other = make.staff(), Client()
    make.authenticator(colleague)
    give_password(other, colleague)
    give_code(other, code, recovery=True)
    assert not is_in(other)


def test_a_recovery_code_does_nothing_without_an_authenticator(client: Client, user: User) -> None:
    give_password(client, user)
    code = enrolled(client).context["codes"][0]
    TOTPDevice.objects.all().delete()
    other = Client()
    assert give_password(other, user)["Location"] == ENROL
    assert give_code(other, code, recovery=True)["Location"] == ENROL


@pytest.mark.parametrize("place", Place)
def test_the_pages_of_the_door_show_demo_accounts_in_no_production_place(
    client: Client, user: User, place: Place, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.authenticator(user)
    monkeypatch.setattr("jknoffice.accounts.login.hints._hints", [("403.html", lambda _request: {})])
    settings.JKN_ENV = place
    give_password(client, user)
    shown = [len(client.get(address).context["hints"]) for address in ("/admin/login/", VERIFY)]
    assert shown == [0, 0] if place is Place.PRODUCTION else [1, 1]


def test_the_lifetime_of_the_second_step_is_ten_minutes() -> None:
    assert django_settings.SECOND_STEP_LIFETIME.total_seconds() == 600
