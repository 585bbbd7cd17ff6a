"""Asking who is logged in for the second step once more, in the middle of what they do."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from jknoffice import clock
from jknoffice.accounts.login import again, factors, recovery
from jknoffice.accounts.login.attempts import NotProved, TooManyAttempts
from jknoffice.accounts.login.forms import AgainForm
from jknoffice.accounts.login.views.own_page import form_for, page, person
from jknoffice.audit.context import current_session


@sensitive_post_parameters()
def ask_again(request: HttpRequest, step: str | Promise, *about: str | Promise) -> HttpResponse | None:
    """Return the page that asks for the second step, or None for who has shown it lately or just now.

    To be called by a view after the right and the form were looked at, just before its domain call, for a form without
    files whose fields are called neither `proof` nor `passkey`. The page carries what was sent, and sends it again
    with the proof to the same address: nothing that was typed is lost. It names the `step` and what it is `about`:
    somebody else may have begun it at a desk that was left alone.
    """
    if not again.is_needed(request.session, at=clock.now()):
        return None
    form, refusal = form_for(AgainForm, request, sent="proof" in request.POST), None
    if form.is_valid():
        user, proof, now = person(request), form.shown(), clock.now()
        try:
            method = again.show(user=user, proof=proof, session=request.session, this=current_session(), at=now)
        except (NotProved, TooManyAttempts) as caught:
            refusal = caught
            form.refuse(caught)
        else:
            if method == factors.RECOVERY:
                messages.warning(request, recovery.said_left(user))
            return None
    answer = page(
        request,
        "second_step_again",
        title=_("Your second step, once more"),
        form=form,
        refusal=refusal,
        step=step,
        about=[each for each in about if each],
        minutes=again.LASTS // timedelta(minutes=1),
        carried=_sent(request, without={*form.fields, "csrfmiddlewaretoken"}),
    )
    add_never_cache_headers(answer)
    return answer


def _sent(request: HttpRequest, *, without: set[str]) -> list[tuple[str, str]]:
    """Return what was sent, as names and values."""
    return [(name, str(value)) for name, values in request.POST.lists() if name not in without for value in values]
