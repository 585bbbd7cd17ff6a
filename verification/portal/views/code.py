"""The code that proves the new number, and what follows it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jknoffice import clock
from jknoffice.refusal import Refusal
from participants import phone
from verification import changes, codes, reference
from verification.changes.intake import NotWaiting
from verification.codes import Answer, Outcome
from verification.models.choices import Channel
from verification.portal import access, grant
from verification.portal.forms import CodeForm
from verification.portal.pages import look_up_again, page
from verification.portal.sending import trouble_of
from verification.portal.views.intake import STEPS
from verification.receipt import receipt_of
from verification.states import Status


@page
def code(request: HttpRequest) -> HttpResponse:
    """Step 5: type the code. Reached again after a closed browser through the status page."""
    case = grant.held(request.session)
    if case is None:
        return look_up_again(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer = changes.confirm(request=case, typed=form.cleaned_data["code"])
        except NotWaiting:
            return redirect("portal:case")
        if answer.outcome is Outcome.CONFIRMED:
            grant.give(request.session, case, proved=True)
            return redirect("portal:done")
        form.add_error("code", told(answer))
    if case.status != Status.AWAITING_CODE:
        return redirect("portal:done" if case.confirmed_at else "portal:case")
    now = clock.now()
    next_at = codes.next_at(request=case, at=now)
    shown = {
        "form": form,
        "number": phone.mask(case.new_phone),
        "trouble": trouble_of(case, at=now),
        "reference": reference.show(case.reference),
        "minutes": settings.CODE_LIFETIME // timedelta(minutes=1),
        "again_from": full_minute(next_at) if next_at > now else "",
        "step": STEPS,
        "steps": STEPS,
    }
    return render(request, "portal/code.html", shown)


@page
def again(request: HttpRequest) -> HttpResponse:
    """Send another code."""
    case = grant.held(request.session)
    if case is None:
        return look_up_again(request)
    if request.method == "POST":
        try:
            changes.send_code(request=case)
        except Refusal as refusal:
            access.record_no_code(case, refusal)
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("A new code is on its way. Earlier codes no longer work."))
    return redirect("portal:code")


@page
def done(request: HttpRequest) -> HttpResponse:
    """Show the reference, and what happens next. The same for somebody whom the register does not know."""
    case = grant.held(request.session)
    if case is None:
        return look_up_again(request)
    if case.confirmed_at is None:
        return redirect("portal:code")
    if case.channel == Channel.SELF_SERVICE:  # there are no photos to wait for
        return redirect("portal:case")
    return render(request, "portal/done.html", {"receipt": receipt_of(case, absolute=request.build_absolute_uri)})


def told(answer: Answer) -> str:
    """Return what became of a code that was not right, and what to do now."""
    if answer.outcome is Outcome.EXPIRED:
        return _("This code is no longer valid. Ask for a new one below.")
    if answer.frozen_until:
        said = _(
            "Too many wrong codes. You can ask for a new code from %(clock)s WIB. If you cannot wait, visit a branch"
            " office, or call 165."
        )
        return said % {"clock": full_minute(answer.frozen_until)}
    return ngettext(
        "This code is wrong. You have %(left)s try left.",
        "This code is wrong. You have %(left)s tries left.",
        answer.tries_left,
    ) % {"left": answer.tries_left}


def full_minute(at: datetime) -> str:
    """Return the next full minute as a clock shows it."""
    minute = timedelta(minutes=1)
    return time_format(timezone.localtime(at + minute - timedelta(microseconds=1)), "H:i")
