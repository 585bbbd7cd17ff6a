"""The requests of a person, on the person's page in the register."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from participants import panels
from participants.models import Peserta
from tests import cases, make
from verification.states import Status

pytestmark = pytest.mark.django_db


def panel(user: User, peserta: Peserta) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return "".join(panels.rendered(request, peserta))


def test_the_open_request_stands_first_with_its_state_and_a_link() -> None:
    peserta = make.peserta()
    earlier = cases.in_state(Status.REJECTED, peserta=peserta)
    open_now = cases.queued(peserta=peserta)
    html = panel(cases.reviewer(open_now), peserta)
    assert html.index(str(open_now)) < html.index(str(earlier))
    for case in (open_now, earlier):
        assert reverse("admin:verification_case", args=[case.reference]) in html
    assert "Dalam antrean" in html
    assert "Ditolak" in html


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.DATA_ADMIN])
def test_of_another_branch_there_is_only_the_number_of_requests(role: Role) -> None:
    far = make.branch()
    peserta = make.peserta(branch=far)
    case = cases.queued(peserta=peserta)
    html = panel(make.staff(role), peserta)
    assert f"1 permohonan di {far.name}" in html
    assert str(case) not in html
    assert case.reference not in html


def test_who_never_asked_has_no_panel() -> None:
    assert panel(make.staff(), make.peserta()) == ""
