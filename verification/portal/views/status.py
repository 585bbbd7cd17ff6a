"""Where a request stands, and what its participant can do about it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jknoffice.accounts.address import client_address
from jknoffice.refusal import Refusal
from participants import phone
from verification import changes, reference
from verification.documents import store
from verification.documents.uploads import takes_photos, tell_hints, too_large
from verification.models import PhoneChangeRequest
from verification.models.choices import DocumentKind
from verification.moments import written
from verification.portal import access, grant, limits
from verification.portal.forms import PhotoForm, StatusForm
from verification.portal.limits import TooMany
from verification.portal.pages import look_up_again, page, show
from verification.portal.telling import tell
from verification.states import OPEN, NotAllowed, Role, Status, Verb, verbs_from


@page
def status(request: HttpRequest) -> HttpResponse:
    """Ask for reference and date of birth."""
    form, refusal = StatusForm(request.POST if request.method == "POST" else None, initial=_from_receipt(request)), None
    if form.is_valid():
        try:
            found = access.find(**form.cleaned_data, address=client_address(request))
        except Refusal as error:
            refusal = error
        else:
            grant.give(request.session, found)
            return redirect("portal:case")
    return show(request, "portal/status.html", {"form": form}, refusal=refusal)


def _from_receipt(request: HttpRequest) -> dict[str, str]:
    """Return the reference in the address, where a receipt's QR code leads; anything else there is left out."""
    found = reference.parse(request.GET.get("reference", ""))
    return {"reference": reference.show(found)} if found else {}


@page
def case(request: HttpRequest) -> HttpResponse:
    """Show the request that was opened."""
    found = grant.held(request.session)
    return _shown(request, found, PhotoForm()) if found else look_up_again(request)


@page
@takes_photos(1)
def photo(request: HttpRequest) -> HttpResponse:
    """Take the better photo that was asked for."""
    found = grant.held(request.session)
    if found is None:
        return look_up_again(request)
    if request.method != "POST" or found.status != Status.NEEDS_INFO:
        return redirect("portal:case")
    if not grant.is_proved(request.session, found):
        return redirect("portal:proof")
    form = PhotoForm(request.POST, request.FILES, cut_off=too_large(request))
    try:
        limits.demand(limits.PHOTOS, client_address(request), refusal="request.correction_refused")
    except TooMany as refusal:
        return _shown(request, found, PhotoForm(), refusal)
    if not form.is_valid():
        return _shown(request, found, form)
    kind = DocumentKind(found.asked_document)
    try:
        changes.resend(request=found, pictures={kind: form.cleaned_data["photo"]})
    except NotAllowed:
        # A second click: the page says where the request stands now.
        return redirect("portal:case")
    except store.Away as refusal:
        return _shown(request, found, PhotoForm(), refusal)
    tell_hints(request, [form.cleaned_data["photo"]])
    messages.success(request, _("Thank you. Your photo has arrived, and your request is in the queue again."))
    return redirect("portal:case")


@page
def cancel(request: HttpRequest) -> HttpResponse:
    """Ask whether the request shall really be withdrawn, then withdraw it."""
    found = grant.held(request.session)
    if found is None:
        return look_up_again(request)
    if Verb.CANCEL in _verbs(found) and not grant.is_proved(request.session, found):
        return redirect("portal:proof")
    if request.method != "POST" and Verb.CANCEL in _verbs(found):
        return render(request, "portal/cancel.html", {"reference": reference.show(found.reference)})
    if request.method == "POST" and found.status != Status.CANCELLED:
        try:
            changes.cancel(request=found)
        except NotAllowed:
            messages.warning(request, _("This request can't be withdrawn any more. Below you see where it stands."))
    return redirect("portal:case")


def _verbs(found: PhoneChangeRequest) -> frozenset[Verb]:
    return verbs_from(Status(found.status), Role.PARTICIPANT)


def _shown(
    request: HttpRequest, found: PhoneChangeRequest, form: PhotoForm, refusal: Refusal | None = None
) -> HttpResponse:
    access.record_view(found)
    shown = {
        "telling": tell(found),
        "reference": reference.show(found.reference),
        "submitted": written(found.submitted_at),
        "number": phone.mask(found.new_phone),
        "form": form,
        "needs_code": found.status == Status.AWAITING_CODE,
        "may_resend": Verb.RESEND in _verbs(found),
        "proved": grant.is_proved(request.session, found),
        "may_cancel": Verb.CANCEL in _verbs(found),
        "may_start": found.status not in {*OPEN, Status.APPLIED},
        "document": found.get_asked_document_display(),
    }
    return show(request, "portal/case.html", shown, refusal=refusal)
