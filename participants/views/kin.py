"""Who shares a family card or a mobile number with a person."""

from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from participants.kin import Tie, sharing
from participants.models import Peserta
from participants.searching.search import TooManySearches
from participants.views.access import searcher

_MOST_DIGITS = 18  # what fits into a bigint


@require_GET
def family(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Show who stands on the same family card, masked. The look is recorded first."""
    return _page(request, subject, Tie.FAMILY)


@require_GET
def number(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Show who else has the mobile number, masked. The look is recorded first."""
    return _page(request, subject, Tie.NUMBER)


def _page(request: HttpRequest, subject: UUID, tie: Tie) -> HttpResponse:
    user = searcher(request, subject=subject)
    peserta = get_object_or_404(Peserta, uuid=subject)
    after = request.GET.get("after", "")
    begin = int(after) if after.isascii() and after.isdigit() and len(after) <= _MOST_DIGITS else 0
    try:
        circle = sharing(peserta=peserta, tie=tie, by=user, after=begin)
    except TooManySearches as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:participants_peserta_person", subject)
    context = {
        **admin.site.each_context(request),
        "title": tie.label,
        "peserta": peserta,
        "circle": circle,
        "family": tie is Tie.FAMILY,
        "later": begin > 0,
    }
    return render(request, "admin/participants/kin.html", context)
