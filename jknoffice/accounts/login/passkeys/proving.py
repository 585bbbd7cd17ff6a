"""Judging what a passkey has signed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts import notices
from jknoffice.accounts.login.attempts import NotProved
from jknoffice.accounts.login.passkeys import ceremony, challenges
from jknoffice.accounts.login.passkeys.challenges import Purpose
from jknoffice.accounts.models import Passkey, User
from jknoffice.accounts.sessions import ending
from jknoffice.audit.log import Thing, record

COPIED = "account.passkey_copied"


class CopiedPasskey(NotProved):
    """Its counter went back: two devices hold the secret of one (WebAuthn Level 3, 6.1.1)."""

    code = "passkey_copied"
    sentence = _("This passkey may have been copied and does not count any more. Tell your staff administrator.")


def all_of(user: User) -> list[Passkey]:
    """Return the user's passkeys, also those that count no more."""
    return list(Passkey.objects.filter(user=user))


def counting(user: User) -> list[Passkey]:
    """Return the user's passkeys that count."""
    return [passkey for passkey in all_of(user) if passkey.copied_at is None]


def verify(*, user: User, answer: str, session: str, at: datetime) -> Passkey:
    """Accept what one of the user's passkeys has signed in this session, once.

    `answer` is the browser's, as JSON. One whose counter goes back counts no more, and ends the user's other sessions.
    Raises `challenges.LateAnswer`, `ceremony.WrongPasskey` and `CopiedPasskey`; who calls counts and records them, and
    does so outside of a transaction.
    """
    asked = challenges.take(user=user, session=session, purpose=Purpose.PROOF, at=at)
    with transaction.atomic():
        mine = Passkey.objects.select_for_update().filter(user=user, copied_at=None)
        passkey: Passkey | None = mine.filter(credential_id=ceremony.answering(answer)).first()
        if passkey is None:
            raise ceremony.WrongPasskey
        counter = ceremony.read_proof(answer, challenge=bytes(asked.challenge), passkey=passkey)
        # Where both are 0, the authenticator does not count: so do all that are synced.
        copied = (counter, passkey.counter) != (0, 0) and counter <= passkey.counter
        if copied:
            _shut_out(passkey, counter, this=session, at=at)
        else:
            passkey.counter, passkey.used_at = counter, at
            passkey.save(update_fields=["counter", "used_at"])
    if copied:
        raise CopiedPasskey
    return passkey


def _shut_out(passkey: Passkey, counter: int, *, this: str, at: datetime) -> None:
    user = passkey.user
    before, after = passkey.counter, {"passkey": passkey.pk, "counter": counter}
    passkey.copied_at = at
    passkey.save(update_fields=["copied_at"])
    ended = ending.end_others(user=user, this=this)
    record(
        COPIED,
        by=user.as_actor(),
        about=Thing.of(user),
        before={"counter": before},
        after=after | {"sessions_ended": ended},
        at=at,
    )
    notices.order(user=user, event=notices.Event.PASSKEY_COPIED, at=at)
