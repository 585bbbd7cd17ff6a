"""One's second step afterwards: another authenticator or other recovery codes, for a fresh code of the present ones."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts import notices
from jknoffice.accounts.login import authenticator, factors, recovery
from jknoffice.accounts.models import Authenticator, User
from jknoffice.accounts.sessions import ending
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal

REPLACED = "account.second_factor_replaced"
CODES_MADE = "account.recovery_codes_made"


class WrongNewCode(Refusal):
    """The new authenticator does not show this code."""

    code = "new_factor"
    sentence = _("This is not the code that the new app shows now. Type it again.")


def replace(*, user: User, secret: str, typed: str, proof: str, this: str, at: datetime) -> Authenticator:
    """Let another authenticator take the place of the present one, if there is one, and return it.

    `secret` is the new one's, in hexadecimal, and `typed` a code of it; `proof` is what `factors.verify()` takes, for
    the present factors (OWASP ASVS 5.0, 7.5.1): whoever finds a session open changes nothing. All sessions but the one
    with the reference `this` end; recovery codes and passkeys stay. Raises `WrongNewCode`, and
    what `factors.lock()` and `factors.verify()` raise, whose count it shares. Call it outside of a transaction.
    """
    device = Authenticator(user=user, name="authenticator", key=secret, confirmed=True)
    token = authenticator.token_in(typed)
    step = None if token is None else authenticator.step_of(device, token)
    if step is None:
        raise WrongNewCode
    _present, method = factors.verify(user=user, typed=proof, session=this, at=at)
    with transaction.atomic():
        factors.lock(user=user)
        replaced, _each = Authenticator.objects.filter(user=user).delete()
        device.last_t = step
        device.save()
        ended = ending.end_others(user=user, this=this)
        record(
            REPLACED if replaced else factors.ADDED,
            by=user.as_actor(),
            about=Thing.of(user),
            after={"method": factors.TOTP, "proved_by": method, "sessions_ended": ended},
            at=at,
        )
        notices.order(user=user, event=notices.Event.REPLACED if replaced else notices.Event.ADDED, at=at)
    return device


def new_codes(*, user: User, proof: str, at: datetime, this: str = "") -> list[str]:
    """Give the user ten fresh recovery codes, to be shown once; the old ones are dead.

    `proof` and `this` are as for `replace()`, and so is what is raised but `WrongNewCode`. Call it outside of a
    transaction.
    """
    _present, method = factors.verify(user=user, typed=proof, session=this, at=at)
    with transaction.atomic():
        factors.lock(user=user)
        codes = recovery.new_codes(user)
        record(CODES_MADE, by=user.as_actor(), about=Thing.of(user), after={"proved_by": method}, at=at)
        notices.order(user=user, event=notices.Event.CODES, at=at)
    return codes
