"""Logging in, in two steps."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from jknoffice import clock
from jknoffice.accounts.login import factors
from jknoffice.accounts.login.factors import HasSecondFactor, UsedCode, WrongCode, WrongRecoveryCode
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts.door import code_of, give_code, give_password, is_in, offered
from tests.surface import table
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user() -> User:
    return make.staff()


@pytest.fixture
def device(user: User) -> TOTPDevice:
    return make.authenticator(user)


def _refusals() -> list[str]:
    return list(AuditLog.objects.filter(action="account.login_refused").order_by("id").values_list("reason", flat=True))


def test_password_then_code_opens_the_admin(client: Client, user: User, device: TOTPDevice) -> None:
    first = give_password(client, user)
    assert (first.status_code, first["Location"]) == (302, "/admin/login/verify/")
    assert not is_in(client)
    second = give_code(client, code_of(device))
    assert (second.status_code, second["Location"]) == (302, "/admin/")
    assert is_in(client)
    entry = AuditLog.objects.get(action="account.login")
    assert (entry.actor, '"method":"totp"' in entry.entry) == (user.username, True)


def test_both_steps_change_the_sessions_key(client: Client, user: User, device: TOTPDevice) -> None:
    client.get("/admin/login/")
    session = client.session
    session["before"] = True
    session.save()
    keys = [session.session_key]
    client.cookies["sessionid"] = str(session.session_key)
    give_password(client, user)
    keys.append(client.session.session_key)
    give_code(client, code_of(device))
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client: Client, user: User) -> None:
    wrong = give_password(client, user, "another made-up passphrase")
    unknown = client.post("/admin/login/", {"username": "nobody", "password": "another made-up passphrase"})
    assert wrong.status_code == unknown.status_code == 200
    assert [str(error) for error in wrong.context["form"].non_field_errors()] == [
        str(error) for error in unknown.context["form"].non_field_errors()
    ]
    assert _refusals() == ["password", "password"]


def test_what_was_typed_as_a_user_name_is_not_in_the_entry(client: Client) -> None:
    client.post("/admin/login/", {"username": "my secret passphrase", "password": "x"})
    assert "secret" not in AuditLog.objects.get(action="account.login_refused").entry


@pytest.mark.parametrize(("given", "reason"), [({"is_active": False}, "inactive"), ({"role": ""}, "not_staff")])
def test_accounts_that_may_not_enter(client: Client, user: User, given: dict[str, Any], reason: str) -> None:
    User.objects.filter(pk=user.pk).update(**given)
    assert give_password(client, user).status_code == 200
    assert _refusals() == [reason]


def test_ten_wrong_passwords_close_the_door_for_the_right_one(client: Client, user: User) -> None:
    for _ in range(10):
        give_password(client, user, "wrong")
    give_password(client, user)
    assert _refusals()[-1] == "too_many"
    assert "login_pending" not in client.session


def test_a_wrong_code_is_told_from_a_used_one(client: Client, user: User, device: TOTPDevice) -> None:
    give_password(client, user)
    code = code_of(device)
    wrong = give_code(client, f"{(int(code) + 1) % 10**6:06}")
    assert [str(error) for error in wrong.context["form"].errors["code"]] == [str(WrongCode.sentence)]
    give_code(client, code)
    other = Client()
    give_password(other, user)
    reused = give_code(other, code)
    assert [str(error) for error in reused.context["form"].errors["code"]] == [str(UsedCode.sentence)]
    assert "Tunggu kode berikutnya" in reused.content.decode()
    assert _refusals() == ["second_factor", "reused_code"]


@pytest.mark.parametrize(("recovery", "hint"), [(False, WrongCode), (True, WrongRecoveryCode)])
@pytest.mark.parametrize("typed", ["12345", "1234567", "1-ABCD-EFGH"])
def test_a_wrong_code_gets_the_hint_of_the_page_that_asked_for_it(
    client: Client, user: User, device: TOTPDevice, typed: str, recovery: bool, hint: type[WrongCode]
) -> None:
    give_password(client, user)
    answer = give_code(client, typed, recovery=recovery)
    assert answer.context["form"].errors["code"] == [str(hint.sentence)]


def test_five_wrong_codes_close_the_second_step(client: Client, user: User, device: TOTPDevice) -> None:
    give_password(client, user)
    for _ in range(5):
        give_code(client, "000000" if code_of(device) != "000000" else "000001")
    give_code(client, code_of(device))
    assert _refusals()[-1] == "too_many"
    assert not is_in(client)


def test_two_sessions_with_one_code_let_one_in(user: User, device: TOTPDevice) -> None:
    code = code_of(device)
    answers = at_once(*[lambda: factors.verify(user=user, typed=code, at=timezone.now())] * 4)
    assert answers.count((device, "totp")) == 1
    assert sum(isinstance(answer, UsedCode) for answer in answers) == 3


def test_after_ten_minutes_the_password_has_to_be_given_again(
    client: Client, user: User, device: TOTPDevice, monkeypatch: Any
) -> None:
    give_password(client, user)
    later = timezone.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = give_code(client, code_of(device))
    assert answer["Location"] == "/admin/login/"
    assert not is_in(client)


def test_an_account_that_is_switched_off_between_the_steps_stays_out(
    client: Client, user: User, device: TOTPDevice
) -> None:
    give_password(client, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert give_code(client, code_of(device))["Location"] == "/admin/login/"


def test_an_account_that_is_switched_off_is_out_at_once(user: User) -> None:
    client = make.logged_in(user)
    assert is_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_in(client)


def test_a_page_that_was_asked_for_is_reached_after_both_steps(client: Client, user: User, device: TOTPDevice) -> None:
    give_password(client, user, next="/admin/password_change/")
    assert give_code(client, code_of(device))["Location"] == "/admin/password_change/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\x00"])
def test_nobody_is_sent_elsewhere(client: Client, user: User, device: TOTPDevice, elsewhere: str) -> None:
    give_password(client, user, next=elsewhere)
    assert give_code(client, code_of(device))["Location"] == "/admin/"


def test_logging_out_is_recorded_and_ends_the_session(user: User) -> None:
    client = make.logged_in(user)
    assert client.post("/admin/logout/")["Location"] == "/admin/login/"
    assert not is_in(client)
    assert AuditLog.objects.get(action="account.logout").actor == user.username


def test_who_has_left_leaves_nothing_in_the_browser() -> None:
    client = make.logged_in(make.staff())
    assert client.post("/admin/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.post("/leave/").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_logging_out_by_a_link_does_nothing(user: User) -> None:
    client = make.logged_in(user)
    client.get("/admin/logout/")
    assert is_in(client)


def test_whoever_is_in_is_not_asked_again(user: User) -> None:
    assert make.logged_in(user).get("/admin/login/")["Location"] == "/admin/"


# --- enrolment --------------------------------------------------------------------------------


def _enrol(client: Client) -> Any:
    page = client.get("/admin/login/enrol/")
    return page, client.post("/admin/login/enrol/", {"code": code_of(offered(page))}, follow=True)


def test_a_new_colleague_enrols_and_gets_ten_recovery_codes(client: Client, user: User) -> None:
    assert give_password(client, user)["Location"] == "/admin/login/enrol/"
    page, done = _enrol(client)
    assert "<svg" in page.content.decode()
    assert "style=" not in page.content.decode().split("<svg")[1].split("</svg>")[0]
    assert len(done.context["codes"]) == 10
    assert not is_in(client)
    assert client.get("/admin/login/codes/").context["codes"] == done.context["codes"]
    assert client.post("/admin/login/codes/")["Location"] == "/admin/"
    assert is_in(client)
    assert AuditLog.objects.filter(action="account.second_factor_added").count() == 1


def test_a_wrong_code_enrols_nothing(client: Client, user: User) -> None:
    give_password(client, user)
    client.get("/admin/login/enrol/")
    for code in ("000000", "abc", ""):
        client.post("/admin/login/enrol/", {"code": code})
    assert not TOTPDevice.objects.exists()
    assert not is_in(client)


def test_the_code_that_enrolled_does_not_log_in_a_second_time(client: Client, user: User) -> None:
    give_password(client, user)
    code = code_of(offered(client.get("/admin/login/enrol/")))
    client.post("/admin/login/enrol/", {"code": code})
    other = Client()
    give_password(other, user)
    give_code(other, code)
    assert _refusals() == ["reused_code"]


def test_a_password_alone_never_adds_another_second_step(client: Client, user: User, device: TOTPDevice) -> None:
    give_password(client, user)
    assert client.get("/admin/login/enrol/")["Location"] == "/admin/login/verify/"
    secret = "11" * 20
    with pytest.raises(HasSecondFactor):
        factors.enrol(user=user, secret=secret, typed=code_of(TOTPDevice(key=secret)), at=timezone.now())


def test_two_enrolments_at_once_leave_one_authenticator(user: User) -> None:
    secrets = ["11" * 20, "22" * 20]
    at_once(
        *[
            lambda secret=secret: factors.enrol(
                user=user, secret=secret, typed=code_of(TOTPDevice(key=secret)), at=timezone.now()
            )
            for secret in secrets
        ]
    )
    assert TOTPDevice.objects.count() == 1


@pytest.mark.parametrize("spelling", [str, str.lower, lambda code: code.replace("-", " ", 2).replace(" ", "-", 1)])
def test_a_recovery_code_opens_once(client: Client, user: User, spelling: Any) -> None:
    give_password(client, user)
    codes = _enrol(client)[1].context["codes"]
    for expected in (True, False):
        other = Client()
        give_password(other, user)
        give_code(other, spelling(codes[2]), recovery=True)
        assert is_in(other) is expected
    assert AuditLog.objects.filter(action="account.recovery_used").count() == 1


@pytest.mark.parametrize("typed", ["", "1", "99-ABCD-EFGH", "1-ABCD-EFGH", "\x00-1", "x" * 5000, "١٢٣٤٥٦", "²-ABCD"])
def test_odd_codes_are_wrong_and_nothing_worse(client: Client, user: User, device: TOTPDevice, typed: str) -> None:
    give_password(client, user)
    for recovery in (True, False):
        assert give_code(client, typed, recovery=recovery).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("field", ["username", "password", "next"])
@pytest.mark.parametrize("value", ["\x00", "x" * 10_000, "é" * 200])
def test_odd_input_at_the_door(client: Client, user: User, field: str, value: str) -> None:
    given = {"username": user.username, "password": make.PASSWORD, field: value}
    assert client.post("/admin/login/", given).status_code in {200, 302}


@pytest.mark.parametrize("address", ["/admin/login/verify/", "/admin/login/enrol/", "/admin/login/codes/"])
def test_the_second_step_needs_the_first(client: Client, address: str) -> None:
    assert client.get(address)["Location"] == "/admin/login/"
    assert client.post(address, {"code": "123456"})["Location"] == "/admin/login/"


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/login/verify/", "/admin/login/enrol/"])
def test_the_door_knows_only_get_and_post(client: Client, address: str) -> None:
    assert client.put(address).status_code == 405


# --- nothing of the admin answers before the second step -----------------------------------------

DOOR = {name.removeprefix("admin:") for name in table.DOOR}


def _addresses() -> Iterator[tuple[str, str]]:
    resolver: Any = get_resolver()
    [admin_urls] = [each for each in resolver.url_patterns if getattr(each, "namespace", "") == "admin"]

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern):
                yield pattern.name or "", route

    yield from walk(admin_urls.url_patterns, "/admin/")


def _filled(route: str) -> str:
    samples = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000", "path": "1", "str": "x", "slug": "x"}
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda found: samples.get(found[1] or "str", "x"), route)
    return re.sub(r"[\^$\\]|\(\?P?<?.*?\)", "", route)


@pytest.mark.parametrize("on_the_way", [False, True])
def test_every_address_of_the_admin_sends_strangers_to_the_door(on_the_way: bool, user: User) -> None:
    client = Client()
    make.authenticator(user)
    if on_the_way:
        give_password(client, user)
    seen = 0
    for name, route in _addresses():
        if name in DOOR:
            continue
        for answer in (client.get(_filled(route)), client.post(_filled(route))):
            assert answer.status_code == 302, (name, route, answer.status_code)
            assert answer["Location"].startswith("/admin/login/"), (name, route)
        seen += 1
    assert seen > 25


@pytest.mark.parametrize("role", Role)
def test_the_start_page_shows_each_role_what_it_may_do(role: Role) -> None:
    page = make.logged_in(make.staff(role)).get("/admin/").content.decode()
    shown = {
        "queue": "/admin/verification/queue/" in page,
        "log": "/admin/audit/auditlog/" in page,
        "staff": "/admin/accounts/user/" in page,
    }
    assert shown == {
        "queue": role in {Role.OPERATOR, Role.SUPERVISOR},
        "log": True,
        "staff": role is Role.ADMIN,
    }


@pytest.mark.parametrize("role", Role)
def test_only_staff_administrators_see_accounts(role: Role) -> None:
    client = make.logged_in(make.staff(role))
    expected = 200 if role is Role.ADMIN else 403
    for model in ("user", "branch"):
        assert client.get(f"/admin/accounts/{model}/").status_code == expected
    assert client.get("/admin/accounts/user/add/").status_code == 403


def test_a_password_is_changed_without_being_logged_out(user: User) -> None:
    client = make.logged_in(user)
    new = "another made-up passphrase 42"
    given = {"old_password": make.PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/admin/password_change/", given).status_code == 302
    assert is_in(client)
