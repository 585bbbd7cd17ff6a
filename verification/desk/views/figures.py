"""The supervisors' page: the figures of their reach, and the cases behind each."""

from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jknoffice import clock
from jknoffice.audit.log import record_alone
from verification.dead_letters import given_up
from verification.desk.access import Permission, worker
from verification.desk.figures import conspicuous, counted
from verification.desk.figures import reads as reading
from verification.desk.figures.bars import chart
from verification.desk.figures.hands import hands
from verification.desk.figures.which import BANDS, PERIODS, Figure, View, cases_behind
from verification.desk.queue import rows
from verification.models.choices import RejectReason
from verification.models.request import RequestQuerySet

_LARGEST = 2**63 - 1


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of the last `?days=` (one of `PERIODS`)."""
    view = _view(request)
    _record(view, figure="")
    queues, reasons = counted.queues(view), counted.reasons(view)
    sums = {band: sum(dict(queue.bands)[band] for queue in queues) for band in BANDS}
    bands = [(str(band.label), sums[band], urlencode({"figure": band.value, "days": view.days})) for band in BANDS]
    refused = [
        (label, n, urlencode({"figure": Figure.REJECTED.value, "days": view.days, "reason": code}))
        for code, label, n in reasons
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Figures"),
        "days": view.days,
        "periods": PERIODS,
        "waiting": sum(sums.values()),
        "bands": chart(bands),
        "band_labels": [band.label for band in BANDS],
        "queues": queues,
        "done": counted.done(view),
        "whole": counted.whole(view),
        "branches": counted.by_branch(view),
        "operators": counted.by_operator(view),
        "hands": hands(view),
        "at": view.at,
        "reasons": chart(refused),
        "pairs": conspicuous.pairs(view),
        "hasty": conspicuous.hasty(view).count(),
        "too_fast": conspicuous.TOO_FAST_SECONDS,
        "reads": reading.reads(view),
        "letters": given_up(by=view.user).count(),
    }
    return render(request, "admin/verification/figures.html", context)


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List up to 200 cases behind the figure `?figure=`, narrowed by `branch`, `operator`, `holder` and `reason`."""
    view = _view(request)
    name, found = _behind(request, view)
    _record(view, figure=request.GET["figure"])
    found = found.select_related("branch", "claimed_by", "reviewed_by").order_by("-submitted_at", "pk")
    context = {
        **admin.site.each_context(request),
        "title": name,
        "days": view.days,
        "rows": rows(found[: conspicuous.MOST], at=view.at),
        "most": conspicuous.MOST,
    }
    return render(request, "admin/verification/figures_cases.html", context)


@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """List the people whom `?actor=` (a user name) saw without working on a case of theirs: without their data."""
    view = _view(request)
    _record(view, figure="reads")
    actor = request.GET.get("actor", "").replace("\0", "")
    context = {
        **admin.site.each_context(request),
        "title": _("Looked at without working on a case"),
        "days": view.days,
        "people": reading.people_read(view, actor=actor),
        "most": conspicuous.MOST,
    }
    return render(request, "admin/verification/figures_looks.html", context)


def _view(request: HttpRequest) -> View:
    user, days = worker(request, Permission.SUPERVISE), request.GET.get("days")
    chosen = next((period for period in PERIODS if str(period) == days), PERIODS[0])
    return View(user=user, at=clock.now(), days=chosen)


def _behind(request: HttpRequest, view: View) -> tuple[str, RequestQuerySet]:
    match request.GET.get("figure"):
        case "pair":
            one, other = _number(request, "one"), _number(request, "other")
            return _("Cases of two people"), conspicuous.cases_of_pair(view, one=one, other=other)
        case "hasty":
            return _("Approved too fast to have been read"), conspicuous.hasty(view)
        case word if word in Figure.values:
            figure = Figure(word)
            return str(figure.label), cases_behind(figure, view=view).filter(_narrowed(request))
        case _:
            raise Http404


def _narrowed(request: HttpRequest) -> Q:
    which = Q()
    for name, column in (("branch", "branch"), ("operator", "reviewed_by"), ("holder", "claimed_by")):
        if request.GET.get(name):
            which &= Q(**{column: _number(request, name)})
    if request.GET.get("reason") in RejectReason.values:
        which &= Q(decision_reason=request.GET["reason"])
    return which


def _number(request: HttpRequest, name: str) -> int:
    typed = request.GET.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 20 and int(typed) <= _LARGEST):
        raise Http404
    return int(typed)


def _record(view: View, *, figure: str) -> None:
    after: dict[str, int | str] = {"days": view.days, **({"figure": figure} if figure else {})}
    record_alone("desk.figures_viewed", by=view.user.as_actor(), after=after)
