"""Signals about the photos."""

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from verification.models import DocumentLikeness, PhoneChangeRequest
from verification.signals.sign import Case, Facts

MOST_LOOKED_AT = 100


def same_elsewhere(case: Case) -> Facts | None:
    """Find that a photo of this case was found in cases of other participants."""
    others = PhoneChangeRequest.objects.filter(pk__in=cases_behind(case.request)).order_by("branch__name")
    branches = list(others.values_list("branch__name", flat=True)[:MOST_LOOKED_AT])
    if not branches:
        return None
    named = dict.fromkeys(name for name in branches if name)
    return {"cases": len(branches), "branches": ", ".join(named)}


def cases_behind(case: PhoneChangeRequest) -> set[int]:
    """Return the ids of other participants' cases in which a photo of this case was found."""
    pairs = pairs_of(case).values_list("earlier__request", "later__request")
    return {request for pair in pairs for request in pair} - {case.pk}


def pairs_of(case: PhoneChangeRequest) -> QuerySet[DocumentLikeness]:
    """Return the pairs of photos of which one stands in this case; the other is another participant's."""
    return DocumentLikeness.objects.filter(Q(earlier__request=case) | Q(later__request=case))


def tell_same(facts: Facts) -> str:
    """Say how many, and at which branches."""
    count = int(facts["cases"])
    sentence = ngettext(
        "In %(count)s case of another participant, at %(branches)s.",
        "In %(count)s cases of other participants, at %(branches)s.",
        count,
    )
    return sentence % {"count": count, "branches": facts["branches"]}
