"""The steps: one address each, taking a POST. Each makes one call of the domain and says what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jknoffice.accounts.models import User
from jknoffice.refusal import Refusal
from verification import changes
from verification.desk import said
from verification.desk.access import Permission, case_for, record_refusal, worker
from verification.desk.forms import AskForm, RejectForm, SendBackForm
from verification.desk.offers import DECIDING
from verification.models import PhoneChangeRequest

CASE = "admin:verification_case"
QUEUE = "admin:verification_queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the domain as the desk takes it.

    `do` gets `request`, `by` and what `form` cleans; `say` turns the case as it is afterwards into a sentence; `then`
    is the address to go on to.
    """

    do: Callable[..., object]
    say: Callable[[PhoneChangeRequest], str]
    form: type[Form] = Form
    then: str = QUEUE


STEPS: Mapping[str, Step] = {
    "claim": Step(do=changes.claim, say=said.claimed, then=CASE),
    "release": Step(do=changes.release, say=said.released),
    "ask": Step(do=changes.ask, say=said.asked, form=AskForm),
    "approve": Step(do=changes.approve, say=said.approved),
    "reject": Step(do=changes.reject, say=said.rejected, form=RejectForm),
    "endorse": Step(do=changes.endorse, say=said.approved),
    "send_back": Step(do=changes.send_back, say=said.sent_back, form=SendBackForm),
    "unfreeze": Step(do=changes.unfreeze, say=said.unfrozen, then=CASE),
    "ask_reversal": Step(do=changes.ask_reversal, say=said.reversal_asked, then=CASE),
    "reverse": Step(do=changes.reverse, say=said.reversed_back, then=CASE),
    "cancel": Step(do=changes.cancel, say=said.cancelled),
}


@require_POST
def take_next(request: HttpRequest) -> HttpResponseRedirect:
    """Claim the case that has waited longest, and open it."""
    case = changes.take_next(by=worker(request, Permission.WORK))
    if case is None:
        messages.info(request, _("Nothing is waiting for you now."))
        return redirect(QUEUE)
    return redirect(CASE, case.reference)


@require_POST
def take_step(request: HttpRequest, reference: str, step: str) -> HttpResponseRedirect:
    """Take the step of this name in `STEPS` with a case."""
    user, chosen = worker(request, Permission.WORK), STEPS[step]
    case, form = case_for(user, reference), chosen.form(request.POST)
    if step in DECIDING and _is_stale(case, user, request):
        messages.warning(request, _("The case has changed since you looked at it. Look again, then decide."))
    elif not form.is_valid():
        messages.error(request, _("Nothing was done: choose from the lists first."))
    else:
        return _done(request, case, user, step, form)
    return redirect(CASE, case.reference)


def _done(request: HttpRequest, case: PhoneChangeRequest, by: User, step: str, form: Form) -> HttpResponseRedirect:
    chosen = STEPS[step]
    try:
        chosen.do(request=case, by=by, **form.cleaned_data)
    except Refusal as refusal:
        record_refusal(by=by, code=refusal.code, case=case, step=step)
        messages.error(request, str(refusal))
        return redirect(CASE, case.reference)
    case.refresh_from_db()
    if chosen.then == CASE:
        messages.success(request, chosen.say(case))
        return redirect(CASE, case.reference)
    link = format_html('<a href="{}">{}</a>', resolve_url(CASE, case.reference), _("Show the case"))
    messages.success(request, format_html("{} {}", chosen.say(case), link))
    return redirect(chosen.then)


def _is_stale(case: PhoneChangeRequest, user: User, request: HttpRequest) -> bool:
    """Return whether somebody who holds the case decides on a page that shows an older version of it.

    For those who do not hold it the domain has a better answer: who does, or who decided.
    """
    return case.claimed_by_id == user.pk and request.POST.get("version") != str(case.version)
