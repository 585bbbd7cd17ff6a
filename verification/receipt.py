"""The receipt (tanda terima) that a participant takes home: on paper from the counter, or printed from the portal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from jknoffice import qr
from participants import phone
from verification import reference
from verification.models import PhoneChangeRequest
from verification.models.choices import Channel
from verification.moments import written, written_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the receipt says; no name, and of numbers only the last digits.

    `hold_hours` is how long an approved change waits, 0 where it does not; `code` is an `<svg>` element that leads to
    `address`, where the status page asks for the date of birth.
    """

    reference: str
    received: str
    number: str
    due: str
    hold_hours: int
    address: str
    code: SafeString


def receipt_of(case: PhoneChangeRequest, *, absolute: Callable[[str], str]) -> Receipt:
    """Return the receipt of a request in the active language.

    `absolute` makes a full address of a path, such as `request.build_absolute_uri`. The reference in it opens nothing
    without the date of birth, and is no personal data.
    """
    address = absolute(f"{reverse('portal:status')}?reference={case.reference}")
    return Receipt(
        reference=reference.show(case.reference),
        received=written(case.submitted_at),
        number=phone.mask(case.new_phone),
        due=written_day(case.submitted_at + settings.SERVICE_TIME),
        hold_hours=0 if case.channel == Channel.COUNTER else settings.HOLD // timedelta(hours=1),
        address=address,
        code=qr.svg(address),
    )
