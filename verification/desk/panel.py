"""What a person's page in the register shows of their requests."""

from collections import Counter
from typing import cast

from django.http import HttpRequest
from django.template.loader import render_to_string

from jknoffice.accounts.models import User
from participants.models import Peserta
from verification.models import PhoneChangeRequest
from verification.states import OPEN

SHOWN = 10


def requests_of(request: HttpRequest, peserta: Peserta) -> str:
    """Return the requests of a person as HTML: those within reach one by one, of other branches how many.

    Empty where there are none.
    """
    user = cast("User", request.user)  # a page of staff
    found = list(PhoneChangeRequest.objects.filter(peserta=peserta).select_related("branch").order_by("-submitted_at"))
    if not found:
        return ""
    branches = set(user.branches())
    near = [each for each in found if each.branch in branches]
    near.sort(key=lambda each: each.status not in OPEN)
    far = Counter(each.branch for each in found if each.branch not in branches)
    context = {"near": near[:SHOWN], "far": sorted(far.items(), key=lambda pair: str(pair[0]))}
    return render_to_string("admin/verification/panel.html", context, request)
