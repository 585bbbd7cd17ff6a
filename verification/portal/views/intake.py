"""The steps up to the code: data, one photo after the other, check and send."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jknoffice.accounts.address import UNKNOWN, client_address
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record_alone
from jknoffice.refusal import Refusal
from participants import identifiers, phone
from verification import changes
from verification.changes.intake import AlreadyOpen
from verification.documents import store
from verification.documents.pictures import Picture
from verification.documents.uploads import takes_photos, tell_hints, too_large
from verification.models import PhoneChangeRequest
from verification.models.choices import ChangeReason, Channel, DocumentKind
from verification.portal import draft as drafts
from verification.portal import grant, limits, pending, saved, trap
from verification.portal.draft import Draft
from verification.portal.forms import DataForm, PhotoForm
from verification.portal.limits import TooMany
from verification.portal.pages import page, show, start_again

STEPS = 5
_PHOTO_PAGES = {DocumentKind.KTP: "portal:ktp", DocumentKind.CARD: "portal:card"}


@page
def data(request: HttpRequest) -> HttpResponse:
    """Step 1: NIK or card number, date of birth, new number, reason."""
    draft = drafts.load(request.session)
    form = DataForm(request.POST) if request.method == "POST" else DataForm(initial=_as_typed(draft))
    trapped = trap.sprung(request, refusal="request.intake_refused")
    if not trapped and form.is_valid():
        typed = {**form.cleaned_data, "reason": ChangeReason(form.cleaned_data["reason"])}
        draft = replace(draft, **typed) if draft else Draft(**typed)
        drafts.save(request.session, draft)
        return next_step(draft)
    return render(request, "portal/data.html", {"form": form, "refusal": trapped, "step": 1, "steps": STEPS})


@page
@takes_photos(1)
def photo(request: HttpRequest, *, kind: DocumentKind) -> HttpResponse:
    """Steps 2 and 3: one photo. What was accepted stays accepted until another one takes its place."""
    draft = drafts.load(request.session)
    if draft is None:
        return start_again(request)
    form = PhotoForm()
    refusal: Refusal | None = None
    if request.method == "POST":
        form = PhotoForm(request.POST, request.FILES, cut_off=too_large(request))
        if kind in draft.photos and not request.FILES and not too_large(request):
            return next_step(draft)
        try:
            limits.demand(limits.PHOTOS, client_address(request), refusal="request.intake_refused")
        except TooMany as error:
            form, refusal = PhotoForm(), error
        if form.is_valid():
            try:
                accepted = {**draft.photos, kind: pending.keep(form.cleaned_data["photo"])}
            except store.Away as error:
                form, refusal = PhotoForm(), error
            else:
                draft = replace(draft, photos=accepted)
                drafts.save(request.session, draft)
                tell_hints(request, [form.cleaned_data["photo"]])
                return next_step(draft)
    step = 2 + drafts.WANTED.index(kind)
    shown = {
        "form": form,
        "kind": kind,
        "accepted": kind in draft.photos,
        "step": step,
        "steps": STEPS,
    }
    return show(request, "portal/photo.html", shown, refusal=refusal)


@page
def check(request: HttpRequest) -> HttpResponse:
    """Step 4: everything at a glance, then send."""
    draft = drafts.load(request.session)
    if draft is None:
        # A second click on "send" finds the draft gone and the request made.
        return redirect("portal:code") if grant.held(request.session) else start_again(request)
    if draft.missing:
        return next_step(draft)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            pictures = _waiting(draft)
            if len(pictures) < len(drafts.WANTED):
                return _ask_again(request, replace(draft, photos={kind: draft.photos[kind] for kind in pictures}))
            submitted = _submit(request, draft, pictures)
        except Refusal as error:
            refusal = error
        else:
            drafts.clear(request.session)
            saved.forget(request.session)
            grant.give(request.session, submitted, proved=True)
            return redirect("portal:code")
    shown = {
        "draft": draft,
        "identifier": identifiers.show(draft.identifier),
        "new_phone": phone.show(draft.new_phone),
        "reason": draft.reason.label,
        "already_open": isinstance(refusal, AlreadyOpen),
        "step": 4,
        "steps": STEPS,
    }
    return show(request, "portal/check.html", shown, refusal=refusal)


def _submit(request: HttpRequest, draft: Draft, pictures: Mapping[DocumentKind, Picture]) -> PhoneChangeRequest:
    """Make the draft a request; record a refusal, but not those by a limit, which record themselves."""
    address = client_address(request)
    for limit, subject in ((limits.SUBMIT, address), (limits.SUBMIT_FOR_ONE, draft.identifier)):
        limits.demand(limit, subject, refusal="request.intake_refused")
    try:
        return changes.submit(
            intake=changes.Intake(
                identifier=draft.identifier,
                birth_date=draft.birth_date,
                new_phone=draft.new_phone,
                channel=Channel.LOST_ACCESS,
                reason=draft.reason,
                pictures=pictures,
                language=(get_language() or "id")[:2],
                submission=draft.submission,
                address="" if address == UNKNOWN else address,
            )
        )
    except Refusal as refusal:
        record_alone(
            "request.intake_refused",
            by=Actor.participant(Channel.LOST_ACCESS),
            reason=refusal.code,
            pii={"identifier": draft.identifier},
        )
        raise


def _waiting(draft: Draft) -> dict[DocumentKind, Picture]:
    """Return the draft's photos that can still be read. Raises `store.Away`."""
    found = {}
    for kind, photo in draft.photos.items():
        with suppress(pending.Gone):
            found[kind] = pending.picture_of(photo)
    return found


def _ask_again(request: HttpRequest, draft: Draft) -> HttpResponse:
    drafts.save(request.session, draft)
    messages.warning(request, _("We no longer have this photo. Please choose it again."))
    return next_step(draft)


def next_step(draft: Draft) -> HttpResponse:
    """Send somebody to the step that is missing."""
    return redirect(_PHOTO_PAGES[draft.missing] if draft.missing else "portal:check")


def _as_typed(draft: Draft | None) -> dict[str, str] | None:
    """Return a draft's data as a person would type them."""
    if draft is None:
        return None
    return {
        "identifier": draft.identifier,
        "birth_date": f"{draft.birth_date:%d-%m-%Y}",
        "new_phone": phone.show(draft.new_phone),
        "reason": draft.reason,
    }
