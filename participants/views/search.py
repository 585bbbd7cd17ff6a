"""The search: a POST that redirects to a random id, so that no number stands in an address."""

from typing import cast

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jknoffice.refusal import Refusal
from participants import kept
from participants.forms import SearchForm
from participants.models import Peserta
from participants.searching.asked import Kind
from participants.searching.finding import MOST
from participants.searching.search import Found, find
from participants.views.access import searcher

SEARCH = "admin:participants_peserta_changelist"
RESULTS = "admin:participants_peserta_results"


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Show the box, or search and go to the results. Nobody is listed before a search."""
    user = searcher(request)
    form = SearchForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        text = form.cleaned_data["q"]
        try:
            return redirect(RESULTS, kept.keep(request.session, find(text=text, by=user), text=text))
        except Refusal as refusal:
            form.add_error("q", str(refusal))
    context = {**admin.site.each_context(request), "title": _("Search a participant"), "form": form}
    return render(request, "admin/participants/search.html", context)


@require_GET
def results(request: HttpRequest, search_id: str) -> HttpResponse:
    """Show whom a search of this session found, masked."""
    searcher(request)
    search = kept.recall(request.session, search_id)
    if search is None:
        return _forgotten(request)
    context = {
        **admin.site.each_context(request),
        "title": _("People found"),
        "search_id": search_id,
        "found": search.found,
        "people": _people(search.found),
        "most": MOST,
        "form": SearchForm(),
    }
    return render(request, "admin/participants/results.html", context)


@require_POST
def more(request: HttpRequest, search_id: str) -> HttpResponse:
    """Search on behind the last person of a page, and go to the results."""
    user = searcher(request)
    search = kept.recall(request.session, search_id)
    if search is None or search.found.place is None:
        return _forgotten(request)
    try:
        found = find(text=search.text, by=user, after=search.found.place)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(RESULTS, search_id)
    return redirect(RESULTS, kept.keep(request.session, found, text=search.text))


def _people(found: Found) -> list[tuple[Peserta, Kind]]:
    """Return those found, in their order, each with what they were found by."""
    people = Peserta.objects.select_related("branch").in_bulk([pk for pk, _ in found.matches])
    return [(people[pk], kind) for pk, kind in found.matches if pk in people]


def _forgotten(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("These results are no longer kept. Please search again."))
    return cast("HttpResponse", redirect(SEARCH))
