"""Signals about how a request came in."""

from datetime import timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _

from verification.models import PhoneChangeRequest
from verification.models.choices import Channel
from verification.signals.sign import Case, Facts

DAY = timedelta(hours=24)
FROM_ONE_ADDRESS = 5
WRONG_CODES = 4
HASTE = timedelta(minutes=1)


def same_address(case: Case) -> Facts | None:
    """Find five or more other participants for whom somebody asked from the same connection within a day.

    Telephones share addresses, so fewer say nothing.
    """
    request = case.request
    if not request.address_hash:
        return None
    around = (request.submitted_at - DAY, request.submitted_at + DAY)
    others = PhoneChangeRequest.objects.filter(address_hash=request.address_hash, submitted_at__range=around)
    people = others.exclude(peserta=case.peserta).exclude(peserta=None).values("peserta").distinct().count()
    return {"people": people} if people >= FROM_ONE_ADDRESS else None


def tell_address(facts: Facts) -> str:
    """Say how many."""
    return _("%(people)s other participants within a day.") % {"people": facts["people"]}


def wrong_codes(case: Case) -> Facts | None:
    """Find four or more wrong guesses of the code."""
    tries = case.request.codes.aggregate(tries=Sum("tries"))["tries"] or 0
    return {"tries": tries} if tries >= WRONG_CODES else None


def tell_codes(facts: Facts) -> str:
    """Say how many."""
    return _("%(tries)s wrong codes before the right one.") % {"tries": facts["tries"]}


def haste(case: Case) -> Facts | None:
    """Find a counter case that is decided within a minute of its entering: nobody has compared anything."""
    request = case.request
    seconds = int((case.at - request.submitted_at).total_seconds())
    return {"seconds": seconds} if request.channel == Channel.COUNTER and seconds < HASTE.total_seconds() else None


def tell_haste(facts: Facts) -> str:
    """Say how fast."""
    return _("Entered %(seconds)s seconds before.") % {"seconds": facts["seconds"]}
