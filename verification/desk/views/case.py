"""The review page."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import admin
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.entry import Plain
from jknoffice.audit.log import Thing, record_alone
from participants.person import Relative, family, shown_uuids
from verification.desk.access import Permission, case_for, worker
from verification.desk.casefile import CaseFile, open_file, sees_clear
from verification.desk.forms import (
    ApproveForm,
    AskForm,
    CloseDisputeForm,
    EscalateForm,
    NoteForm,
    RejectForm,
    SendBackForm,
    SnoozeForm,
)
from verification.glass import glass_of, mark
from verification.models import PhoneChangeRequest

FORMS: Mapping[str, type[Form]] = {
    "approve": ApproveForm,
    "endorse": ApproveForm,
    "reject": RejectForm,
    "ask": AskForm,
    "send_back": SendBackForm,
    "escalate": EscalateForm,
    "snooze": SnoozeForm,
    "close_dispute": CloseDisputeForm,
    "note": NoteForm,
}
"""The forms of the page by the step that they belong to; the other steps ask for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A step that was refused: its form with what was typed, and the version of the case that the page had shown."""

    step: str
    form: Form
    seen: int


@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case within reach: in full to who holds it, masked to the others. The look is recorded first."""
    user = worker(request, Permission.VIEW)
    return show(request, case_for(user, reference, to_read=True), by=user)


def show(request: HttpRequest, case: PhoneChangeRequest, *, by: User, refused: Refused | None = None) -> HttpResponse:
    """Answer with the page of a case; after a refusal with status 409, what changed meanwhile, and what was typed."""
    relatives = record_view(case, by=by, clear=sees_clear(case, by))
    file = open_file(case=case, by=by, at=clock.now(), relatives=relatives)
    forms = {step: form(auto_id=f"{step}_%s", initial=_prepared(step, file)) for step, form in FORMS.items()}
    typed = ""
    if refused:
        forms[refused.step] = refused.form
        typed = refused.form.data.get("note", "")
    context = {
        **admin.site.each_context(request),
        "title": _("Case %(reference)s") % {"reference": case},
        "file": file,
        "case": case,
        "forms": forms,
        "typed": typed,
        "news": [step for step in file.trail if refused and (step.entry.object_version or 0) > refused.seen],
    }
    return render(request, "admin/verification/case.html", context, status=409 if refused else 200)


def _prepared(step: str, file: CaseFile) -> dict[str, str]:
    """Return what a form begins with: the photo that the machine found wanting, and what is wrong with it."""
    wanting = [side for side in file.sides if side.annotation and side.annotation.asked]
    if step != "ask" or not wanting or not wanting[0].annotation:
        return {}
    return {"document": wanting[0].kind, "fault": wanting[0].annotation.asked or ""}


def record_view(case: PhoneChangeRequest, *, by: User, clear: bool) -> list[Relative]:
    """Record that somebody looks at a case and, masked, at relatives, and whether its values stand there in full.

    Returns these relatives.
    """
    relatives = family(case.peserta) if case.peserta else []
    after = {"clear": clear, "status": case.status, **shown_uuids(relatives)}
    record_look("request.viewed", case, by=by, after=after)
    return relatives


def record_look(action: str, case: PhoneChangeRequest, *, by: User, after: Mapping[str, Plain] | None = None) -> None:
    """Record that somebody sees something of a case; to be called before showing, outside a transaction.

    A look under a broken glass is marked as such.
    """
    subject = case.peserta.uuid if case.peserta else None
    marked = {**(after or {}), **mark(glass_of(case, by))}
    record_alone(action, by=by.as_actor(), about=Thing.of(case), subject=subject, after=marked)
