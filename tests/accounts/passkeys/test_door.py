"""Logging in with a passkey as the second step, and the first log-in that makes one."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.utils import timezone

from jknoffice.accounts.login import factors, forgetting
from jknoffice.accounts.models import Authenticator, Passkey, PasskeyChallenge, RecoveryCode, User
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts import door
from tests.accounts.passkeys.soft import Soft, options_of
from tests.verification.portal.walk import clock

pytestmark = pytest.mark.django_db(transaction=True)

VERIFY, ENROL, CODES = "/admin/login/verify/", "/admin/login/enrol/", "/admin/login/codes/"


def at_the_door(**given: Any) -> tuple[User, Soft, Passkey, Client]:
    """Somebody with a passkey who has given the password."""
    user, soft, client = make.staff(), Soft(), Client()
    passkey = soft.kept_for(user, **given)
    door.give_password(client, user)
    return user, soft, passkey, client


def test_password_then_passkey() -> None:
    _user, soft, passkey, client = at_the_door()
    key = client.session.session_key
    shown = client.get(VERIFY)
    assert not shown.context["has_authenticator"]
    assert options_of(shown)["userVerification"] == "required"
    answer = client.post(VERIFY, {"passkey": soft.signed(options_of(shown))})
    assert answer.headers["Location"] == "/admin/"
    assert door.is_in(client)
    assert client.session["otp_device_id"] == passkey.persistent_id
    assert client.session.session_key != key
    assert '"method":"passkey"' in AuditLog.objects.get(action="account.login").entry


def test_without_the_password_a_passkey_opens_nothing() -> None:
    user, soft, _passkey, client = at_the_door()
    answer = soft.signed(options_of(client.get(VERIFY)))
    stranger = Client()
    assert stranger.post(VERIFY, {"passkey": answer}).status_code == 302
    assert not door.is_in(stranger)
    another = Client()
    door.give_password(another, user)
    another.get(VERIFY)
    assert b"jkn-notice-bad" in another.post(VERIFY, {"passkey": answer}).content
    assert not door.is_in(another)


def test_the_code_works_beside_the_passkey_and_recovery_codes_do() -> None:
    user, _soft, _passkey, client = at_the_door()
    device = make.authenticator(user)
    shown = client.get(VERIFY)
    assert shown.context["has_authenticator"]
    assert shown.context["passkey"]
    door.give_code(client, door.code_of(device))
    assert door.is_in(client)


def test_who_has_lost_the_only_passkey_comes_in_on_paper() -> None:
    for given in ({}, {"copied_at": timezone.now()}):
        user, _soft, passkey, client = at_the_door(**given)
        RecoveryCode.objects.create(user=user, number=1, digest=make_password("ABCDEFGH"))
        client.get(VERIFY)
        door.give_code(client, "1-ABCD-EFGH", recovery=not given)  # the page of a copied one asks for paper at once
        assert door.is_in(client)
        assert client.session["otp_device_id"] == passkey.persistent_id


def test_a_copied_passkey_is_refused_at_the_door_with_a_sentence() -> None:
    _user, soft, _passkey, client = at_the_door()
    soft.counter = 0
    answer = client.post(VERIFY, {"passkey": soft.signed(options_of(client.get(VERIFY)))})
    assert "disalin" in answer.content.decode()
    for page in (answer, client.get(VERIFY)):  # nothing but paper is left
        assert page.context["passkey"] is None
        assert page.context["form"].fields["code"].max_length == 40
        said = page.content.decode()
        assert "Kode pemulihan" in said
        assert "Tunjukkan passkey" not in said
        assert "Pakai passkey" not in said
    assert client.get(ENROL).headers["Location"] == VERIFY


@pytest.mark.parametrize("sent", ["{}", "[]", "x", '{"id": 1}', "{" * 9000, "x" * 20_000, "\x00"])
@pytest.mark.parametrize("address", [VERIFY, ENROL])
def test_garbage_is_refused_with_a_sentence(sent: str, address: str) -> None:
    if address == VERIFY:
        *_somebody, client = at_the_door()
    else:
        client = Client()
        door.give_password(client, make.staff())
    client.get(address)
    answer = client.post(address, {"passkey": sent, "made": sent})
    assert answer.status_code == 200
    assert b'role="alert"' in answer.content


def test_six_answers_in_a_row_are_too_many() -> None:
    _user, soft, _passkey, client = at_the_door()
    for _ in range(factors.WRONG_CODES.most):
        assert client.post(VERIFY, {"passkey": "{}"}).status_code == 200
    assert client.post(VERIFY, {"passkey": soft.signed(options_of(client.get(VERIFY)))}).status_code == 429


def test_an_answer_that_was_left_lying_is_asked_for_again() -> None:
    _user, soft, _passkey, client = at_the_door()
    with clock() as passes:
        old = soft.signed(options_of(client.get(VERIFY)))
        passes(settings.SECOND_STEP_LIFETIME / 2)
        late = client.post(VERIFY, {"passkey": old})
        assert "Terlalu lama" in late.content.decode()
        assert client.post(VERIFY, {"passkey": soft.signed(options_of(late))}).status_code == 302


def enrolled(client: Client, soft: Soft) -> User:
    user = make.staff()
    door.give_password(client, user)
    page = client.get(ENROL, headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    assert client.post(ENROL, {"made": soft.made(options_of(page))}).headers["Location"] == CODES
    return user


def test_the_first_log_in_makes_a_passkey_and_hands_out_recovery_codes() -> None:
    client, soft = Client(), Soft()
    user = enrolled(client, soft)
    assert Passkey.objects.get(user=user).name
    assert len(client.get(CODES).context["codes"]) == 10
    assert not door.is_in(client)
    assert client.post(CODES).status_code == 302
    assert door.is_in(client)
    assert '"method":"passkey"' in AuditLog.objects.get(action="account.login").entry
    assert '"method":"passkey"' in AuditLog.objects.get(action="account.second_factor_added").entry
    client = Client()
    door.give_password(client, user)
    client.post(VERIFY, {"passkey": soft.signed(options_of(client.get(VERIFY)))})
    assert door.is_in(client)


def test_of_two_first_log_ins_one_makes_the_factor() -> None:
    user, one, other = make.staff(), Client(), Client()
    for client in (one, other):
        door.give_password(client, user)
    pages = [client.get(ENROL) for client in (one, other)]
    one.post(ENROL, {"made": Soft().made(options_of(pages[0]))})
    assert other.post(ENROL, {"made": Soft().made(options_of(pages[1]))}).headers["Location"] == VERIFY
    assert Passkey.objects.count() == 1
    assert other.post(ENROL, {"code": door.code_of(door.offered(pages[1]))}).headers["Location"] == VERIFY
    assert not Authenticator.objects.exists()


def test_a_passkey_of_somebody_else_is_no_first_one() -> None:
    soft, client = Soft(), Client()
    soft.kept_for(make.staff())
    door.give_password(client, make.staff())
    answer = client.post(ENROL, {"made": soft.made(options_of(client.get(ENROL)))})
    assert b"jkn-notice-bad" in answer.content
    assert Passkey.objects.count() == 1
    assert not RecoveryCode.objects.exists()


def test_who_is_to_forget_everything_forgets_passkeys_too() -> None:
    user, _soft, passkey, client = at_the_door()
    client.get(VERIFY)
    make.authenticator(user)
    RecoveryCode.objects.create(user=user, number=1, digest="x")
    bystander = make.passkey(make.staff())
    with transaction.atomic():
        found = forgetting.forget_all(user=user)
    assert (found.authenticators, found.passkeys, found.recovery_codes) == (1, 1, 1)
    assert not factors.has_second_factor(user)
    assert not PasskeyChallenge.objects.exists()
    assert [*Passkey.objects.all()] == [bystander] != [passkey]
