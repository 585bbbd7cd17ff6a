"""The list of entries, and one entry."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jknoffice.audit import values
from jknoffice.audit.entry import mac_of
from jknoffice.audit.forms import EntryFilter, RevealForm
from jknoffice.audit.models import AuditLog
from jknoffice.audit.pages import page_of
from jknoffice.audit.reveals import TooManyReveals
from jknoffice.audit.scope import Reader, Scope
from jknoffice.audit.sealing.merkle import Mismatch
from jknoffice.audit.seals import take_proof
from jknoffice.audit.trail import steps_of
from jknoffice.audit.views.reader import entry_for, reader_of
from jknoffice.replica import may_lag


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """List entries, newest first, narrowed by the query string; a query that makes no sense says so."""
    reader, form = reader_of(request), EntryFilter(request.GET)
    page = None
    if form.is_valid():
        found = AuditLog.objects.for_user(reader)
        with may_lag():
            page = page_of(form.apply(found), older_than=form.cleaned_data["older"])
    query = request.GET.copy()
    query.pop("older", None)
    newest = query.urlencode()
    query["older"] = str(page.older_than) if page else ""
    context = {
        **admin.site.each_context(request),
        "title": _("Audit entries"),
        "filter": form,
        "steps": steps_of(page.entries) if page else [],
        "may_save": reader.audit_scope is Scope.ALL,
        "newest": newest,
        "older": query.urlencode() if page and page.older_than else "",
        "is_first_page": not (form.is_valid() and form.cleaned_data["older"]),
    }
    return render(request, "admin/audit/entries.html", context)


@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one entry with its personal values closed."""
    reader = reader_of(request)
    row = entry_for(reader, pk)
    return _page(request, reader, row, values.closed_values(row), RevealForm())


@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one entry with its personal values open, for this answer only; the reason is recorded first."""
    reader = reader_of(request)
    row = entry_for(reader, pk)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, reader, row, values.closed_values(row), form)
    try:
        opened = values.reveal(entry=row, by=reader, why=values.Why(form.cleaned_data["why"]))
    except TooManyReveals as refusal:
        form.add_error("why", str(refusal))
        return _page(request, reader, row, values.closed_values(row), form)
    return _page(request, reader, row, opened, None)


@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the inclusion proof of one entry as a file for `audit_verify.py --proof`."""
    reader = reader_of(request)
    row = entry_for(reader, pk)
    try:
        found = take_proof(entry=row, by=reader)
    except Mismatch:
        messages.error(request, _("The sealed tree has a hole: there is no proof for this entry. Report it."))
    else:
        if found is not None:
            answer = JsonResponse(dict(found))
            answer["Content-Disposition"] = f'attachment; filename="proof-{pk}.json"'
            return answer
        messages.warning(request, _("This entry waits for its seal. Try again in a minute."))
    return redirect("admin:audit_auditlog_change", pk)


def _page(
    request: HttpRequest, reader: Reader, row: AuditLog, found: list[values.Value], form: RevealForm | None
) -> HttpResponse:
    closed = any(value.state is values.State.CLOSED for value in found)
    context = {
        **admin.site.each_context(request),
        "title": _("Audit entry %(id)s") % {"id": row.pk},
        "step": steps_of([row])[0],
        "may_prove": reader.audit_scope is Scope.ALL,
        "values": found,
        "reveal": form if closed and reader.audit_scope is Scope.ALL else None,
        "is_authentic": mac_of(row.entry) == bytes(row.mac),
    }
    return render(request, "admin/audit/entry.html", context)
