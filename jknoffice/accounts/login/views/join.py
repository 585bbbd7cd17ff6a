"""The door for who has a one-time link: choosing a password, or typing it, and on to the second step.

Who has a second step is asked for it as ever; who has none sets one up.
"""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_safe

from jknoffice import clock
from jknoffice.accounts.address import client_address
from jknoffice.accounts.login import factors, known, links, password, pending
from jknoffice.accounts.login.attempts import TooManyAttempts
from jknoffice.accounts.login.forms import ChooseForm, PresentForm
from jknoffice.accounts.login.views.page import JOIN, door, next_door, show
from jknoffice.accounts.models import User
from jknoffice.errors import told
from jknoffice.refusal import Refusal

_KEY = "jkn_link"
"""Where the session keeps the hash of the link that was opened; nobody can make the link from it."""


@never_cache
@require_safe
@sensitive_variables("secret")
def link(request: HttpRequest, site: AdminSite, secret: str) -> HttpResponse:
    """Lead to the page of every link, at an address without the secret. Opening a link uses nothing up.

    Only for a link that works something is kept in the session: whoever opens made-up ones fills no table.
    """
    now, digest = clock.now(), links.digest_of(secret)
    request.session.pop(_KEY, None)  # the link that was opened last is the one that counts
    try:
        links.owner_of(digest=digest, address=client_address(request), at=now)
    except links.LinkRefused:
        return redirect(JOIN)  # which says so, at an address without the secret
    except TooManyAttempts as refusal:  # of others, perhaps, behind the same address: the link may be a good one
        if not links.works(link=secret, at=now):
            return _shut(request, site, refusal)
    request.session[_KEY] = digest
    return redirect(JOIN)


@never_cache
@door
@sensitive_post_parameters()
def join(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Let the owner of a link choose a password, or type the one that they have; then comes the second step."""
    now, digest, address = clock.now(), request.session.get(_KEY, ""), client_address(request)
    waiting = pending.held(request, at=now)
    if not digest:
        return _without_link(request, site, waiting)
    try:
        owner = links.owner_of(digest=digest, address=address, at=now)
    except links.LinkRefused as refusal:
        del request.session[_KEY]
        return _shut(request, site, refusal)
    except TooManyAttempts as refusal:
        return _shut(request, site, refusal)
    form = _form(request, owner)
    refused: Refusal | None = None
    if form.is_valid():
        typed, browser = form.cleaned_data["password"], known.browser_of(request)
        try:
            user, number = links.use(digest=digest, typed=typed, address=address, browser=browser, at=now)
        except links.LinkRefused as refusal:
            return _shut(request, site, refusal)
        except (password.LoginRefused, TooManyAttempts) as refusal:
            refused = refusal
            form.add_error("password", str(_wrong(refusal)))
        else:
            del request.session[_KEY]
            begun = pending.begin(request, user, next_page=reverse("admin:index"), at=now, link=number)
            return redirect(next_door(begun))
    has_factor = factors.has_second_factor(owner)
    shown = {
        "title": _("Choose a new password") if has_factor else _("Set up your account"),
        "owner": owner,
        "has_factor": has_factor,
    }
    return show(request, site, "accounts/join.html", form, refusal=refused, **shown)


def _without_link(request: HttpRequest, site: AdminSite, waiting: pending.Pending | None) -> HttpResponse:
    if waiting and next_door(waiting) != JOIN:
        return redirect(next_door(waiting))
    return _shut(request, site, links.NeedsLink() if waiting else links.LinkRefused())


def _form(request: HttpRequest, owner: User) -> ChooseForm | PresentForm:
    given = request.POST if request.method == "POST" else None
    return PresentForm(given) if owner.has_usable_password() else ChooseForm(owner, given)


def _wrong(refusal: Refusal) -> object:
    return refusal if isinstance(refusal, TooManyAttempts) else password.WrongPresentPassword.sentence


def _shut(request: HttpRequest, site: AdminSite, refusal: Refusal) -> HttpResponse:
    shown = {**site.each_context(request), "title": _("One-time link"), "refusal": str(refusal)}
    return told(render(request, "accounts/join_shut.html", shown), refusal)
