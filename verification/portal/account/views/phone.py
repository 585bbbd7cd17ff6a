"""The code that went to the new number: typed, it replaces the registered one at once."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jknoffice import clock
from jknoffice.refusal import Refusal
from participants import phone as phones
from participants.models import ParticipantAccount
from verification import changes, codes, reference
from verification.changes.intake import NotWaiting
from verification.codes import Outcome
from verification.models import PhoneChangeRequest
from verification.portal import access
from verification.portal.account.pages import own_page, show
from verification.portal.forms import CodeForm
from verification.portal.telling import due
from verification.portal.views.code import full_minute, told
from verification.self_service import phone as self_service
from verification.states import NotAllowed, Status


@own_page
def code(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """Ask for the code."""
    waiting = self_service.waiting(account)
    if waiting is None:
        return _sent_again(request, account)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer = changes.confirm(request=waiting, typed=form.cleaned_data["code"])
        except NotWaiting:
            return _sent_again(request, account)
        if answer.outcome is Outcome.CONFIRMED:
            return _done(request, PhoneChangeRequest.objects.get(pk=waiting.pk))
        form.add_error("code", told(answer))
    now = clock.now()
    next_at = codes.next_at(request=waiting, at=now)
    shown = {
        "form": form,
        "number": phones.mask(waiting.new_phone),
        "minutes": int(settings.CODE_LIFETIME.total_seconds()) // 60,
        "again_from": full_minute(next_at) if next_at > now else "",
        "again": reverse("account:phone_again"),
        "withdraw": reverse("account:phone_withdraw"),
    }
    return show(request, "code", shown)


def _sent_again(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """Answer a code that nothing waits for: to whom the answer to the right one got lost, give it once more."""
    done = self_service.just_done(account, at=clock.now()) if request.method == "POST" else None
    return _done(request, done) if done else redirect("account:data")


def _done(request: HttpRequest, done: PhoneChangeRequest) -> HttpResponse:
    """Say that the number has been replaced, or that a member of staff looks first."""
    if done.status == Status.APPLIED:
        said = _("Your number has been replaced: %(number)s is registered now.") % {
            "number": phones.mask(done.new_phone)
        }
        messages.success(request, said)
    else:
        said = _(
            "Your new number is confirmed. For your safety a member of staff looks at this change first: you have the"
            " result by %(due)s WIB at the latest. Your reference is %(reference)s."
        )
        messages.info(request, said % {"due": due(done), "reference": reference.show(done.reference)})
    return redirect("account:data")


@own_page
def again(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """Send another code to the new number."""
    waiting = self_service.waiting(account)
    if request.method == "POST" and waiting:
        try:
            changes.send_code(request=waiting)
        except Refusal as refusal:
            access.record_no_code(waiting, refusal)
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("A new code is on its way. Earlier codes no longer work."))
    return redirect("account:phone_code")


@own_page
def withdraw(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """End a change whose code has not been typed: the number was wrong, or nothing arrives."""
    waiting = self_service.waiting(account)
    if request.method == "POST" and waiting:
        try:
            changes.cancel(request=waiting)
        except NotAllowed:
            return redirect("account:data")
        messages.success(request, _("The change was withdrawn. Your registered number stays as it is."))
    return redirect("account:data")
