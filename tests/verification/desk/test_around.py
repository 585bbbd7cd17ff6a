"""What lies around a case: who has or wants the new number, what the NIK says, and what it costs to show all that."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jknoffice.accounts.roles import Role
from tests import cases, make
from tests.verification.desk.test_case import address, held, page, siti, text_of
from verification.desk import around
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db

NUMBER = "+6281234569890"
QUERIES = 34
"""The most that the page of a case may ask of the database, log-in and log included; 31 when this was written."""


def closed(**given: object) -> PhoneChangeRequest:
    """A cancelled request that is then said to be about this person or number: asking so often would be refused."""
    case = cases.in_state(Status.CANCELLED)
    PhoneChangeRequest.objects.filter(pk=case.pk).update(**given)
    return case


def test_who_has_the_new_number_is_counted_and_named_to_nobody() -> None:
    for kk_number in ("3171010101010001", "3171010101010001", "", ""):
        make.peserta(phone=NUMBER, kk_number=kk_number, name="DEWI LESTARI")
    case, user = held(Status.IN_REVIEW, peserta=siti(), new_phone=NUMBER)
    found = around.holders(new_phone=NUMBER, apart_from=case.peserta, by=user)  # type: ignore[arg-type]
    assert (found.people, found.families) == (4, 3)
    html = page(user, case)
    assert "4 peserta lain (3 keluarga)" in text_of(html)
    assert "DEWI" not in html
    assert reverse("admin:participants_peserta_number", args=[found.leads_to]) in html


def test_who_may_not_search_the_register_gets_the_count_alone() -> None:
    make.peserta(phone=NUMBER)
    found = around.holders(new_phone=NUMBER, apart_from=siti(), by=make.staff(Role.AUDITOR))
    assert (found.people, found.leads_to) == (1, None)


def test_the_participant_is_no_other_holder_of_the_number() -> None:
    peserta = siti()
    found = around.holders(new_phone=peserta.phone or "", apart_from=peserta, by=make.staff())
    assert (found.people, found.families, found.leads_to) == (0, 0, None)


def test_requests_of_others_for_the_number_stand_there_and_of_other_branches_only_the_branch() -> None:
    far = make.branch()
    abroad = closed(branch=far, new_phone=NUMBER)
    case, user = held(Status.IN_REVIEW, peserta=siti(), new_phone=NUMBER)
    near = closed(branch=case.branch, new_phone=NUMBER)
    found = {other.case: other.in_reach for other in around.of_number(case=case, by=user)}
    assert found == {abroad: False, near: True}
    html = page(user, case)
    assert address(near) in html
    assert str(abroad) not in html


def test_a_typed_date_of_birth_that_differs_stands_beside_with_its_digits_marked() -> None:
    case, user = held(Status.IN_REVIEW, peserta=siti())
    assert "Diketik dalam permohonan" not in page(user, case)
    PhoneChangeRequest.objects.filter(pk=case.pk).update(birth_date=date(1990, 5, 19))
    html = page(user, case)
    assert "Diketik dalam permohonan: 19-05-1990" in " ".join(text_of(html).split())
    assert 'class="jkn-number">1<span class="jkn-differs">9</span>-05-1990' in html


def test_the_nik_is_explained_in_full_to_who_holds_the_case_alone() -> None:
    case, user = held(Status.IN_REVIEW, peserta=siti())
    mine, theirs = (text_of(page(each, case)) for each in (user, cases.reviewer(case)))
    for words in ("Gambir", "tanggal ditambah 40", "0042"):
        assert words in mine
    assert "Gambir" not in theirs
    assert "Sesuai dengan data peserta." in theirs


def test_closed_requests_cost_no_query_more() -> None:
    case, user = held(Status.IN_REVIEW, peserta=siti(), new_phone=NUMBER)
    client = make.logged_in(user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address(case)).status_code == 200
        return len(asked)

    def close_some() -> None:
        for _ in range(3):
            closed(branch=case.branch, peserta=case.peserta)
            closed(branch=case.branch, new_phone=NUMBER)
            make.peserta(phone=NUMBER)

    close_some()
    few = queries()
    close_some()
    close_some()
    assert queries() == few <= QUERIES
