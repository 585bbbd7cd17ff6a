"""One person: masked, and in full for who gives a reason."""

from uuid import UUID

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jknoffice.accounts.models import User
from participants import identifiers, panels, person
from participants.forms import RevealForm
from participants.models import Peserta
from participants.views.access import searcher


@require_GET
def view(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Show a person masked. The look is recorded first."""
    user = searcher(request, subject=subject)
    return _page(request, user, _peserta(subject), RevealForm(), None)


@require_POST
def reveal(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Show a person in full, for this answer only. The look and its reason are recorded first."""
    user = searcher(request, subject=subject)
    peserta, form = _peserta(subject), RevealForm(request.POST)
    why = person.Why(form.cleaned_data["why"]) if form.is_valid() else None
    return _page(request, user, peserta, form, why)


@require_POST
def copied(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Record that somebody copies one of a person's numbers, before the browser does; answer with nothing (204)."""
    user, field = searcher(request, subject=subject), request.POST.get("field", "")
    if field not in person.COPIED:
        raise BadRequest("no such field")
    person.record_copy(peserta=_peserta(subject), field=field, by=user)
    return HttpResponse(status=204)


def _peserta(subject: UUID) -> Peserta:
    return get_object_or_404(Peserta.objects.select_related("branch"), uuid=subject)


def _page(request: HttpRequest, user: User, peserta: Peserta, form: RevealForm, why: person.Why | None) -> HttpResponse:
    """Record the look, and answer with a person's page: in full for a reason, else masked with the form for one."""
    relatives = person.family(peserta)
    person.record_view(peserta=peserta, relatives=relatives, by=user, why=why)
    context = {
        **admin.site.each_context(request),
        "title": _("Participant"),
        "peserta": peserta,
        "clear": why is not None,
        "reveal": None if why else form,
        "oddities": identifiers.oddities(nik=peserta.nik, birth_date=peserta.birth_date, sex=peserta.sex),
        "family": relatives,
        "panels": panels.rendered(request, peserta),
        "history": (
            person.number_history(peserta=peserta, reader=user) if user.has_perm("audit.view_auditlog") else None
        ),
    }
    return render(request, "admin/participants/person.html", context)
