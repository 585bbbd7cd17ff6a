"""Somebody has proved who they are, and is reset, suspended or gone before the change they proved it for."""

from typing import Any

import pytest
from django.utils import timezone

from jknoffice.accounts.life import moving, proposing
from jknoffice.accounts.life.rules import ResetWhy, Why
from jknoffice.accounts.login import authenticator, factors, replacing
from jknoffice.accounts.login.passkeys import challenges, keeping
from jknoffice.accounts.models import Authenticator, Passkey, RecoveryCode, User
from tests import make
from tests.accounts import door
from tests.accounts.life import walk
from tests.accounts.passkeys.soft import SESSION, Soft

pytestmark = pytest.mark.django_db(transaction=True)


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
    user, device = walk.with_factors()
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
    user, device = walk.with_factors()
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
