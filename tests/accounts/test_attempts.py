"""How often somebody may try, and what the log and the person are told then."""

import json
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from jknoffice.accounts.login import factors, password
from jknoffice.accounts.login.attempts import TooManyAttempts
from jknoffice.accounts.models import RecoveryCode, User
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts.door import code_of, give_code, give_password, is_in
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WRONG = "not this passphrase"


@pytest.fixture
def user() -> User:
    return make.staff()


@pytest.fixture
def device(user: User) -> TOTPDevice:
    return make.authenticator(user)


def wrong_code(device: TOTPDevice) -> str:
    shown = {code_of(device, steps=steps) for steps in range(-2, 3)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in shown)


def too_many() -> int:
    return AuditLog.objects.filter(action="account.login_refused", reason="too_many").count()


def test_right_passwords_do_not_count(user: User, device: TOTPDevice) -> None:
    for _ in range(password.FROM_HERE.most + 2):
        assert give_password(Client(), user).status_code == 302


def test_right_codes_do_not_count(user: User, device: TOTPDevice) -> None:
    for _ in range(factors.WRONG_CODES.most + 2):
        TOTPDevice.objects.update(last_t=-1)
        client = Client()
        give_password(client, user)
        give_code(client, code_of(device))
        assert is_in(client)


def test_a_used_code_does_not_count_either(user: User, device: TOTPDevice) -> None:
    code = code_of(device)
    first, client = Client(), Client()
    give_password(first, user)
    give_code(first, code)
    give_password(client, user)
    for _ in range(factors.WRONG_CODES.most + 2):
        assert give_code(client, code).status_code == 200


def test_the_answer_says_how_long_to_wait_and_the_log_is_told_once(client: Client, user: User) -> None:
    for _ in range(password.FROM_HERE.most):
        assert give_password(client, user, WRONG).status_code == 200
    for _ in range(3):
        answer = give_password(client, user)
        assert answer.status_code == 429
        [sentence] = answer.context["form"].non_field_errors()
        assert any(f"Tunggu {minutes} menit" in sentence for minutes in range(1, 17))
    assert too_many() == 1


def test_an_unknown_name_is_locked_like_a_known_one(client: Client) -> None:
    for _ in range(password.FROM_HERE.most):
        assert client.post("/admin/login/", {"username": "nobody", "password": WRONG}).status_code == 200
    assert client.post("/admin/login/", {"username": "nobody", "password": WRONG}).status_code == 429


def test_a_stranger_elsewhere_does_not_lock_the_owner_out(user: User) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(password.FROM_HERE.most + 1):
        give_password(stranger, user, WRONG)
    assert give_password(Client(REMOTE_ADDR="198.51.100.1"), user).status_code == 302


@pytest.mark.parametrize("limit", [password.FOR_NAME, password.FOR_ADDRESS])
def test_many_names_and_many_addresses_are_limited_too(limit: object) -> None:
    one_name, target = limit is password.FOR_NAME, make.staff()
    for number in range(password.FOR_NAME.most if one_name else password.FOR_ADDRESS.most):
        place = f"10.0.{number}.1" if one_name else "203.0.113.9"
        name = target.username if one_name else f"nobody{number}"
        assert Client(REMOTE_ADDR=place).post("/admin/login/", {"username": name, "password": WRONG}).status_code == 200
    answer = give_password(Client(REMOTE_ADDR="10.9.9.9" if one_name else "203.0.113.9"), target)
    assert answer.status_code == 429


def test_wrong_codes_count_over_all_sessions_of_a_person(user: User, device: TOTPDevice) -> None:
    for _ in range(factors.WRONG_CODES.most):
        client = Client()
        give_password(client, user)
        assert give_code(client, wrong_code(device)).status_code == 200
    client = Client()
    give_password(client, user)
    assert give_code(client, code_of(device)).status_code == 429
    assert not is_in(client)
    assert too_many() == 1


def test_recovery_codes_count_with_the_other_codes(client: Client, user: User, device: TOTPDevice) -> None:
    RecoveryCode.objects.create(user=user, number=1, digest=make_password("ABCDEFGH"))
    give_password(client, user)
    for _ in range(factors.WRONG_CODES.most):
        give_code(client, "1-WRNG-WRNG", recovery=True)
    assert give_code(client, "1-ABCD-EFGH", recovery=True).status_code == 429


def test_five_wrong_codes_at_the_end_of_a_quarter_are_all_that_its_turn_sees(user: User, device: TOTPDevice) -> None:
    turn = timezone.now().replace(minute=15, second=0, microsecond=0)
    for at in [turn - timedelta(seconds=1)] * factors.WRONG_CODES.most:
        with pytest.raises(factors.WrongCode):
            factors.verify(user=user, typed=wrong_code(device), at=at)
    for at in (turn, turn + timedelta(minutes=14, seconds=58)):
        with pytest.raises(TooManyAttempts):
            factors.verify(user=user, typed=wrong_code(device), at=at)


def test_four_at_once_with_one_recovery_code_let_one_in(user: User, device: TOTPDevice, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # slow: the four do overlap
    RecoveryCode.objects.create(user=user, number=1, digest=make_password("ABCDEFGH"))
    at = timezone.now()
    answers = at_once(*[lambda: factors.verify(user=user, typed="1-ABCD-EFGH", at=at)] * 4)
    assert answers.count((device, "recovery")) == 1
    assert sum(isinstance(answer, factors.WrongCode) for answer in answers) == 3
    assert AuditLog.objects.filter(action="account.recovery_used").count() == 1


def test_a_refusal_names_the_account_it_is_about_and_a_stranger_none(client: Client, user: User) -> None:
    give_password(client, user, WRONG)
    client.post("/admin/login/", {"username": "nobody", "password": WRONG})
    known, unknown = (json.loads(row.entry)["object"] for row in AuditLog.objects.order_by("id"))
    assert known == {"type": "accounts.user", "id": str(user.pk)}
    assert unknown is None


class CountingHasher(MD5PasswordHasher):
    """Counts how often somebody waits for it."""

    algorithm = "counting"
    encoded: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.encoded.append(password)
        return super().encode(password, salt)


@pytest.mark.parametrize("given", [{}, {"is_active": False}, {"role": ""}, {"username": "somebody.else"}])
@pytest.mark.parametrize("typed", [make.PASSWORD, WRONG])
def test_one_slow_hash_is_computed_whoever_it_is(
    client: Client, typed: str, given: dict[str, Any], settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    user = make.staff()
    User.objects.filter(pk=user.pk).update(**given)
    client.post("/admin/login/", {"username": "nobody", "password": WRONG})  # makes the hash of nobody, once
    CountingHasher.encoded.clear()
    give_password(client, user, typed)
    assert CountingHasher.encoded == [typed]
