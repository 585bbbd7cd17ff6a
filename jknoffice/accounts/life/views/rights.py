"""Who may do what."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jknoffice import clock
from jknoffice.accounts.life import rights as domain
from jknoffice.accounts.life.rules import NoRight
from jknoffice.accounts.life.views.pages import page, user_of
from jknoffice.accounts.roles import Role


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Show role × right, and the people of each role."""
    try:
        groups = domain.view(by=user_of(request))
    except NoRight as refusal:
        raise PermissionDenied from refusal
    return page(
        request,
        "staff_rights",
        title=_("Who may do what"),
        roles=list(Role),
        rows=domain.matrix(),
        reaches=domain.reach_and_scope(),
        groups=groups,
        now=clock.now(),
    )


@require_POST
def file(request: HttpRequest) -> HttpResponse:
    """Hand out the same as a CSV file."""
    try:
        text = domain.export(by=user_of(request))
    except NoRight as refusal:
        raise PermissionDenied from refusal
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{domain.file_name()}"'
    return answer
