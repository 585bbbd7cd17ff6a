"""The demo's requests: in every state, brought there by the product's own steps, with times in the past."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Count

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.log import Thing
from jknoffice.demo.cards import blurred, draw_jkn_card, draw_ktp
from jknoffice.demo.people import Person
from jknoffice.demo.staff import BUSY, BY, HOME
from participants import registry
from participants.models import Peserta
from verification import changes, outbox
from verification.documents import pictures
from verification.documents.pictures import Picture
from verification.models import PhoneChangeRequest
from verification.models.choices import ChangeReason, Channel, DocumentKind, Fault, RejectReason
from verification.models.outbox import MessageStatus
from verification.states import Status

_NAMESPACE: Final = uuid.UUID("6c1d7b6e-0a57-4b57-9e0a-6a6b6e0d2026")
_PLAN: Final = (
    *[Status.QUEUED] * 18,
    *[Status.APPLIED] * 9,
    *[Status.ON_HOLD] * 5,
    *[Status.SECOND_REVIEW] * 4,
    *[Status.NEEDS_INFO] * 4,
    *[Status.REJECTED] * 4,
    *[Status.IN_REVIEW] * 3,
    *[Status.AWAITING_CODE] * 3,
    *[Status.EXPIRED] * 2,
    *[Status.UNMATCHED] * 3,
    *[Status.FROZEN] * 2,
    *[Status.CANCELLED] * 2,
    Status.REVERSED,
)
COUNT: Final = len(_PLAN)
_WITH_SHARED_NUMBER: Final = _PLAN.index(Status.SECOND_REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request to be: whose, in which state, when it came in, and at which door."""

    number: int
    person: Person
    status: Status
    channel: Channel
    at: datetime
    new_phone: str


def fill(*, people: Sequence[Person], seed: int, now: datetime) -> Iterator[Status]:
    """Make the demo's 60 requests, and yield the state of each as it is done; those that exist are passed over.

    The oldest waiting case of the home branch is a counter case without risk, entered by another operator: whoever
    takes the first case sees the number change at once.
    """
    for case in _cases(people, Random(seed), now):
        submission = uuid.uuid5(_NAMESPACE, f"{seed}/{case.number}")
        if not PhoneChangeRequest.objects.filter(submission=submission).exists():
            with transaction.atomic():
                _Story(case, submission, seed).tell()
        yield case.status


