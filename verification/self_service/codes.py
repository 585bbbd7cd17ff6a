"""Codes that stand for a person: to the registered number, or to a new e-mail address.

Whoever asks for one is answered at once and always the same: whether what they gave fits anybody is found out by the
worker (`answering`). So neither a page nor its time tells who is in the register or has an account.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from jknoffice import crypto
from jknoffice.audit.log import Thing, record
from jknoffice.crypto import key_for, keyed_hash
from jknoffice.refusal import Refusal
from participants.account import SELF
from participants.models import Peserta
from verification import codes
from verification.codes import Answer, Outcome
from verification.models import AccountCode
from verification.models.account_code import Purpose

ANSWER_TASK = "verification.answer_account_code"
USABLE = timedelta(minutes=30)
"""How long a confirmed code lets its owner go on."""


class NoProof(Refusal):
    """The code was not confirmed, is too old, has been used, or went to a number that is registered no more."""

    code = "no_proof"
    sentence = _("This code can't be used any more. Please begin again.")


@transaction.atomic
def order(*, purpose: Purpose, given: Mapping[str, str], language: str, at: datetime) -> AccountCode:
    """Take in that somebody wants a code, and let the worker see to it.

    `given` is what they say of themselves, by the names that `answering` knows; it is encrypted, and forgotten once
    the worker has looked. Raises `codes.TooManyCodes`, for the same `given` only.
    """
    subject = keyed_hash(key_for(crypto.Purpose.RATE), purpose.value, *(given[name] for name in sorted(given))).hex()
    codes.hold(subject)
    codes.demand_time(AccountCode.objects.filter(subject=subject), at=at)
    codes.count_all(at=at)
    row = AccountCode.objects.create(
        purpose=purpose,
        subject=subject,
        sealed=crypto.seal(
            key=key_for(crypto.Purpose.DRAFT), plaintext=json.dumps(dict(given)).encode(), bound_to=_place(purpose)
        ),
        language=language,
        sent_at=at,
        expires_at=at + settings.CODE_LIFETIME,
    )
    record("participant.code_asked", by=SELF, about=Thing.of(row), reason=purpose.value, pii=given, at=at)
    app.configure_task(ANSWER_TASK).defer(code_id=row.pk)
    return row


def given_to(row: AccountCode) -> dict[str, str]:
    """Return what a code was ordered with, while it is not answered."""
    sealed = bytes(row.sealed or b"")
    plain = crypto.opened(crypto.Purpose.DRAFT, sealed=sealed, bound_to=_place(Purpose(row.purpose)))
    return dict(json.loads(plain))


@transaction.atomic
def confirm(*, code_id: int, typed: str, at: datetime) -> Answer:
    """Judge a typed code and count the guess; a right one typed again (a double click) is confirmed again."""
    # Joined, so that a code which fits somebody takes no more queries than one which fits nobody.
    row = AccountCode.objects.select_for_update(of=("self",)).select_related("peserta").get(pk=code_id)
    right = crypto.fits(bytes(row.digest), crypto.Purpose.PHONE_CODE, *_parts(row, codes.digits(typed)))
    if row.confirmed_at and not row.used_at and right:
        return Answer(Outcome.CONFIRMED)
    answer = codes.settle(row, right=right, at=at)
    done = answer.outcome is Outcome.CONFIRMED
    record(
        "participant.code_confirmed" if done else "participant.code_refused",
        by=SELF,
        about=Thing.of(row),
        subject=row.peserta.uuid if row.peserta else None,
        reason=row.purpose if done else answer.outcome.value,
        at=at,
    )
    return answer


def use(*, code_id: int, purpose: Purpose, at: datetime) -> AccountCode:
    """Return the confirmed code that stands for somebody, which nobody can use again. Raises `NoProof`.

    Runs in the transaction of what it is used for.
    """
    row = AccountCode.objects.select_for_update(of=("self",)).select_related("peserta").get(pk=code_id)
    fresh = row.confirmed_at and row.confirmed_at > at - USABLE
    if row.purpose != purpose or row.used_at or row.peserta is None or not fresh:
        raise NoProof
    if row.number and row.number != row.peserta.phone:
        raise NoProof
    row.used_at = at
    row.save(update_fields=["used_at"])
    return row


def proved(*, code_id: int) -> Peserta | None:
    """Return whom a confirmed code proves, or None."""
    row = AccountCode.objects.select_related("peserta").filter(pk=code_id, confirmed_at__isnull=False).first()
    return row.peserta if row else None


def next_at(*, code_id: int, at: datetime) -> datetime:
    """Return the moment from which the same person may ask for another code; `at` itself when it may be now."""
    subject = AccountCode.objects.values_list("subject", flat=True).get(pk=code_id)
    return at + codes.wait(AccountCode.objects.filter(subject=subject), at=at)


def digest(row: AccountCode, code: str) -> bytes:
    """Return what is kept of a code."""
    return keyed_hash(key_for(crypto.Purpose.PHONE_CODE), *_parts(row, code))


def _parts(row: AccountCode, code: str) -> tuple[str, ...]:
    return ("account", str(row.pk), code)


def _place(purpose: Purpose) -> str:
    return f"account code for {purpose}"
