"""The second step, and leaving again."""

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp import login as otp_login
from django_otp.models import Device

from jknoffice import clock
from jknoffice.accounts.address import client_network
from jknoffice.accounts.login import attempts, authenticator, factors, known, pending, recovery
from jknoffice.accounts.login.attempts import TooManyAttempts
from jknoffice.accounts.login.forms import RecoveryForm, SecondStepForm, ShownForm
from jknoffice.accounts.login.pending import Pending
from jknoffice.accounts.login.views import button
from jknoffice.accounts.login.views.page import VERIFY, door, next_door, show, to_next_door
from jknoffice.accounts.models import User
from jknoffice.accounts.sessions import current
from jknoffice.audit.context import current_session
from jknoffice.audit.log import Thing, record, record_alone
from jknoffice.headers import forgetting


@never_cache
@door
@sensitive_post_parameters()
def second_step(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Ask for a code of the authenticator or a passkey, or for a recovery code (`?recovery=1`).

    Whose only passkeys were copied is asked for a recovery code at once: nothing else counts.
    """
    now = clock.now()
    waiting = pending.held(request, at=now)
    if waiting is None or next_door(waiting) != VERIFY:
        return to_next_door(request, waiting)
    user, refusal = waiting.user, None
    by_paper = "recovery" in request.GET or not factors.counting(user)
    form: ShownForm = (RecoveryForm if by_paper else SecondStepForm)(request.POST or None)
    if form.is_valid():
        try:
            device, method = factors.verify(user=user, typed=form.shown(), session=current_session(), at=now)
        except (attempts.NotProved, TooManyAttempts) as caught:
            refusal = caught
            # Five or seven digits are no code of an authenticator, and still one that was meant to be.
            mistyped = isinstance(caught, factors.WrongRecoveryCode) and not by_paper
            if not by_paper and not factors.counting(user):  # the only passkey has just turned out to be copied
                by_paper, form = True, RecoveryForm(request.POST)
                form.full_clean()
            form.refuse(str(factors.WrongCode.sentence) if mistyped else caught)
        else:
            return let_in(request, waiting, device, method)
    shown = {
        "title": _("Second step"),
        "recovery": by_paper,
        "only_recovery": not factors.counting(user),
        "has_authenticator": bool(authenticator.confirmed(user)),
        "passkey": None if by_paper else button.to_prove(user, at=now),
    }
    return show(request, site, "accounts/verify.html", form, refusal=refusal, **shown)


def let_in(request: HttpRequest, waiting: Pending, device: Device, method: str) -> HttpResponse:
    """Log in, and lead to the page that was asked for. Django gives the session another new key; the log names it."""
    user = waiting.user
    pending.drop(request)
    with transaction.atomic():
        auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        otp_login(request, device)
        agent = request.headers.get("User-Agent", "")
        current.begin(request.session, user_agent=agent, network=client_network(request), at=clock.now())
        record("account.login", by=user.as_actor(), about=Thing.of(user), after={"method": method})
    if method == factors.RECOVERY:
        messages.warning(request, recovery.said_left(user))
    answer = redirect(waiting.next_page)
    known.remember(request, answer, user)
    return answer


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out, and go to the door."""
    user = request.user
    if isinstance(user, User):
        record_alone("account.logout", by=user.as_actor(), about=Thing.of(user))
    auth.logout(request)
    messages.success(request, _("You are logged out."))
    return forgetting(redirect("admin:login"))
