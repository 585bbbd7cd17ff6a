"""The queue."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jknoffice.accounts.roles import Reach
from verification.desk.access import Permission, worker
from verification.desk.queue import Tab, cases_under, overview, rows

PAGE_SIZE = 25


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List the cases of one state (`?state=`, a value of `Tab`), and how many stand under each."""
    user, at = worker(request, Permission.VIEW), timezone.now()
    asked = request.GET.get("state")
    tab = Tab(asked) if asked in Tab.values else Tab.WAITING
    counted = overview(user=user, at=at)
    page = Paginator(cases_under(tab, user=user, at=at), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("Queue"),
        "at": at,
        "tab": tab,
        "tabs": [(other, counted.counts[other]) for other in Tab],
        "waiting": counted.counts[Tab.WAITING],
        "oldest_at": counted.oldest_at,
        "mine": [] if tab is Tab.MINE else rows(cases_under(Tab.MINE, user=user, at=at)[:PAGE_SIZE], at=at),
        "page": page,
        "rows": rows(page.object_list, at=at),
        "shows_branch": user.reach is Reach.REGION,
        "may_enter": user.has_perm(Permission.ENTER),
    }
    return render(request, "admin/verification/queue.html", context)
