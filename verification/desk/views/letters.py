"""Messages that no gateway took."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from jknoffice import clock
from verification import dead_letters
from verification.desk.access import Permission, record_refusal, worker
from verification.sms.texts import NAMES

PAGE_SIZE = 50


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """List the messages that were given up within reach: which notice of which request, without number or text."""
    user, at = worker(request, Permission.SUPERVISE), clock.now()
    page = Paginator(dead_letters.given_up(by=user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {"message": each, "name": NAMES[each.template], "alive": bool(each.sealed_context) and each.expires_at > at}
        for each in page.object_list
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Messages that did not go out"),
        "page": page,
        "rows": rows,
        "still_tried": dead_letters.still_tried(by=user),
        "any_alive": any(row["alive"] for row in rows),
        "at": at,
    }
    return render(request, "admin/verification/letters.html", context)


@require_POST
def send_letters(request: HttpRequest) -> HttpResponseRedirect:
    """Send the messages of the ids `message` once more, as many as one page shows."""
    user = worker(request, Permission.SUPERVISE)
    typed = request.POST.getlist("message")[:PAGE_SIZE]
    chosen = [int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < 19]
    if not chosen:
        messages.error(request, _("Nothing was done: choose the messages that are to be sent."))
        return redirect("admin:verification_letters")
    try:
        count = dead_letters.send_again(messages=chosen, by=user)
    except dead_letters.NothingLeft as refusal:
        record_refusal(by=user, code=refusal.code, step="send_again")
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(n)s message is on its way again.", "%(n)s messages are on their way again.", count)
        messages.success(request, said % {"n": count})
    return redirect("admin:verification_letters")
