"""The alarms of one's reach, and what one does with them."""

from datetime import timedelta
from typing import cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jknoffice.accounts.models import User
from jknoffice.alarms.forms import ListForm, NoteForm
from jknoffice.alarms.handling import handle, see
from jknoffice.alarms.models import Alarm, Rule
from jknoffice.alarms.rules import table
from jknoffice.audit.log import Thing, record_alone
from jknoffice.audit.scope import OutOfScope
from jknoffice.refusal import Refusal

ALARM = "admin:alarms_alarm_change"
SIZE = 50


@require_safe
def alarms(request: HttpRequest) -> HttpResponse:
    """List the alarms within reach, newest first: those to be handled, or what `?which=` and `?rule=` ask for."""
    user, form = _reader(request), ListForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"which": "", "rule": ""}
    found = Alarm.objects.for_user(user).select_related("branch", "seen_by", "handled_by")
    if asked["which"] != "all":
        found = found.filter(handled_at__isnull=asked["which"] != "handled")
    if asked["rule"]:
        found = found.filter(rule=asked["rule"])
    context = {
        **admin.site.each_context(request),
        "title": _("Alarms"),
        "form": form,
        "page": Paginator(found, SIZE).get_page(request.GET.get("page")),
        "query": urlencode(asked),
    }
    return render(request, "admin/alarms/alarms.html", context)


@require_safe
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one alarm within reach. The look is recorded first."""
    user = _reader(request)
    row = _alarm_for(user, pk)
    record_alone("alarm.viewed", by=user.as_actor(), about=Thing.of(row))
    return _page(request, row, NoteForm())


@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody looks after an alarm."""
    user = _reader(request)
    see(alarm=_alarm_for(user, pk), by=user)
    messages.success(request, _("It is noted that you have seen the alarm."))
    return redirect(ALARM, pk)


@require_POST
def handled(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an alarm with a note."""
    user = _reader(request)
    row, form = _alarm_for(user, pk), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        handle(alarm=row, note=form.cleaned_data["note"], by=user)
    except Refusal as refusal:
        record_alone("alarm.refused", by=user.as_actor(), about=Thing.of(row), reason=refusal.code)
        messages.error(request, str(refusal))
        return redirect(ALARM, pk)
    messages.success(request, _("The alarm is handled."))
    return redirect("admin:alarms_alarm_changelist")


def _reader(request: HttpRequest) -> User:
    user = cast("User", request.user)  # `admin_view` lets nobody else in
    if not user.has_perm("alarms.view_alarm"):
        record_alone("alarm.refused", by=user.as_actor(), reason="no_permission")
        raise PermissionDenied
    return user


def _alarm_for(user: User, pk: int) -> Alarm:
    """Return an alarm within reach, or raise Http404; one for other readers is answered alike, and recorded."""
    found = Alarm.objects.select_related("branch", "seen_by", "handled_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    if not Alarm.objects.for_user(user).filter(pk=pk).exists():
        record_alone("alarm.refused", by=user.as_actor(), about=Thing.of(found), reason=OutOfScope.code)
        raise Http404
    return found


def _page(request: HttpRequest, row: Alarm, form: NoteForm) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": Rule(row.rule).label,
        "alarm": row,
        "case": _case_of(row),
        "advice": table()[Rule(row.rule)].advice,
        "entries": [(actor, _entries_of(row, actor)) for actor in filter(None, row.actors.split(", "))],
        "form": form,
    }
    return render(request, "admin/alarms/alarm.html", context)


def _case_of(row: Alarm) -> str:
    """Return the key of the case that an alarm is about, "" for an alarm about something else."""
    return row.about.partition("/")[2] if row.rule == Rule.GLASS else ""


def _entries_of(row: Alarm, actor: str) -> str:
    """Return where the log lists what somebody did in the time of an alarm, to the minute."""
    since, until = timezone.localtime(row.first_at), timezone.localtime(row.reached_at + timedelta(minutes=1))
    between = {"since": f"{since:%Y-%m-%dT%H:%M}", "until": f"{until:%Y-%m-%dT%H:%M}"}
    return f"{reverse('admin:audit_entries')}?{urlencode({'actor': actor, **between})}"
