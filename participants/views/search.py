"""The search: a POST that redirects to a random id, so that no number stands in an address."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jknoffice.accounts.models import User
from participants import kept
from participants.forms import NameSearch, NumberSearch
from participants.models import Peserta
from participants.search import MOST, Found, NameTooShort, TooManySearches, UnreadableNumber, search_name, search_number
from participants.views.access import searcher

SEARCH = "admin:participants_peserta_changelist"


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Show the two ways to search, or search and go to the results. Nobody is listed before a search."""
    user = searcher(request)
    number, name = NumberSearch(), NameSearch()
    if request.method == "POST":
        form: Form
        if "name" in request.POST:
            form = name = NameSearch(request.POST)
            found = _found(form, lambda: _by_name(name, user))
        else:
            form = number = NumberSearch(request.POST)
            found = _found(form, lambda: search_number(text=number.cleaned_data["number"], by=user))
        if found:
            return redirect("admin:participants_peserta_results", kept.keep(request.session, found))
    context = {
        **admin.site.each_context(request),
        "title": _("Search a participant"),
        "forms": [number, name],
        "most": MOST,
    }
    return render(request, "admin/participants/search.html", context)


@require_GET
def results(request: HttpRequest, search_id: str) -> HttpResponse:
    """Show whom a search of this session found, masked."""
    searcher(request)
    search = kept.recall(request.session, search_id)
    if search is None:
        messages.warning(request, _("These results are no longer kept. Please search again."))
        return redirect(SEARCH)
    context = {
        **admin.site.each_context(request),
        "title": _("People found"),
        "kind": search.found.kind,
        "people": Peserta.objects.filter(pk__in=search.found.pks).select_related("branch").order_by("name", "pk"),
        "more": search.found.more,
        "most": MOST,
    }
    return render(request, "admin/participants/results.html", context)


def _by_name(form: NameSearch, user: User) -> Found:
    return search_name(name=form.cleaned_data["name"], birth_date=form.cleaned_data["birth_date"], by=user)


def _found(form: Form, run: Callable[[], Found]) -> Found | None:
    """Run a search whose form is valid; put what is refused beside its field."""
    if not form.is_valid():
        return None
    try:
        return run()
    except UnreadableNumber as refusal:
        form.add_error("number", str(refusal))
    except NameTooShort as refusal:
        form.add_error("name", str(refusal))
    except TooManySearches as refusal:
        form.add_error(None, str(refusal))
    return None
