"""The second step: a code of one's authenticator, or a recovery code; and how the first authenticator is added."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from jknoffice.accounts import limits
from jknoffice.accounts.login import attempts, authenticator, links, recovery
from jknoffice.accounts.models import Authenticator, User
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal

WRONG_CODES = limits.Limit(name="second step", most=5, window=timedelta(minutes=15))
TOTP, RECOVERY = "totp", "recovery"
"""The methods, as the log names them."""


class WrongCode(Refusal):
    """It is no code of this person's."""

    code = "second_factor"
    sentence = _("The code is wrong. Compare it with your authenticator and type it again.")


class WrongRecoveryCode(WrongCode):
    """It is none of this person's unused recovery codes."""

    sentence = _("This is not one of your unused recovery codes. Compare number and letters with your paper.")


class UsedCode(Refusal):
    """The code was right, and has let somebody in already (RFC 6238, 5.2)."""

    code = "reused_code"
    sentence = _("This code has been used already. Wait for the next code, then type that one.")


class HasSecondFactor(Refusal):
    """A password alone never adds a second factor beside another one."""

    code = "has_second_factor"
    sentence = _("Your account has a second step already.")


def has_second_factor(user: User) -> bool:
    """Return whether the user has a confirmed authenticator."""
    return bool(authenticator.confirmed(user))


def owned() -> Exists:
    """Return the condition that a staff member of a query has a second factor, for `annotate()` and `filter()`."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), confirmed=True))


def verify(*, user: User, typed: str, at: datetime) -> tuple[Device, str]:
    """Accept a code, once, and return the device that it vouches for, and the method.

    A recovery code stands in for the user's authenticator. Raises `WrongCode`, `UsedCode` and
    `attempts.TooManyAttempts`, which are recorded; wrong ones are counted. Call it outside of a transaction.
    """
    me, myself = user.as_actor(), Thing.of(user)
    attempts.demand(WRONG_CODES, str(user.pk), by=me, about=myself, at=at)
    token = authenticator.token_in(typed)
    method = RECOVERY if token is None else TOTP
    try:
        device = _recovery(user, typed, at) if token is None else _totp(user, token)
    except (WrongCode, UsedCode) as refusal:
        if isinstance(refusal, UsedCode):
            limits.give_back(WRONG_CODES, str(user.pk), at=at)
        attempts.refused(refusal.code, by=me, at=at, about=myself, method=method)
        raise
    limits.give_back(WRONG_CODES, str(user.pk), at=at)
    return device, method


@transaction.atomic
def enrol(*, user: User, secret: str, typed: str, at: datetime, link: int = 0) -> tuple[Authenticator, list[str]]:
    """Give a user their first authenticator once they have typed a code of it.

    `secret` is hexadecimal, `link` the number of the one-time link that the user came with. Returns the device and ten
    recovery codes, to be shown once. Raises `WrongCode`, `links.NeedsLink`, and `HasSecondFactor` when the user has
    got one, perhaps in another session a moment ago.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    links.demand(user=row, link=link)
    if has_second_factor(user):
        raise HasSecondFactor
    device = Authenticator(user=user, name="authenticator", key=secret, confirmed=True)
    token = authenticator.token_in(typed)
    step = None if token is None else authenticator.step_of(device, token)
    if step is None:
        raise WrongCode
    device.last_t = step
    device.save()
    links.settle(user=row)
    codes = recovery.new_codes(user)
    record("account.second_factor_added", by=user.as_actor(), about=Thing.of(user), after={"method": TOTP}, at=at)
    return device, codes


@transaction.atomic
def _totp(user: User, token: int) -> Device:
    used = False
    for known in authenticator.confirmed(user):
        # Locked until the end: of two log-ins with one code at once, the second finds it used.
        device = Device.from_persistent_id(known.persistent_id, for_verify=True)
        if device is None:
            continue
        if device.verify_token(token):
            return device
        used = used or authenticator.step_of(device, token) is not None
    raise UsedCode if used else WrongCode


@transaction.atomic
def _recovery(user: User, typed: str, at: datetime) -> Device:
    devices = authenticator.confirmed(user)
    if not devices or not recovery.use(user=user, typed=typed, at=at):
        raise WrongRecoveryCode
    return devices[0]
