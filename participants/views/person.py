"""One person: masked, and one value in full for who gives a reason."""

from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jknoffice.accounts.models import User
from jknoffice.audit.reveals import TooManyReveals
from participants import identifiers, panels, person, revealing
from participants.forms import RevealForm
from participants.models import Peserta
from participants.person import Why
from participants.revealing import Field
from participants.views.access import searcher


@require_GET
def view(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Show a person masked. The look is recorded first."""
    user = searcher(request, subject=subject)
    return _masked(request, user, _peserta(subject), RevealForm())


@require_POST
def reveal(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Show one value of a person in full, for this answer only. The look and its reason are recorded first."""
    user = searcher(request, subject=subject)
    peserta, form = _peserta(subject), RevealForm(request.POST)
    if not form.is_valid():
        return _masked(request, user, peserta, form)
    field, why, relatives = Field(form.cleaned_data["field"]), Why(form.cleaned_data["why"]), person.family(peserta)
    try:
        used = revealing.reveal(peserta=peserta, field=field, why=why, relatives=relatives, by=user)
    except TooManyReveals as refusal:
        form.add_error("why", str(refusal))
        return _masked(request, user, peserta, form, status=429)
    return _page(request, user, peserta, form, relatives, opened=field, used=used)


@require_POST
def copied(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Record that somebody copies one of a person's numbers, before the browser does; answer with nothing (204)."""
    user, field = searcher(request, subject=subject), request.POST.get("field", "")
    if field not in revealing.COPIED:
        raise BadRequest("no such field")
    person.record_copy(peserta=_peserta(subject), field=field, by=user)
    return HttpResponse(status=204)


def _peserta(subject: UUID) -> Peserta:
    return get_object_or_404(Peserta.objects.select_related("branch"), uuid=subject)


def _masked(request: HttpRequest, user: User, peserta: Peserta, form: RevealForm, *, status: int = 200) -> HttpResponse:
    """Record the look, and answer with a person's page, masked."""
    relatives = person.family(peserta)
    person.record_view(peserta=peserta, relatives=relatives, by=user)
    return _page(request, user, peserta, form, relatives, status=status)


def _page(
    request: HttpRequest,
    user: User,
    peserta: Peserta,
    form: RevealForm,
    relatives: list[person.Relative],
    *,
    opened: Field | None = None,
    used: int = 0,
    status: int = 200,
) -> HttpResponse:
    """Answer with a person's page, and one value `opened`, the `used`th of this hour. The look has been recorded."""
    context = {
        **admin.site.each_context(request),
        "title": _("Participant"),
        "peserta": peserta,
        "facts": revealing.facts(peserta, opened=opened),
        "opened": opened,
        "used": used,
        "most": settings.REVEALS_PER_HOUR,
        "reveal": form,
        "oddities": identifiers.oddities(nik=peserta.nik, birth_date=peserta.birth_date, sex=peserta.sex),
        "family": relatives,
        "panels": panels.rendered(request, peserta),
        "history": (
            person.number_history(peserta=peserta, reader=user) if user.has_perm("audit.view_auditlog") else None
        ),
    }
    return render(request, "admin/participants/person.html", context, status=status)
