"""The steps: one address each, taking a POST. Each makes one call of the domain and says what came of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from jknoffice.accounts.login.views.again import ask_again
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from jknoffice.refusal import Refusal
from verification import changes
from verification.desk import said
from verification.desk.access import Permission, case_for, record_refusal, worker
from verification.desk.offers import DECIDING
from verification.desk.views.case import FORMS, Refused, show
from verification.models import PhoneChangeRequest
from verification.states import EVENTS, Verb

CASE = "admin:verification_case"
QUEUE = "admin:verification_queue"
NEXT = "the next case"


class Stale(Refusal):
    """The page shows an older version of the case."""

    code = "stale"
    sentence = gettext_lazy("The case has changed since you looked at it. Look again, then decide.")


class NotFilledIn(Refusal):
    """The form is not complete."""

    code = "not_filled_in"
    sentence = gettext_lazy("Nothing was done: fill in the form first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the domain as the desk takes it.

    `do` gets `request`, `by` and what the form of this name cleans (`views/case.py`), and records `event`; `say` turns
    the case as it is afterwards into a sentence; `then` is the address to go on to. What undoes a protection asks for
    the second step once more, and is called `again` there: an open session is not enough for it.
    """

    do: Callable[..., object]
    event: str
    say: Callable[[PhoneChangeRequest], str]
    then: str = NEXT
    again: str | Promise = ""


STEPS: Mapping[str, Step] = {
    "claim": Step(do=changes.claim, event=EVENTS[Verb.CLAIM], say=said.claimed, then=CASE),
    "release": Step(do=changes.release, event=EVENTS[Verb.RELEASE], say=said.released, then=QUEUE),
    "ask": Step(do=changes.ask, event=EVENTS[Verb.ASK], say=said.asked),
    "approve": Step(do=changes.approve, event=EVENTS[Verb.APPROVE], say=said.approved),
    "reject": Step(do=changes.reject, event=EVENTS[Verb.REJECT], say=said.rejected),
    "endorse": Step(do=changes.endorse, event=EVENTS[Verb.ENDORSE], say=said.endorsed),
    "send_back": Step(do=changes.send_back, event=EVENTS[Verb.SEND_BACK], say=said.sent_back),
    "escalate": Step(do=changes.escalate, event=EVENTS[Verb.ESCALATE], say=said.escalated),
    "snooze": Step(do=changes.snooze, event=EVENTS[Verb.SNOOZE], say=said.snoozed),
    "note": Step(do=changes.write_note, event="request.noted", say=said.noted, then=CASE),
    "unfreeze": Step(
        do=changes.unfreeze,
        event=EVENTS[Verb.UNFREEZE],
        say=said.unfrozen,
        then=CASE,
        again=gettext_lazy("Let the change go on"),
    ),
    "ask_reversal": Step(do=changes.ask_reversal, event="request.reversal_asked", say=said.reversal_asked, then=CASE),
    "close_dispute": Step(do=changes.close_dispute, event="request.dispute_closed", say=said.dispute_closed, then=CASE),
    "reverse": Step(
        do=changes.reverse,
        event=EVENTS[Verb.REVERSE],
        say=said.reversed_back,
        then=CASE,
        again=gettext_lazy("Carry out the reversal"),
    ),
    "cancel": Step(do=changes.cancel, event=EVENTS[Verb.CANCEL], say=said.cancelled, then=QUEUE),
}


@require_POST
def take_next(request: HttpRequest) -> HttpResponseRedirect:
    """Claim the case that has waited longest, and open it."""
    return _to_next(request, worker(request, Permission.WORK))


@require_POST
def take_step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Take the step of this name in `STEPS` with a case. After a decision the next case opens by itself."""
    user, chosen = worker(request, Permission.WORK), STEPS[step]
    case, form = case_for(user, reference), FORMS.get(step, Form)(request.POST, auto_id=f"{step}_%s")
    try:
        if not form.is_valid():
            raise NotFilledIn
        _demand_fresh(case, user, step, request)
        if chosen.again and (asked := ask_again(request, chosen.again, str(case))):
            return asked
        chosen.do(request=case, by=user, **form.cleaned_data)
    except Refusal as refusal:
        if not _is_repeated(case, user, step, request):
            record_refusal(by=user, code=refusal.code, case=case, step=step)
            messages.error(request, str(refusal))
            refused = Refused(step=step, form=form, seen=_seen(request) or case.version)
            return show(request, case_for(user, reference), by=user, refused=refused)
    return _say(request, case, user, chosen)


def _say(request: HttpRequest, case: PhoneChangeRequest, user: User, step: Step) -> HttpResponseRedirect:
    """Say what came of a step, and go on; with a link to the case where that leads away from it."""
    case.refresh_from_db()
    if step.then == CASE:
        messages.success(request, step.say(case))
        return redirect(CASE, case.reference)
    link = format_html('<a href="{}">{}</a>', resolve_url(CASE, case.reference), _("Show the case"))
    messages.success(request, format_html("{} {}", step.say(case), link))
    return redirect(QUEUE) if step.then == QUEUE else _to_next(request, user, after=case)


def _to_next(request: HttpRequest, user: User, after: PhoneChangeRequest | None = None) -> HttpResponseRedirect:
    case = changes.take_next(by=user, after=after)
    if case is None:
        messages.info(request, _("Nothing is waiting for you now."))
        return redirect(QUEUE)
    return redirect(CASE, case.reference)


def _seen(request: HttpRequest) -> int | None:
    """Return the version of the case that the page showed, None where the form says none."""
    typed = request.POST.get("version", "")
    return int(typed) if re.fullmatch("[0-9]{1,6}", typed) else None


def _demand_fresh(case: PhoneChangeRequest, user: User, step: str, request: HttpRequest) -> None:
    """Raise `Stale` when somebody who holds the case decides on a page that shows an older version of it.

    For those who do not hold it the domain has a better answer: who does, or who decided.
    """
    if step in DECIDING and case.claimed_by_id == user.pk and _seen(request) != case.version:
        raise Stale


def _is_repeated(case: PhoneChangeRequest, user: User, step: str, request: HttpRequest) -> bool:
    """Return whether this very form was carried out a moment ago: the second of two clicks is no refusal."""
    seen = _seen(request)
    if seen is None:
        return False
    about = Thing.of(case)
    return AuditLog.objects.filter(
        object_type=about.type,
        object_id=about.id,
        object_version=seen + 1,
        actor=user.username,
        action=STEPS[step].event,
    ).exists()