def _cases(people: Sequence[Person], rng: Random, now: datetime) -> Iterator[Case]:
    adults = {code: [p for p in people if p.branch_code == code and _may_ask(p)] for code in BUSY}
    for branch in adults.values():
        rng.shuffle(branch)
    yield Case(
        number=0,
        person=adults[HOME].pop(),
        status=Status.QUEUED,
        channel=Channel.COUNTER,
        at=now - timedelta(hours=9, minutes=20),
        new_phone=_fresh_phone(rng),
    )
    for number, status in enumerate(_PLAN[1:], start=1):
        code = HOME if number % 2 else BUSY[1 + number // 2 % (len(BUSY) - 1)]
        counter = status in {Status.APPLIED, Status.REVERSED} or (status is Status.QUEUED and number % 3 == 0)
        yield Case(
            number=number,
            person=adults[code].pop(),
            status=status,
            channel=Channel.COUNTER if counter else Channel.LOST_ACCESS,
            at=now - _age(status, rng),
            new_phone=_shared_phone(code) if number == _WITH_SHARED_NUMBER else _fresh_phone(rng),
        )


def _may_ask(person: Person) -> bool:
    return person.age >= 19 and person.status == "ACTIVE" and bool(person.phone)


def _age(status: Status, rng: Random) -> timedelta:
    """How long ago such a request came in: old enough for what happened to it, young enough not to be over."""
    match status:
        case Status.IN_REVIEW:
            return timedelta(minutes=rng.randint(12, 14))
        case Status.QUEUED | Status.AWAITING_CODE:
            return timedelta(minutes=rng.randint(12, 520))
        case Status.ON_HOLD | Status.FROZEN | Status.SECOND_REVIEW:
            return timedelta(hours=rng.randint(4, 18))
        case Status.NEEDS_INFO:
            return timedelta(hours=rng.randint(20, 90))
        case _:
            return timedelta(hours=rng.randint(50, 600))


def _fresh_phone(rng: Random) -> str:
    return f"+62{rng.choice((812, 813, 821, 857, 878, 896))}{rng.randrange(10**8):08}"


def _shared_phone(branch: str) -> str:
    """The number that most families of a branch gave: their village cadre's. Asking for it is a risk signal."""
    numbers = Peserta.objects.filter(branch__code=branch, phone__isnull=False).values("phone")
    return str(numbers.annotate(families=Count("kk_number", distinct=True)).order_by("-families")[0]["phone"])


class _Story:
    """What happens to one case, from the form to its state."""

    def __init__(self, case: Case, submission: uuid.UUID, seed: int) -> None:
        self.case, self.submission, self.seed = case, submission, seed
        self.at = case.at
        staff = User.objects.filter(branch__code=case.person.branch_code, is_active=True, needs_link=False).order_by(
            "username"
        )
        operators = list(staff.filter(role=Role.OPERATOR))
        # The newcomer's account has entered nothing, so that it may decide everything.
        self.decides, self.enters = operators[0], operators[1]
        self.supervises = staff.filter(role=Role.SUPERVISOR)[0]

    def tell(self) -> None:
        """Bring the request into its state."""
        request = self._submit()
        after = _AFTER[self.case.status]
        if self.case.status not in {Status.AWAITING_CODE, Status.EXPIRED}:
            self._confirm(request)
        after(self, request)
        for message in request.messages.filter(status=MessageStatus.WAITING):
            outbox.deliver(message_id=message.pk, at=max(message.next_try_at, self.at))
        found = PhoneChangeRequest.objects.get(pk=request.pk).status
        if found != self.case.status:
            raise AssertionError(f"case {self.case.number} is {found}, not {self.case.status}")

    def _submit(self) -> PhoneChangeRequest:
        person = self.case.person
        if self.case.status is Status.SECOND_REVIEW:
            # Changed three weeks ago, and now again: that is a risk signal.
            peserta = Peserta.objects.get(nik=person.nik)
            earlier = self.at - timedelta(weeks=3)
            registry.set_phone(
                peserta_id=peserta.pk, phone=person.phone, by=BY, cause=Thing("demo", "history"), at=earlier
            )
        unknown = self.case.status is Status.UNMATCHED
        return changes.submit(
            intake=changes.Intake(
                identifier=person.nik,
                birth_date=person.birth_date + timedelta(days=1 if unknown else 0),
                new_phone=self.case.new_phone,
                channel=self.case.channel,
                reason=list(ChangeReason)[self.case.number % len(ChangeReason)],
                pictures=self._photos(),
                submission=self.submission,
            ),
            by=self.enters if self.case.channel is Channel.COUNTER else None,
            at=self.at,
        )

    def _photos(self) -> dict[DocumentKind, Picture]:
        person, seed = self.case.person, self.seed + self.case.number
        ktp = draw_ktp(person, seed=seed)
        if self.case.status is Status.NEEDS_INFO:
            ktp = blurred(ktp)
        return {DocumentKind.KTP: _read(ktp), DocumentKind.CARD: _read(draw_jkn_card(person, seed=seed))}

    def _confirm(self, request: PhoneChangeRequest) -> None:
        self._later(minutes=1)
        text = outbox.text_of(request.messages.get(template="code"))
        code = next(word for word in text.replace(",", " ").split() if word.isdigit() and len(word) == 6)
        changes.confirm(request=request, typed=code, at=self.at)

    def _later(self, *, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    def nothing(self, request: PhoneChangeRequest) -> None:
        """Leave it where it is."""

    def expire(self, request: PhoneChangeRequest) -> None:
        """Let the code never come."""
        self._later(minutes=24 * 60 + 5)
        changes.expire_due(at=self.at)

    def cancel(self, request: PhoneChangeRequest) -> None:
        """Let the participant change their mind."""
        self._later(minutes=40)
        changes.cancel(request=request, at=self.at)

    def claim(self, request: PhoneChangeRequest) -> None:
        """Let the operator of another account take it."""
        taker = self.enters if self.case.channel is not Channel.COUNTER else self.decides
        self._later(minutes=8)
        changes.claim(request=request, by=taker, at=self.at)
        self._later(minutes=2)
        self.decides = taker

    def ask(self, request: PhoneChangeRequest) -> None:
        """Ask for a sharper photo."""
        self.claim(request)
        changes.ask(request=request, by=self.decides, document=DocumentKind.KTP, fault=Fault.BLURRED, at=self.at)

    def reject(self, request: PhoneChangeRequest) -> None:
        """Reject it, for one of the reasons."""
        self.claim(request)
        reason = list(RejectReason)[self.case.number % 4]
        changes.reject(request=request, by=self.decides, reason=reason, at=self.at)

    def approve(self, request: PhoneChangeRequest) -> None:
        """Approve it; what follows is decided by its channel and its risk."""
        self.claim(request)
        changes.approve(request=request, by=self.decides, compared=True, at=self.at)

    def freeze(self, request: PhoneChangeRequest) -> None:
        """Let the holder of the old number object."""
        self.approve(request)
        self._later(minutes=35)
        changes.freeze(request=request, at=self.at)

    def reverse(self, request: PhoneChangeRequest) -> None:
        """Let two people undo it."""
        self.approve(request)
        self._later(minutes=90)
        changes.ask_reversal(request=request, by=self.decides, at=self.at)
        self._later(minutes=15)
        changes.reverse(request=request, by=self.supervises, at=self.at)


_AFTER: dict[Status, Callable[[_Story, PhoneChangeRequest], None]] = {
    Status.AWAITING_CODE: _Story.nothing,
    Status.QUEUED: _Story.nothing,
    Status.UNMATCHED: _Story.nothing,
    Status.EXPIRED: _Story.expire,
    Status.CANCELLED: _Story.cancel,
    Status.IN_REVIEW: _Story.claim,
    Status.NEEDS_INFO: _Story.ask,
    Status.REJECTED: _Story.reject,
    Status.SECOND_REVIEW: _Story.approve,
    Status.ON_HOLD: _Story.approve,
    Status.APPLIED: _Story.approve,
    Status.FROZEN: _Story.freeze,
    Status.REVERSED: _Story.reverse,
}


def _read(jpeg: bytes) -> Picture:
    return pictures.read(SimpleUploadedFile("photo.jpg", jpeg, content_type="image/jpeg"))
