"""The auditor's start page: today at a glance, and the ways into the log."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jknoffice.audit import asking
from jknoffice.audit.forms import EntryFilter, TrailSearch
from jknoffice.audit.models import AuditLog
from jknoffice.audit.moments import microseconds
from jknoffice.audit.pages import page_of
from jknoffice.audit.period import Period
from jknoffice.audit.questions import questions_of
from jknoffice.audit.refusals import REFUSED
from jknoffice.audit.scope import Reader, Scope
from jknoffice.audit.sealing.health import trouble
from jknoffice.audit.trail import step_of
from jknoffice.audit.views.reader import reader_of
from jknoffice.audit.words import action_label

_REFUSALS_SHOWN = 10


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show today's entries by action, today's refusals, the search for a trail and the filters."""
    return _page(request, reader_of(request), TrailSearch())


@require_POST
def search(request: HttpRequest) -> HttpResponse | HttpResponseRedirect:
    """Find a participant and go to the trail, or to who saw the data; the address names the subject only."""
    reader, form = reader_of(request), TrailSearch(request.POST)
    if form.is_valid():
        subject = asking.search(text=form.cleaned_data["text"], by=reader)
        if subject is not None:
            wanted = "admin:audit_lookers" if "lookers" in request.POST else "admin:audit_trail"
            return redirect(wanted, subject)
        form.add_error("text", _("Nobody in the register has exactly this number. Check the digits and try again."))
    return _page(request, reader, form)


def _page(request: HttpRequest, reader: Reader, form: TrailSearch) -> HttpResponse:
    midnight = Period.TODAY.begin()
    today = AuditLog.objects.for_user(reader).filter(at_us__gte=microseconds(midnight))
    counted = today.order_by().values("action").annotate(n=Count("id")).order_by("-n", "action")
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Audit log"),
        "midnight": midnight,
        "by_action": [{"code": row["action"], "label": action_label(row["action"]), "n": row["n"]} for row in counted],
        "refusals": [step_of(entry) for entry in page_of(today.filter(REFUSED), size=_REFUSALS_SHOWN).entries],
        "refusals_shown": _REFUSALS_SHOWN,
        "search": form if reader.audit_scope is Scope.ALL else None,
        "filter": EntryFilter(),
        "questions": questions_of(reader),
        "me": reader.as_actor().name,
        "trouble": trouble(),
    }
    return render(request, "admin/audit/start.html", context)
