"""Saving the steps so far for later, and going on with them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jknoffice import clock
from jknoffice.accounts.address import client_address
from verification.moments import written
from verification.portal import draft as drafts
from verification.portal import limits, saved
from verification.portal.limits import TooMany
from verification.portal.pages import page, private_page, show, start_again
from verification.portal.views.intake import next_step

REFUSED = "request.intake_refused"


@page
def save(request: HttpRequest) -> HttpResponse:
    """Save the draft, and show its link this once."""
    draft = drafts.load(request.session)
    if draft is None:
        return start_again(request)
    if request.method != "POST":
        return next_step(draft)
    now = clock.now()
    try:
        limits.demand(limits.SAVES, client_address(request), refusal=REFUSED)
    except TooMany as refusal:
        return show(request, "portal/later.html", {}, refusal=refusal)
    secret = saved.save(request.session, draft, at=now)
    link = request.build_absolute_uri(reverse("portal:resume", args=[secret]))
    return render(request, "portal/later.html", {"link": link, "until": written(now + saved.LIFETIME)})


@private_page
def resume(request: HttpRequest, *, secret: str) -> HttpResponse:
    """Go on where the draft was saved, at an address without the secret."""
    try:
        limits.demand(limits.LINKS, client_address(request), refusal=REFUSED)
    except TooMany as refusal:
        return show(request, "portal/later.html", {}, refusal=refusal)
    draft = saved.resume(request.session, secret=secret, at=clock.now())
    if draft is None:
        messages.warning(
            request,
            _(
                "This link leads to no entries any more: its 24 hours are over, they were saved anew, or the request"
                " has been sent. Follow a sent request by its reference, or fill in the form again."
            ),
        )
        return redirect("portal:data")
    return next_step(draft)
