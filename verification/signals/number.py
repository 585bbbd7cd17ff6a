"""Signals about the new number."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jknoffice.accounts.identity import person_id
from jknoffice.accounts.models import User
from participants.models import Peserta
from verification.models import PhoneChangeRequest
from verification.models.outbox import MessageStatus
from verification.notices import HOLD_TO_OLD
from verification.signals.sign import Case, Facts
from verification.states import Status

FAMILIES = 3
MOST_LOOKED_AT = 100
"""A number with more holders than this is shared by far too many anyway."""


def shared(case: Case) -> Facts | None:
    """Find that three or more other families have the new number."""
    holders = Peserta.objects.filter(phone=case.request.new_phone).exclude(kk_number=case.peserta.kk_number)
    families = list(holders.values_list("kk_number", flat=True)[:MOST_LOOKED_AT])
    if len(set(families)) < FAMILIES:
        return None
    return {"people": len(families), "families": len(set(families))}


def tell_shared(facts: Facts) -> str:
    """Say how many people in how many families."""
    people = int(facts["people"])
    sentence = ngettext(
        "%(people)s participant in %(families)s families has it.",
        "%(people)s participants in %(families)s families have it.",
        people,
    )
    return sentence % {"people": people, "families": facts["families"]}


def in_other_case(case: Case) -> Facts | None:
    """Find open requests of other families for the same number."""
    others = PhoneChangeRequest.objects.open().filter(new_phone=case.request.new_phone, peserta__isnull=False)
    branches = list(
        others.exclude(pk=case.request.pk)
        .exclude(peserta__kk_number=case.peserta.kk_number)
        .order_by("branch__name")
        .values_list("branch__name", flat=True)[:MOST_LOOKED_AT]
    )
    return {"cases": len(branches), "branches": ", ".join(dict.fromkeys(branches))} if branches else None


def tell_other_case(facts: Facts) -> str:
    """Say how many, and at which branches."""
    count = int(facts["cases"])
    sentence = ngettext("%(count)s open case, at %(branches)s.", "%(count)s open cases, at %(branches)s.", count)
    return sentence % {"count": count, "branches": facts["branches"]}


def of_staff(case: Case) -> Facts | None:
    """Find that the new number is registered for somebody who works here, other than the participant."""
    niks = Peserta.objects.filter(phone=case.request.new_phone).exclude(pk=case.peserta.pk)
    persons = {person_id(nik) for nik in niks.values_list("nik", flat=True)[:MOST_LOOKED_AT]}
    found = User.objects.filter(person_id__in=persons, is_active=True).exists() if persons else False
    return {} if found else None


def tell_staff(facts: Facts) -> str:
    """Say so."""
    return _("Somebody who works here is registered with this number.")


def not_told(case: Case) -> Facts | None:
    """Find that no notice of a hold went out until its end: nobody could object, be it that a gateway was away.

    It is still found when a supervisor looks, unless the notice was sent again by hand.
    """
    request = case.request
    if request.status == Status.ON_HOLD and request.hold_until and request.hold_until > case.at:
        return None
    notices = request.messages.filter(template=HOLD_TO_OLD).order_by("-occasion").values_list("occasion", "status")
    found = list(notices)
    latest = [status for occasion, status in found if occasion == found[0][0]]
    return {"notices": len(latest)} if latest and MessageStatus.SENT not in latest else None


def tell_not_told(facts: Facts) -> str:
    """Say how many notices stayed here."""
    count = int(facts["notices"])
    sentence = ngettext(
        "The notice to the number or e-mail address from before did not go out.",
        "None of the %(count)s notices to the number and e-mail address from before went out.",
        count,
    )
    return sentence % {"count": count}
