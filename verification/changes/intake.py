"""How a request comes in: submitted, then confirmed by the code that went to the new number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from jknoffice.crypto import Purpose, key_for, keyed_hash
from jknoffice.refusal import Refusal
from participants.models import Peserta
from verification import codes, notices, reference, signals
from verification.annotation import work
from verification.changes import effect, people, step
from verification.codes import Answer, Outcome
from verification.documents import vault
from verification.documents.pictures import Picture
from verification.models import ApiClient, PhoneChangeRequest
from verification.models.choices import ChangeReason, Channel, DocumentKind
from verification.states import Role, Status, Verb


class AlreadyOpen(Refusal):
    """The participant has a request that has not ended. Said only to whom identifier and birth date matched."""

    code = "already_open"

    def __init__(self, existing: PhoneChangeRequest) -> None:
        self.reference = existing.reference
        super().__init__(
            _("A request for this participant is already open: %(reference)s. Follow it, or cancel it first.")
            % {"reference": reference.show(existing.reference)}
        )


class SameNumber(Refusal):
    """The new number is the one that is registered. Said at the counter only: others could guess numbers with it."""

    code = "same_number"
    sentence = _("This number is already registered for this participant.")


class UnknownParticipant(Refusal):
    """At the counter: nobody in the register has this identifier and this birth date."""

    code = "unknown_participant"
    sentence = _("No participant has this number and this date of birth. Compare both with the KTP.")


class NotWaiting(Refusal):
    """The request does not wait for a code any more."""

    code = "not_waiting"
    sentence = _("This request is not waiting for a code. Look at its status page.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is handed in.

    `identifier` is a NIK (16 digits) or card number (13 digits), `new_phone` E.164, `language` "id" or "en".
    `submission` identifies the form: the same one twice makes one request. `address` is where it came from
    (`accounts.address`), "" where that says nothing; only a keyed hash of it is kept.
    `partner` is whose program hands it in through the API, None for everybody else.
    """

    identifier: str
    birth_date: date
    new_phone: str
    channel: Channel
    reason: ChangeReason
    pictures: Mapping[DocumentKind, Picture]
    language: str = "id"
    address: str = ""
    partner: ApiClient | None = None
    submission: UUID = field(default_factory=uuid4)


def submit(*, intake: Intake, by: User | None = None, at: datetime | None = None) -> PhoneChangeRequest:
    """Open a request and send a code to its new number.

    `by` is the operator at the counter, None when the participant does it. Intake that matches nobody goes the same
    way and ends as `unmatched`; at the counter it is refused. Raises `AlreadyOpen`, `SameNumber`,
    `UnknownParticipant`, `people.OutOfReach`, `codes.TooManyCodes` and `store.Away`.
    """
    at = at or clock.now()
    if by and not by.has_perm("verification.add_phonechangerequest"):
        raise people.OutOfReach
    earlier = PhoneChangeRequest.objects.filter(submission=intake.submission).first()
    if earlier:
        return earlier
    peserta = _matched(intake)
    if peserta is None and intake.channel is Channel.COUNTER:
        raise UnknownParticipant
    if by and peserta and peserta.phone == intake.new_phone:
        raise SameNumber
    _demand_no_other(peserta, intake)
    try:
        with transaction.atomic():
            return _create(intake, peserta, by, at)
    except IntegrityError:
        # Lost a race against the same form, or against another request for the same participant; or, once in 2^40
        # for each request there is, the reference is taken: then another one is drawn.
        earlier = PhoneChangeRequest.objects.filter(submission=intake.submission).first()
        if earlier:
            return earlier
        _demand_no_other(peserta, intake)
        with transaction.atomic():
            return _create(intake, peserta, by, at)


def send_code(*, request: PhoneChangeRequest, by: User | None = None, at: datetime | None = None) -> None:
    """Send another code to the new number; `by` is who asks for it at the counter, None for the participant.

    Raises `NotWaiting` and `codes.TooManyCodes`.
    """
    at = at or clock.now()
    with transaction.atomic():
        row = step.locked(request)
        if row.status != Status.AWAITING_CODE:
            raise NotWaiting
        codes.issue(request=row, at=at)
        step.note(row, "request.code_asked", by=_who(by, row), at=at, counts=False)


