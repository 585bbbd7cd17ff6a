"""Keeping a claim while the page stays open: for the page's script, so that nothing typed there is lost."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jknoffice import clock
from jknoffice.refusal import Refusal
from verification import changes
from verification.desk.access import Permission, case_for, record_refusal, worker
from verification.desk.claims import claim_of


@require_POST
def keep(request: HttpRequest, reference: str) -> JsonResponse:
    """Begin the time of one's claim anew. Answers `said`, `seconds` and `until` (a time of day); 409 only `said`."""
    user = worker(request, Permission.WORK)
    case = case_for(user, reference)
    try:
        kept = changes.keep_claim(request=case, by=user)
    except Refusal as refusal:
        record_refusal(by=user, code=refusal.code, case=case, step="keep")
        return JsonResponse({"said": str(refusal)}, status=409)
    claim = claim_of(kept, by=user, at=clock.now())
    if claim is None:
        raise AssertionError("who keeps a claim holds the case")
    until = date_format(timezone.localtime(claim.until), "H:i")
    said = _("The case is yours until %(time)s.") % {"time": until}
    return JsonResponse({"seconds": claim.seconds, "until": until, "said": said})
