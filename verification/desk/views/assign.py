"""Taking cases back and handing them over, many at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from verification import changes
from verification.changes.assigning import OneOfThem
from verification.desk.access import Permission, case_for, record_refusal, worker
from verification.desk.queue import colleagues

MOST = 25
"""One page of the queue."""


@require_POST
def assign(request: HttpRequest) -> HttpResponseRedirect:
    """Take the cases of the references `case` back, and hand them to the colleague of the user name `to`, if any."""
    user = worker(request, Permission.SUPERVISE)
    chosen = [case_for(user, reference) for reference in dict.fromkeys(request.POST.getlist("case")[:MOST])]
    name = request.POST.get("to", "")
    to = next((one for one in colleagues(user) if one.username == name), None)
    if not chosen or (name and to is None):
        messages.error(request, _("Nothing was done: choose cases, and whom to hand them to."))
        return redirect("admin:verification_queue")
    try:
        changes.assign(requests=chosen, by=user, to=to)
    except OneOfThem as refusal:
        record_refusal(by=user, code=refusal.why.code, step="assign")
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(len(chosen), to.full_name if to else ""))
    return redirect("admin:verification_queue")


def _said(count: int, name: str) -> str:
    if not name:
        return ngettext("%(n)s case is free again.", "%(n)s cases are free again.", count) % {"n": count}
    sentence = ngettext("%(name)s has %(n)s case more now.", "%(name)s has %(n)s cases more now.", count)
    return sentence % {"name": name, "n": count}