@transaction.atomic
def confirm(*, request: PhoneChangeRequest, typed: str, by: User | None = None, at: datetime | None = None) -> Answer:
    """Judge a typed code, and move the request on when it is right.

    `by` is the operator who types it at the counter, None when the participant does.
    A right code typed again after the first success (a double click) is answered as confirmed. Raises `NotWaiting`
    for a request that ended otherwise; wrong codes are an answer, not an error.
    """
    at = at or clock.now()
    row = step.locked(request)
    if row.confirmed_at:
        return Answer(Outcome.CONFIRMED)
    if row.status != Status.AWAITING_CODE:
        raise NotWaiting
    answer = codes.judge(request=row, typed=typed, at=at)
    if answer.outcome is Outcome.CONFIRMED:
        _move_on(row, at)
    else:
        step.note(row, "request.code_refused", by=_who(by, row), at=at, reason=answer.outcome.value, counts=False)
    return answer


def _who(user: User | None, request: PhoneChangeRequest) -> Actor:
    return user.as_actor() if user else people.participant(request)


def _matched(intake: Intake) -> Peserta | None:
    column = "nik" if len(intake.identifier) == 16 else "card_number"
    wanted = Peserta.objects.filter(**{column: intake.identifier}, birth_date=intake.birth_date)
    return wanted.select_related("branch").first()


def _demand_no_other(peserta: Peserta | None, intake: Intake) -> None:
    """Raise `AlreadyOpen` for an open request that came from another form.

    The database is asked for nobody's as well: how long an answer takes must not tell who is in the register.
    """
    whose = peserta.pk if peserta else 0
    existing = PhoneChangeRequest.objects.open().filter(peserta_id=whose).exclude(submission=intake.submission).first()
    if existing:
        raise AlreadyOpen(existing)


def _create(intake: Intake, peserta: Peserta | None, by: User | None, at: datetime) -> PhoneChangeRequest:
    home = peserta.branch if peserta else None
    request = PhoneChangeRequest.objects.create(
        submission=intake.submission,
        peserta=peserta,
        branch=by.branch if by else home,
        birth_date=intake.birth_date,
        old_phone=(peserta.phone or "") if peserta else "",
        new_phone=intake.new_phone,
        channel=intake.channel,
        partner=intake.partner,
        reason=intake.reason,
        language=intake.language,
        address_hash=keyed_hash(key_for(Purpose.ADDRESS), intake.address).hex() if intake.address else "",
        submitted_at=at,
        entered_by=by,
    )
    documents = vault.keep(request=request, pictures=intake.pictures, at=at)
    work.order(documents)
    step.note(
        request,
        "request.submitted",
        by=_who(by, request),
        at=at,
        after={
            "status": request.status,
            "channel": request.channel,
            "matched": peserta is not None,
            "documents": {document.kind: document.sha256 for document in documents},
        },
        reason=request.reason,
        pii={"identifier": intake.identifier, "old_phone": request.old_phone, "new_phone": request.new_phone},
    )
    codes.issue(request=request, at=at)
    return request


def _move_on(request: PhoneChangeRequest, at: datetime) -> None:
    """Send a confirmed request where it belongs: to nobody, into the register, or to an operator."""
    by = Actor.system("intake")
    signs = signals.look(request=request, at=at)
    columns: dict[str, Any] = {"confirmed_at": at, "signals": signals.stored(signs)}
    if request.peserta is None:
        vault.shred(request=request)
    elif request.channel == Channel.SELF_SERVICE and not signs:
        effect.take(request, verb=Verb.CONFIRM, role=Role.SYSTEM, by=by, at=at, **columns)
        return
    step.move(
        request,
        verb=Verb.CONFIRM,
        target=Status.QUEUED if request.peserta else Status.UNMATCHED,
        role=Role.SYSTEM,
        by=by,
        at=at,
        detail={"signals": [sign.code for sign in signs]},
        **columns,
    )
    notices.received(request=request, at=at)
