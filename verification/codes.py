"""Codes that prove possession of the new number (NIST SP 800-63B-4, 3.1.3; OWASP ASVS 5.0, 6.5 and 6.6)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts import limits
from jknoffice.crypto import Purpose, fits, key_for, keyed_hash
from jknoffice.refusal import Refusal
from verification import outbox
from verification.models import PhoneChangeRequest, PhoneCode
from verification.models.code import Guessable

DIGITS = 6


class TooManyCodes(Refusal):
    """Another code may not be sent yet; `wait` says how long."""

    code = "too_many_codes"

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        minutes = -(-int(wait.total_seconds()) // 60)
        super().__init__(
            _("Please wait one minute before you ask for another code.")
            if minutes <= 1
            else _(
                "No more codes can be sent now. Try again in %(minutes)s minutes, visit a branch office, or call 165."
            )
            % {"minutes": minutes}
        )


class Outcome(StrEnum):
    """What became of a typed code."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    EXPIRED = "expired"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome, how many guesses are left, and when the next code may be asked for after too many wrong ones."""

    outcome: Outcome
    tries_left: int = 0
    frozen_until: datetime | None = None


def issue(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Send a fresh code to the request's new number; older ones are void from now on.

    Runs in the caller's transaction. Raises `TooManyCodes`.
    """
    hold(request.new_phone)
    demand_time(PhoneCode.objects.filter(number=request.new_phone), at=at)
    count_all(at=at)
    outbox.void(request=request, template="code", at=at)
    code = new()
    PhoneCode.objects.create(
        request=request,
        number=request.new_phone,
        digest=_digest(request, code),
        sent_at=at,
        expires_at=at + settings.CODE_LIFETIME,
    )
    minutes = int(settings.CODE_LIFETIME.total_seconds()) // 60
    outbox.write(
        request=request,
        to=request.new_phone,
        template="code",
        context={"code": code, "minutes": str(minutes)},
        at=at,
        lifetime=settings.CODE_LIFETIME,
    )


def judge(*, request: PhoneChangeRequest, typed: str, at: datetime) -> Answer:
    """Say whether `typed` is the request's newest code, and count the guess.

    Runs in the caller's transaction, with the request's row locked, and never raises for a wrong code: a roll-back
    would forget the guess. A code works once.
    """
    code = request.codes.select_for_update().order_by("-sent_at", "-pk").first()
    if code is None or code.number != request.new_phone:
        return Answer(Outcome.EXPIRED)
    right = fits(bytes(code.digest), Purpose.PHONE_CODE, *_parts(request, digits(typed)))
    return settle(code, right=right, at=at)


def settle(code: Guessable, *, right: bool, at: datetime) -> Answer:
    """Return what a guess at a locked code comes to, and count it; `right` says whether it was the code."""
    if code.confirmed_at:
        return Answer(Outcome.EXPIRED)
    if code.spent_at:
        return Answer(Outcome.SPENT, frozen_until=code.spent_at + settings.CODE_FREEZE)
    if code.expires_at <= at:
        return Answer(Outcome.EXPIRED)
    if right:
        code.confirmed_at = at
        code.save(update_fields=["confirmed_at"])
        return Answer(Outcome.CONFIRMED)
    code.tries += 1
    if code.tries >= settings.CODE_TRIES:
        code.spent_at = at
    code.save(update_fields=["tries", "spent_at"])
    if code.spent_at:
        return Answer(Outcome.SPENT, frozen_until=at + settings.CODE_FREEZE)
    return Answer(Outcome.WRONG, tries_left=settings.CODE_TRIES - code.tries)


def next_at(*, request: PhoneChangeRequest, at: datetime) -> datetime:
    """Return the moment from which another code may be asked for; `at` itself when it may be now."""
    return at + wait(PhoneCode.objects.filter(number=request.new_phone), at=at)


def new() -> str:
    """Return a fresh code."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def demand_time(codes: models.QuerySet[Any], *, at: datetime) -> None:
    """Raise `TooManyCodes` when whoever got `codes` has to wait for another one."""
    left = wait(codes, at=at)
    if left:
        raise TooManyCodes(left)


def count_all(*, at: datetime) -> None:
    """Count one code to anybody. Raises `TooManyCodes` when the last hour has seen too many."""
    country = limits.Limit(name="codes", most=settings.CODES_PER_HOUR_GLOBAL, window=timedelta(hours=1))
    if not limits.count(country, "all", at=at):
        raise TooManyCodes(limits.wait(country, "all", at=at))


def wait(codes: models.QuerySet[Any], *, at: datetime) -> timedelta:
    """Return how long whoever got `codes` has to wait for another one: nothing, when zero.

    The windows slide, so that nobody gets twice as many around a full hour.
    """
    sent = codes.filter(sent_at__gt=at - timedelta(days=1))
    moments = list(sent.order_by("-sent_at").values_list("sent_at", flat=True))
    spent = sent.aggregate(last=models.Max("spent_at"))["last"]
    free_at = [at]
    if moments:
        free_at.append(moments[0] + settings.CODE_PAUSE)
    if len(moments) >= settings.CODES_PER_HOUR:
        free_at.append(moments[settings.CODES_PER_HOUR - 1] + timedelta(hours=1))
    if len(moments) >= settings.CODES_PER_DAY:
        free_at.append(moments[settings.CODES_PER_DAY - 1] + timedelta(days=1))
    if spent:
        free_at.append(spent + settings.CODE_FREEZE)
    return max(free_at) - at


def hold(number: str) -> None:
    """Let two codes to one number, or of one subject, be counted one after the other until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [number])


def digits(typed: str) -> str:
    """Return what a person meant who typed a code with spaces or a dash."""
    return typed.strip().replace(" ", "").replace("-", "")[: 2 * DIGITS]


def _digest(request: PhoneChangeRequest, code: str) -> bytes:
    return keyed_hash(key_for(Purpose.PHONE_CODE), *_parts(request, code))


def _parts(request: PhoneChangeRequest, code: str) -> tuple[str, ...]:
    return (str(request.pk), request.new_phone, code)
