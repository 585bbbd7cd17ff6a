"""Intake at the counter: the form, then the code that the participant reads out."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.refusal import Refusal
from participants import phone
from verification import changes
from verification.codes import Outcome
from verification.desk.access import Permission, case_for, record_refusal, worker
from verification.desk.forms import CodeForm, CounterForm
from verification.desk.views.case import record_view
from verification.documents import store
from verification.documents.uploads import takes_photos, tell_hints, too_large
from verification.models import PhoneChangeRequest
from verification.models.choices import Channel, DocumentKind
from verification.sending import Sending, newest_code, state_of
from verification.states import Status

CODE = "admin:verification_counter_code"
TROUBLES = {
    Sending.FINE: "",
    Sending.STUCK: gettext_lazy(
        "The SMS has not gone out yet: no SMS can be sent at the moment. It is tried again until the code is no longer"
        " valid."
    ),
    Sending.UNSENT: gettext_lazy(
        "The SMS with the code could not be sent. Check the number with the participant, then send a new code."
    ),
    Sending.UNDELIVERED: gettext_lazy(
        "The SMS did not reach the telephone. Check the number, whether the telephone is on and has reception, then"
        " send a new code."
    ),
}
"""What is said of a code on its way."""


@takes_photos(2)
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Enter a request for a participant who stands at the counter."""
    user = worker(request, Permission.ENTER)
    if request.method != "POST":
        return _form_page(request, CounterForm())
    form, status = CounterForm(request.POST, request.FILES, cut_off=too_large(request)), 200
    if form.is_valid():
        try:
            case = changes.submit(intake=_intake(form), by=user)
        except Refusal as refusal:
            record_refusal(by=user, code=refusal.code, step="submit")
            form.add_error(None, str(refusal))
            status = 503 if isinstance(refusal, store.Away) else 200
        else:
            tell_hints(request, [form.cleaned_data["ktp"], form.cleaned_data["card"]])
            return redirect(CODE, case.reference)
    return _form_page(request, form, status)


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the code that the participant reads out; once it is confirmed, show the reference to hand over."""
    user = worker(request, Permission.ENTER)
    case = case_for(user, reference)
    if case.channel != Channel.COUNTER:
        return redirect("admin:verification_case", case.reference)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _judge(request, case, user, form)
        return redirect(CODE, case.reference)
    return _code_page(request, case, user, form)


@require_POST
def resend(request: HttpRequest, reference: str) -> HttpResponse:
    """Send another code to the new number."""
    user = worker(request, Permission.ENTER)
    case = case_for(user, reference)
    try:
        changes.send_code(request=case, by=user)
    except Refusal as refusal:
        record_refusal(by=user, code=refusal.code, case=case, step="send_code")
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A new code is on its way. Older codes do not work any more."))
    return redirect(CODE, case.reference)


def _intake(form: CounterForm) -> changes.Intake:
    given = form.cleaned_data
    return changes.Intake(
        identifier=given["identifier"],
        birth_date=given["birth_date"],
        new_phone=given["new_phone"],
        channel=Channel.COUNTER,
        reason=given["reason"],
        pictures={DocumentKind.KTP: given["ktp"], DocumentKind.CARD: given["card"]},
        language=get_language() or "id",
        submission=given["submission"],
    )


def _judge(request: HttpRequest, case: PhoneChangeRequest, by: User, form: CodeForm) -> None:
    """Let the domain judge the code, and say what came of it."""
    try:
        answer = changes.confirm(request=case, typed=form.cleaned_data["code"], by=by)
    except Refusal as refusal:
        record_refusal(by=by, code=refusal.code, case=case, step="confirm")
        messages.error(request, str(refusal))
        return
    match answer.outcome:
        case Outcome.CONFIRMED:
            messages.success(request, _("The number is confirmed."))
        case Outcome.WRONG:
            sentence = ngettext(
                "The code is wrong. %(left)s attempt is left.",
                "The code is wrong. %(left)s attempts are left.",
                answer.tries_left,
            )
            messages.error(request, sentence % {"left": answer.tries_left})
        case Outcome.EXPIRED:
            messages.error(request, _("This code is not valid any more. Send a new one."))
        case _:
            messages.error(request, _("Too many wrong codes. A new one can be sent half an hour later."))


def _form_page(request: HttpRequest, form: CounterForm, status: int = 200) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Counter intake"), "form": form}
    return render(request, "admin/verification/counter.html", context, status=status)


def _code_page(request: HttpRequest, case: PhoneChangeRequest, by: User, form: CodeForm) -> HttpResponse:
    """Show where the request stands; its new number in full to who has just typed it."""
    clear = case.entered_by_id == by.pk
    record_view(case, by=by, clear=clear)
    context = {
        **admin.site.each_context(request),
        "title": _("Request %(reference)s") % {"reference": case},
        "case": case,
        "form": form,
        "new_phone": phone.show(case.new_phone) if clear else phone.mask(case.new_phone),
        "trouble": TROUBLES[state_of(newest_code(request=case), at=clock.now())],
        "is_waiting": case.status == Status.AWAITING_CODE,
    }
    return render(request, "admin/verification/counter_code.html", context)
