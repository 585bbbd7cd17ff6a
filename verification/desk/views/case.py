"""The review page."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record_alone
from verification.desk.access import Permission, case_for, worker
from verification.desk.casefile import open_file, sees_clear
from verification.desk.forms import AskForm, RejectForm, SendBackForm
from verification.models import PhoneChangeRequest


@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case within reach: in full to who holds it, masked to the others. The look is recorded first."""
    user = worker(request, Permission.VIEW)
    found = case_for(user, reference)
    record_view(found, by=user, clear=sees_clear(found, user))
    context = {
        **admin.site.each_context(request),
        "title": _("Case %(reference)s") % {"reference": found},
        "file": open_file(case=found, by=user, at=timezone.now()),
        "case": found,
        "reject": RejectForm(auto_id="reject_%s"),
        "ask": AskForm(auto_id="ask_%s"),
        "send_back": SendBackForm(auto_id="send_back_%s"),
    }
    return render(request, "admin/verification/case.html", context)


def record_view(case: PhoneChangeRequest, *, by: User, clear: bool) -> None:
    """Record that somebody looks at a case, and whether its personal values stand there in full."""
    record_alone(
        "request.viewed",
        by=by.as_actor(),
        about=Thing.of(case),
        subject=case.peserta.uuid if case.peserta else None,
        after={"clear": clear, "status": case.status},
    )
