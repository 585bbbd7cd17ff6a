"""Ubah data: what there is to change, and one's own data in the register."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jknoffice.audit.log import Thing, record_alone
from participants import email, identifiers, phone
from participants.account import SELF
from participants.models import ParticipantAccount
from participants.models.choices import Membership
from participants.person import family
from verification.portal import grant
from verification.portal.account.pages import own_page, show
from verification.portal.telling import tell
from verification.self_service import phone as self_service


@own_page
def menu(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """Say what can be changed."""
    return show(request, "menu", {"account": account})


@own_page
def data(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """Show the participant's data; that they are shown is recorded first."""
    peserta, relatives = account.peserta, family(account.peserta)
    shown_too = {"shown": sorted(str(relative.peserta.uuid) for relative in relatives)} if relatives else None
    record_alone("participant.data_viewed", by=SELF, about=Thing.of(peserta), subject=peserta.uuid, after=shown_too)
    open_one = self_service.open_one(account)
    shown = {
        "peserta": peserta,
        "nik": identifiers.mask(peserta.nik),
        "card": identifiers.mask(peserta.card_number),
        "number": phone.mask(peserta.phone or ""),
        "email": email.mask(account.email or peserta.email),
        "is_confirmed": bool(account.email),
        "is_active": peserta.status == Membership.ACTIVE,
        "relatives": relatives,
        "telling": tell(open_one) if open_one else None,
        "waits": self_service.waiting(account),
    }
    return show(request, "data", shown)


@own_page
def request_page(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """Open the page of the participant's own request, whichever way it came in."""
    found = self_service.open_one(account)
    if found is None:
        return redirect("account:data")
    grant.give(request.session, found, proved=True)
    return redirect("portal:case")
