"""The second step: a code of one's authenticator, a passkey, or a recovery code; and how the first one is added."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from jknoffice.accounts import limits, notices
from jknoffice.accounts.login import attempts, authenticator, links, recovery
from jknoffice.accounts.login.passkeys import proving
from jknoffice.accounts.models import Authenticator, Passkey, User
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal

WRONG_CODES = limits.Limit(name="second step", most=5, window=timedelta(minutes=15))
TOTP, RECOVERY, PASSKEY = "totp", "recovery", "passkey"
"""The methods, as the log names them."""
ADDED = "account.second_factor_added"


class WrongCode(attempts.NotProved):
    """It is no code of this person's."""

    code = "second_factor"
    sentence = _("The code is wrong. Compare it with your authenticator and type it again.")


class WrongRecoveryCode(WrongCode):
    """It is none of this person's unused recovery codes."""

    sentence = _("This is not one of your unused recovery codes. Compare number and letters with your paper.")


class UsedCode(attempts.NotProved):
    """The code was right, and has let somebody in already (RFC 6238, 5.2)."""

    code = "reused_code"
    sentence = _("This code has been used already. Wait for the next code, then type that one.")


class HasSecondFactor(Refusal):
    """A password alone never adds a second factor beside another one."""

    code = "has_second_factor"
    sentence = _("Your account has a second step already.")


class FactorsGone(attempts.NotProved):
    """All of this person's factors were taken away after they had shown one, and before what they showed it for."""

    code = "factors_reset"
    sentence = _("Your second step was reset meanwhile. Log in again, with the one-time link that you are handed.")


class AccountShut(attempts.NotProved):
    """The account was suspended or closed after its owner had shown a factor, and before what they showed it for."""

    code = "account_shut"
    sentence = _("Your account was shut meanwhile, and nothing was changed. Ask your staff administrator.")


def devices(user: User) -> list[Device]:
    """Return what the user has besides the password and the paper: authenticators first, then passkeys."""
    return [*authenticator.confirmed(user), *proving.all_of(user)]


def counting(user: User) -> list[Device]:
    """Return those of `devices()` that still prove something: all but passkeys that were copied."""
    return [*authenticator.confirmed(user), *proving.counting(user)]


def has_second_factor(user: User) -> bool:
    """Return whether the user has set up a second factor, be it one that counts no more: no password adds another."""
    return bool(devices(user))


def owned() -> Q:
    """Return the condition that a staff member of a query has a second factor, for `annotate()` and `filter()`."""
    apps = Authenticator.objects.filter(user=OuterRef("pk"), confirmed=True)
    return Q(Exists(apps)) | Q(Exists(Passkey.objects.filter(user=OuterRef("pk"))))


def method_of(device: Device) -> str:
    """Return the method by which a device proves something."""
    return PASSKEY if isinstance(device, Passkey) else TOTP


def method_in(typed: str) -> str:
    """Return by which method something is meant: JSON by a passkey, six digits by an authenticator, else by paper."""
    if typed.lstrip().startswith("{"):
        return PASSKEY
    return RECOVERY if authenticator.token_in(typed) is None else TOTP


def verify(*, user: User, typed: str, at: datetime, session: str = "") -> tuple[Device, str]:
    """Accept a code or a passkey's answer, once, and return the device that it vouches for, and the method.

    `typed` is a code as people type it, or the answer as JSON; that was asked for in the `session` of
    `audit.context.current_session()`. A recovery code stands in for the user's other factors. Raises subclasses of
    `attempts.NotProved` (`WrongCode`, `UsedCode`, those of `passkeys`) and `attempts.TooManyAttempts`, which are
    recorded; wrong ones are counted. Call it outside of a transaction.
    """
    me, myself = user.as_actor(), Thing.of(user)
    attempts.demand(WRONG_CODES, str(user.pk), by=me, about=myself, at=at)
    method = method_in(typed)
    try:
        device = _judge(method, user=user, typed=typed, session=session, at=at)
    except attempts.NotProved as refusal:
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
    recovery codes, to be shown once. Raises `WrongCode`, `AccountShut`, `links.NeedsLink`, and `HasSecondFactor`
    when the user has got one, perhaps in another session a moment ago.
    """
    demand_first(user=user, link=link)
    device = Authenticator(user=user, name="authenticator", key=secret, confirmed=True)
    token = authenticator.token_in(typed)
    step = None if token is None else authenticator.step_of(device, token)
    if step is None:
        raise WrongCode
    device.last_t = step
    device.save()
    codes = recovery.new_codes(user)
    record_first(user=user, method=TOTP, at=at)
    return device, codes


def demand_first(*, user: User, link: int) -> User:
    """Return the locked row of a user who may set up their first factor now; inside a transaction.

    `link` is the number of the one-time link that the user came with, 0 for none. Raises `AccountShut`,
    `links.NeedsLink`, and `HasSecondFactor` when there is one.
    """
    row = _open_row(user)
    links.demand(user=row, link=link)
    if has_second_factor(user):
        raise HasSecondFactor
    return row


def record_first(*, user: User, method: str, at: datetime) -> None:
    """Record that somebody has set up their first factor, and let them be told; inside the transaction that adds it.

    The password leads to the second step again from now on, where a link had to.
    """
    links.settle(user=user)
    record(ADDED, by=user.as_actor(), about=Thing.of(user), after={"method": method}, at=at)
    notices.order(user=user, event=notices.Event.ADDED, at=at)


def lock(*, user: User) -> None:
    """Lock the row of a user who has just shown a factor; inside the transaction of what they change with it.

    Raises `FactorsGone` when a reset came in between, and `AccountShut` when a suspension or the end of the account
    did: what they shut stays shut.
    """
    _open_row(user)
    if not has_second_factor(user):
        raise FactorsGone


def _open_row(user: User) -> User:
    row = User.objects.select_for_update().get(pk=user.pk)
    if not row.is_active:
        raise AccountShut
    return row


def _judge(method: str, *, user: User, typed: str, session: str, at: datetime) -> Device:
    match method:
        case "passkey":
            return proving.verify(user=user, answer=typed, session=session, at=at)
        case "totp":
            return _totp(user, typed)
    return _recovery(user, typed, at)


@transaction.atomic
def _totp(user: User, typed: str) -> Device:
    token, used = authenticator.token_in(typed), False
    for known in authenticator.confirmed(user):
        # Locked until the end: of two log-ins with one code at once, the second finds it used.
        device = Device.from_persistent_id(known.persistent_id, for_verify=True)
        if device is None or token is None:
            continue
        if device.verify_token(token):
            return device
        used = used or authenticator.step_of(device, token) is not None
    raise UsedCode if used else WrongCode


@transaction.atomic
def _recovery(user: User, typed: str, at: datetime) -> Device:
    mine = devices(user)
    if not mine or not recovery.use(user=user, typed=typed, at=at):
        raise WrongRecoveryCode
    return mine[0]
