"""One's own passkeys: made, called by a name, and removed; each for a fresh second factor (OWASP ASVS 5.0, 7.5.1)."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from jknoffice.accounts import notices
from jknoffice.accounts.login import factors, recovery
from jknoffice.accounts.login.passkeys import ceremony, challenges, proving
from jknoffice.accounts.login.passkeys.challenges import Purpose
from jknoffice.accounts.models import Passkey, User
from jknoffice.accounts.sessions import ending
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal

ADDED = factors.ADDED
RENAMED = "account.passkey_renamed"
REMOVED = "account.second_factor_removed"
MOST = 10


class TooManyPasskeys(Refusal):
    """Nobody has so many devices."""

    code = "too_many_passkeys"
    sentence = _("You have ten passkeys already. Remove one that you do not use any more.")


class NoSuchPasskey(Refusal):
    """It has been removed already, or is not this person's."""

    code = "no_such_passkey"
    sentence = _("This passkey is not there any more.")


class LastFactor(Refusal):
    """Without it the person could not log in, and a password alone would set up the next."""

    code = "last_factor"
    sentence = _("This is your only second step. Set up another one first, then remove it.")


def begin_first(*, user: User, name: str, session: str, at: datetime) -> dict[str, Any]:
    """Return what the browser of somebody who has no second factor yet is asked, to make their first passkey."""
    asked = challenges.issue(user=user, session=session, purpose=Purpose.NEW, name=name, at=at)
    return ceremony.asked_for_new(user=user, challenge=bytes(asked.challenge), known=())


def enrol(*, user: User, answer: str, session: str, at: datetime, link: int = 0) -> tuple[Passkey, list[str]]:
    """Give a user their first passkey, which was asked for by `begin_first()` in the same session.

    Returns it and ten recovery codes, to be shown once. Raises `challenges.LateAnswer`, `ceremony.WrongPasskey`, and
    what `factors.demand_first()` raises, which explains `link`. Call it outside of a transaction.
    """
    asked = challenges.take(user=user, session=session, purpose=Purpose.NEW, at=at)
    new = ceremony.read_new(answer, challenge=bytes(asked.challenge))
    try:
        with transaction.atomic():
            factors.demand_first(user=user, link=link)
            passkey = _made(user, new, asked.name, at)
            codes = recovery.new_codes(user)
            factors.record_first(user=user, method=factors.PASSKEY, at=at)
    except IntegrityError as error:  # another account's, or the same sent twice
        raise ceremony.WrongPasskey from error
    return passkey, codes


def begin(*, user: User, name: str, proof: str, session: str, at: datetime) -> dict[str, Any]:
    """Return what the browser is asked, to make another passkey, once the user has proved who they are.

    `proof` is what `factors.verify()` takes, which raises for it. Raises `TooManyPasskeys`. Call it outside of a
    transaction.
    """
    known = proving.all_of(user)
    if len(known) >= MOST:
        raise TooManyPasskeys
    _device, method = factors.verify(user=user, typed=proof, session=session, at=at)
    asked = challenges.issue(user=user, session=session, purpose=Purpose.NEW, name=name, proved_by=method, at=at)
    return ceremony.asked_for_new(user=user, challenge=bytes(asked.challenge), known=known)


def add(*, user: User, answer: str, session: str, at: datetime) -> Passkey:
    """Add the passkey that `begin()` has asked for in this session; all other sessions of the user end.

    Raises `challenges.LateAnswer`, `ceremony.WrongPasskey`, `TooManyPasskeys` and what `factors.lock()` raises. Call
    it outside of a transaction.
    """
    asked = challenges.take(user=user, session=session, purpose=Purpose.NEW, at=at)
    new = ceremony.read_new(answer, challenge=bytes(asked.challenge))
    try:
        with transaction.atomic():
            factors.lock(user=user)
            if len(proving.all_of(user)) >= MOST:
                raise TooManyPasskeys
            passkey = _made(user, new, asked.name, at)
            ended = ending.end_others(user=user, this=session)
            after = {"method": factors.PASSKEY, "passkey": passkey.pk, "proved_by": asked.proved_by}
            after["sessions_ended"] = ended
            record(
                ADDED, by=user.as_actor(), about=Thing.of(user), after=after, pii={"passkey_name": asked.name}, at=at
            )
            notices.order(user=user, event=notices.Event.ADDED, at=at)
    except IntegrityError as error:  # another account's, or the same sent twice
        raise ceremony.WrongPasskey from error
    return passkey


def rename(*, user: User, passkey_id: int, name: str, proof: str, session: str, at: datetime) -> None:
    """Call one of the user's passkeys otherwise.

    `proof` is as for `begin()`. Raises `NoSuchPasskey`, and what `factors.verify()` and
    `factors.lock()` raise. Call it outside of a transaction.
    """
    _device, method = factors.verify(user=user, typed=proof, session=session, at=at)
    with transaction.atomic():
        passkey = _locked(user, passkey_id)
        passkey.name = name
        passkey.save(update_fields=["name"])
        after = {"passkey": passkey.pk, "proved_by": method}
        record(RENAMED, by=user.as_actor(), about=Thing.of(user), after=after, pii={"passkey_name": name}, at=at)


def remove(*, user: User, passkey_id: int, proof: str, session: str, at: datetime) -> Device:
    """Remove one of the user's passkeys, and return the factor that vouches for the present session from now on.

    All other sessions end. `proof` is as for `begin()`. Raises `NoSuchPasskey`, `LastFactor`, and what
    `factors.verify()` and `factors.lock()` raise. Call it outside of a transaction.
    """
    shown, method = factors.verify(user=user, typed=proof, session=session, at=at)
    with transaction.atomic():
        passkey = _locked(user, passkey_id)
        left = [device for device in factors.counting(user) if device != passkey]
        if not left:
            raise LastFactor
        after = {"method": factors.PASSKEY, "passkey": passkey.pk, "proved_by": method}
        Passkey.objects.filter(pk=passkey.pk).delete()
        after["sessions_ended"] = ending.end_others(user=user, this=session)
        record(
            REMOVED, by=user.as_actor(), about=Thing.of(user), after=after, pii={"passkey_name": passkey.name}, at=at
        )
        notices.order(user=user, event=notices.Event.REMOVED, at=at)
    return shown if shown in left else left[0]


def _locked(user: User, passkey_id: int) -> Passkey:
    """Return a passkey of the user, whom it locks: of two removals at once, the second sees what the first left."""
    factors.lock(user=user)
    passkey: Passkey | None = Passkey.objects.filter(user=user, pk=passkey_id).first()
    if passkey is None:
        raise NoSuchPasskey
    return passkey


def _made(user: User, new: ceremony.NewPasskey, name: str, at: datetime) -> Passkey:
    made: Passkey = Passkey.objects.create(
        user=user,
        name=name,
        credential_id=new.credential_id,
        public_key=new.public_key,
        counter=new.counter,
        created_at=at,
    )
    return made
