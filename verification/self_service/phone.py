"""The article's own path: a participant who is logged in changes the registered number."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings

from participants.models import ParticipantAccount, Peserta
from verification import changes
from verification.changes.intake import SameNumber
from verification.models import PhoneChangeRequest
from verification.models.choices import ChangeReason, Channel
from verification.states import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A new number (E.164). `submission` identifies the form: the same one twice makes one request."""

    new_phone: str
    submission: UUID = field(default_factory=uuid4)


def begin(
    *, account: ParticipantAccount, wish: Wish, language: str, address: str, at: datetime | None = None
) -> PhoneChangeRequest:
    """Open the request of a participant who has just given the password again, and send a code to the new number.

    `changes.confirm()` writes the number to the register as soon as the code is typed, or, where a risk signal stands,
    sends the request to the desk. `address` is where it comes from, "" where that says nothing. Raises `SameNumber`,
    `changes.intake.AlreadyOpen` and `codes.TooManyCodes`.
    """
    peserta = Peserta.objects.get(pk=account.peserta_id)
    if peserta.phone == wish.new_phone:
        raise SameNumber
    return changes.submit(
        intake=changes.Intake(
            identifier=peserta.nik,
            birth_date=peserta.birth_date,
            new_phone=wish.new_phone,
            channel=Channel.SELF_SERVICE,
            reason=ChangeReason.NEW_NUMBER,
            pictures={},
            language=language,
            submission=wish.submission,
            address=address,
        ),
        at=at,
    )


def waiting(account: ParticipantAccount) -> PhoneChangeRequest | None:
    """Return the request of this participant that waits for the code of this path, or None."""
    mine = PhoneChangeRequest.objects.filter(peserta=account.peserta_id, channel=Channel.SELF_SERVICE)
    return mine.filter(status=Status.AWAITING_CODE).first()


def just_done(account: ParticipantAccount, *, at: datetime) -> PhoneChangeRequest | None:
    """Return the request of this path whose code was typed as long ago as a code lives, or later; or None.

    For whom the answer did not reach and who sends the code again.
    """
    mine = PhoneChangeRequest.objects.filter(peserta=account.peserta_id, channel=Channel.SELF_SERVICE)
    mine = mine.filter(status__in=[Status.APPLIED, Status.QUEUED])
    return mine.filter(confirmed_at__gt=at - settings.CODE_LIFETIME).order_by("-confirmed_at").first()


def open_one(account: ParticipantAccount) -> PhoneChangeRequest | None:
    """Return the participant's request that has not ended, whichever way it came in, or None."""
    return PhoneChangeRequest.objects.open().filter(peserta=account.peserta_id).first()
