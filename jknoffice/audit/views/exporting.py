"""A part of the log as a file."""

from datetime import timedelta

from django.contrib import admin
from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jknoffice.audit.export.download import MOST_ROWS, NoEntries, TooManyEntries, download
from jknoffice.audit.forms import EntryFilter, ExportForm
from jknoffice.audit.period import Period
from jknoffice.audit.scope import Reader
from jknoffice.audit.values import Why
from jknoffice.audit.views.reader import reader_of


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Ask for the time and the reason of an export of what the list shows; then hand out the file."""
    reader = reader_of(request)
    if request.method != "POST":
        return _page(request, request.GET, _suggested(EntryFilter(request.GET)))
    form, asked = ExportForm(request.POST), EntryFilter(_without(request.POST, "period", "older"))
    if form.is_valid() and asked.is_valid():
        try:
            return _file(form, asked, reader)
        except (NoEntries, TooManyEntries) as refusal:
            form.add_error(None, str(refusal))
    return _page(request, request.POST, form)


def _file(form: ExportForm, asked: EntryFilter, reader: Reader) -> StreamingHttpResponse:
    given = form.cleaned_data
    text = download(wanted=asked.wanted(), asked=asked.asked(), why=Why(given["why"]), note=given["note"], by=reader)
    answer = StreamingHttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"audit-log-{timezone.localtime():%Y%m%d-%H%M%S}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _suggested(asked: EntryFilter) -> ExportForm:
    """Return the form with the time of the list, or of the last 7 days where the list has no beginning."""
    given = asked.cleaned_data if asked.is_valid() else {}
    soon = (timezone.localtime() + timedelta(minutes=1)).replace(second=0, microsecond=0)
    since = given.get("since") or Period(given.get("period") or Period.WEEK).begin()
    return ExportForm(initial={"since": since, "until": given.get("until") or soon})


def _page(request: HttpRequest, query: QueryDict, form: ExportForm) -> HttpResponseBase:
    asked = EntryFilter(_without(query, "since", "until", "period", "older"))
    context = {
        **admin.site.each_context(request),
        "title": _("Export audit entries"),
        "form": form,
        "asked": asked if asked.is_valid() else None,
        "query": _without(request.GET, "older").urlencode(),
        "most": number_format(MOST_ROWS, force_grouping=True),
    }
    return render(request, "admin/audit/export.html", context)


def _without(query: QueryDict, *names: str) -> QueryDict:
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest
