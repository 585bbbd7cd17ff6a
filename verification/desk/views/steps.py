"""The steps: one address each, taking a POST. Each makes one call of the domain and says what came of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from jknoffice.refusal import Refusal
from verification import changes
from verification.desk import said
from verification.desk.access import Permission, case_for, record_refusal, worker
from verification.desk.forms import AskForm, RejectForm, SendBackForm
from verification.desk.offers import DECIDING
from verification.models import PhoneChangeRequest
from verification.states import EVENTS, Verb

CASE = "admin:verification_case"
QUEUE = "admin:verification_queue"


class Stale(Refusal):
    """The page shows an older version of the case."""

    code = "stale"
    sentence = gettext_lazy("The case has changed since you looked at it. Look again, then decide.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the domain as the desk takes it.

    `do` gets `request`, `by` and what `form` cleans, and records `event`; `say` turns the case as it is afterwards into
    a sentence; `then` is the address to go on to.
    """

    do: Callable[..., object]
    event: str
    say: Callable[[PhoneChangeRequest], str]
    form: type[Form] = Form
    then: str = QUEUE


STEPS: Mapping[str, Step] = {
    "claim": Step(do=changes.claim, event=EVENTS[Verb.CLAIM], say=said.claimed, then=CASE),
    "release": Step(do=changes.release, event=EVENTS[Verb.RELEASE], say=said.released),
    "ask": Step(do=changes.ask, event=EVENTS[Verb.ASK], say=said.asked, form=AskForm),
    "approve": Step(do=changes.approve, event=EVENTS[Verb.APPROVE], say=said.approved),
    "reject": Step(do=changes.reject, event=EVENTS[Verb.REJECT], say=said.rejected, form=RejectForm),
    "endorse": Step(do=changes.endorse, event=EVENTS[Verb.ENDORSE], say=said.approved),
    "send_back": Step(do=changes.send_back, event=EVENTS[Verb.SEND_BACK], say=said.sent_back, form=SendBackForm),
    "unfreeze": Step(do=changes.unfreeze, event=EVENTS[Verb.UNFREEZE], say=said.unfrozen, then=CASE),
    "ask_reversal": Step(do=changes.ask_reversal, event="request.reversal_asked", say=said.reversal_asked, then=CASE),
    "reverse": Step(do=changes.reverse, event=EVENTS[Verb.REVERSE], say=said.reversed_back, then=CASE),
    "cancel": Step(do=changes.cancel, event=EVENTS[Verb.CANCEL], say=said.cancelled),
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
    if not form.is_valid():
        messages.error(request, _("Nothing was done: choose from the lists first."))
        return redirect(CASE, case.reference)
    try:
        _demand_fresh(case, user, step, request)
        chosen.do(request=case, by=user, **form.cleaned_data)
    except Refusal as refusal:
        if not _is_repeated(case, user, step, request):
            record_refusal(by=user, code=refusal.code, case=case, step=step)
            messages.error(request, str(refusal))
            return redirect(CASE, case.reference)
    return _say(request, case, chosen)


def _say(request: HttpRequest, case: PhoneChangeRequest, step: Step) -> HttpResponseRedirect:
    """Say what came of a step, and go on; with a link to the case where that leads away from it."""
    case.refresh_from_db()
    if step.then == CASE:
        messages.success(request, step.say(case))
        return redirect(CASE, case.reference)
    link = format_html('<a href="{}">{}</a>', resolve_url(CASE, case.reference), _("Show the case"))
    messages.success(request, format_html("{} {}", step.say(case), link))
    return redirect(step.then)


def _demand_fresh(case: PhoneChangeRequest, user: User, step: str, request: HttpRequest) -> None:
    """Raise `Stale` when somebody who holds the case decides on a page that shows an older version of it.

    For those who do not hold it the domain has a better answer: who does, or who decided.
    """
    if step in DECIDING and case.claimed_by_id == user.pk and request.POST.get("version") != str(case.version):
        raise Stale


def _is_repeated(case: PhoneChangeRequest, user: User, step: str, request: HttpRequest) -> bool:
    """Return whether this very form was carried out a moment ago: the second of two clicks is no refusal."""
    seen = request.POST.get("version", "")
    if not re.fullmatch("[0-9]{1,6}", seen):
        return False
    about = Thing.of(case)
    return AuditLog.objects.filter(
        object_type=about.type,
        object_id=about.id,
        object_version=int(seen) + 1,
        actor=user.username,
        action=STEPS[step].event,
    ).exists()
