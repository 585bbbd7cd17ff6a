"""The queue."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jknoffice import clock
from jknoffice.accounts.roles import Reach
from verification.desk.access import Permission, worker
from verification.desk.queue import Tab, cases_under, colleagues, overview, rows
from verification.models.choices import Channel

PAGE_SIZE = 25
ASSIGNABLE = frozenset({Tab.WAITING, Tab.MINE, Tab.SECOND, Tab.SNOOZED, Tab.REVIEW})


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List the cases of one state (`?state=`, a value of `Tab`) and channel, and how many stand under each state."""
    user, at = worker(request, Permission.VIEW), clock.now()
    asked, through = request.GET.get("state"), request.GET.get("channel")
    tab = Tab(asked) if asked in Tab.values else Tab.WAITING
    channel = Channel(through) if through in Channel.values else None
    counted = overview(user=user, at=at)
    page = Paginator(cases_under(tab, user=user, at=at, channel=channel), PAGE_SIZE).get_page(request.GET.get("page"))
    may_assign = user.has_perm(Permission.SUPERVISE)
    context = {
        **admin.site.each_context(request),
        "title": _("Queue"),
        "at": at,
        "tab": tab,
        "tabs": [(other, counted.counts[other]) for other in Tab],
        "waiting": counted.counts[Tab.WAITING],
        "oldest_at": counted.oldest_at,
        "mine": [] if tab is Tab.MINE else rows(cases_under(Tab.MINE, user=user, at=at)[:PAGE_SIZE], at=at),
        "channel": channel,
        "channels": Channel,
        "page": page,
        "rows": rows(page.object_list, at=at),
        "shows_branch": user.reach is Reach.REGION,
        "may_supervise": may_assign,
        "may_assign": may_assign and tab in ASSIGNABLE,
        "colleagues": colleagues(user) if may_assign else [],
        "may_enter": user.has_perm(Permission.ENTER),
    }
    return render(request, "admin/verification/queue.html", context)
