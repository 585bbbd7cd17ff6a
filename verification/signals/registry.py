"""All signals with their weights, and looking for them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from verification.models import PhoneChangeRequest
from verification.signals import conduct, number, person, photo
from verification.signals.sign import Case, Sign, Signal


class Code(models.TextChoices):
    """The signals by their codes, which stand in the log, with their names."""

    CHANGED_RECENTLY = "changed_recently", _("The registered number was changed within the last 90 days")
    NUMBER_SHARED = "number_shared", _("The new number is registered for three or more other families")
    NUMBER_IN_OTHER_CASE = "number_in_other_case", _("Another family asks for the same new number")
    STAFF_NUMBER = "staff_number", _("The new number belongs to somebody who works here")
    DECEASED = "deceased", _("The participant is registered as deceased")
    SAME_PHOTO = "same_photo", _("The same photo stands in another participant's case")
    HASTE = "haste", _("Entered and decided within the same minute")
    ASKS_OFTEN = "asks_often", _("This participant asks for the third time within 90 days")
    SAME_ADDRESS = "same_address", _("Many requests come from the same connection")
    WRONG_CODES = "wrong_codes", _("The code was guessed wrong many times")
    NOT_TOLD = "not_told", _("Whoever has the number from before was not told of the change")
    NOT_ACTIVE = "not_active", _("The participant is not active")
    NIK_DISAGREES = "nik_disagrees", _("The NIK disagrees with the register")


# Whatever weighs 3 asks for a second person by itself: it may be a stranger who takes over a number. The others
# happen to honest people as well, and ask for one when two or three meet.
SIGNALS: Mapping[Code, Signal] = {
    Code.CHANGED_RECENTLY: Signal(weight=3, find=person.changed_recently, tell=person.tell_changed),
    Code.NUMBER_SHARED: Signal(weight=3, find=number.shared, tell=number.tell_shared),
    Code.NUMBER_IN_OTHER_CASE: Signal(weight=3, find=number.in_other_case, tell=number.tell_other_case),
    Code.STAFF_NUMBER: Signal(weight=3, find=number.of_staff, tell=number.tell_staff),
    Code.DECEASED: Signal(weight=3, find=person.deceased, tell=person.tell_status),
    Code.SAME_PHOTO: Signal(weight=3, find=photo.same_elsewhere, tell=photo.tell_same),
    Code.HASTE: Signal(weight=3, find=conduct.haste, tell=conduct.tell_haste),
    Code.NOT_TOLD: Signal(weight=3, find=number.not_told, tell=number.tell_not_told),
    Code.ASKS_OFTEN: Signal(weight=2, find=person.asks_often, tell=person.tell_often),
    Code.SAME_ADDRESS: Signal(weight=2, find=conduct.same_address, tell=conduct.tell_address),
    Code.WRONG_CODES: Signal(weight=2, find=conduct.wrong_codes, tell=conduct.tell_codes),
    Code.NOT_ACTIVE: Signal(weight=1, find=person.not_active, tell=person.tell_status),
    Code.NIK_DISAGREES: Signal(weight=1, find=person.nik_disagrees, tell=person.tell_nik),
}


def look(*, request: PhoneChangeRequest, at: datetime) -> list[Sign]:
    """Return what a request shows at a moment, in the order of `Code`; nothing for one that matched nobody."""
    if request.peserta is None:
        return []
    case = Case(request, request.peserta, at)
    found = [(code, SIGNALS[code].find(case)) for code in Code]
    return [Sign(code.value, facts) for code, facts in found if facts is not None]


def weight_of(signs: Iterable[Sign]) -> int:
    """Return the sum of the weights; a sign of a kind that is looked for no more weighs nothing."""
    return sum(SIGNALS[Code(sign.code)].weight for sign in signs if sign.code in Code.values)


def needs_second(signs: Iterable[Sign]) -> bool:
    """Return whether a case with these signs needs a second approval."""
    return bool(weight_of(signs) >= settings.SECOND_APPROVAL_WEIGHT)


def kept(request: PhoneChangeRequest) -> list[Sign]:
    """Return what was seen when the request was last looked at for a decision."""
    return [Sign(one["code"], one["facts"]) for one in request.signals]


def stored(signs: Iterable[Sign]) -> list[dict[str, Any]]:
    """Return signs as `PhoneChangeRequest.signals` keeps them."""
    return [{"code": sign.code, "facts": dict(sign.facts)} for sign in signs]


def told(sign: Sign) -> str:
    """Return the evidence of a sign as a sentence, "" for a kind that is looked for no more."""
    return SIGNALS[Code(sign.code)].tell(sign.facts) if sign.code in Code.values else ""
