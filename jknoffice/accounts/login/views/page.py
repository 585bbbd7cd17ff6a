"""What the pages of the door share."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_otp.models import Device

from jknoffice.accounts.login import factors, hints, links
from jknoffice.accounts.login.pending import Pending
from jknoffice.errors import told

VERIFY, ENROL, CODES = "admin:login_verify", "admin:login_enrol", "admin:login_codes"
JOIN = "admin:login_join"

door = require_http_methods(["GET", "HEAD", "POST"])


def next_door(waiting: Pending) -> str:
    """Return the name of the page that somebody on the way in has to pass next."""
    if just_added(waiting):
        return CODES
    if factors.has_second_factor(waiting.user):
        return VERIFY
    return ENROL if links.may_enrol(user=waiting.user, link=waiting.link) else JOIN


def just_added(waiting: Pending) -> Device | None:
    """Return the authenticator or passkey that was set up on this way in, if it still counts."""
    return next(
        (device for device in factors.counting(waiting.user) if device.persistent_id == waiting.device_id), None
    )


def to_next_door(request: HttpRequest, waiting: Pending | None) -> HttpResponse:
    """Lead somebody who came to the wrong page to their own; to the first when they are not on the way in."""
    if waiting:
        return redirect(next_door(waiting))
    if not request.user.is_authenticated:
        minutes = int(settings.SECOND_STEP_LIFETIME.total_seconds()) // 60
        said = _("Begin with your user name and password. The second step has to follow within %(minutes)s minutes.")
        messages.info(request, said % {"minutes": minutes})
    return redirect("admin:login")


def show(
    request: HttpRequest, site: AdminSite, template: str, form: Form, *, refusal: Any = None, **context: Any
) -> HttpResponse:
    """Return the page with its form; the status is 429 when `refusal` says that there were too many attempts."""
    shown = {**site.each_context(request), "form": form, "hints": hints.rendered(request), **context}
    return told(render(request, template, shown), refusal)
