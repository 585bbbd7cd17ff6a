"""Paper: the receipt for the participant, the sheet for the branch's file; and what is copied off the screen."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from participants import identifiers, phone
from tests import cases, make
from tests.browser import DESK, PHONE, Pages, assert_accessible
from tests.verification.portal import walk
from verification import changes
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


def address(name: str, case: PhoneChangeRequest) -> str:
    return reverse(f"admin:verification_{name}", args=[case.reference])


def held() -> tuple[PhoneChangeRequest, User]:
    case = cases.queued(peserta=make.peserta(name="SITI AMINAH", facility="PUSKESMAS MELATI"))
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    case.refresh_from_db()
    return case, user


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def secrets_of(case: PhoneChangeRequest) -> list[str]:
    peserta = case.peserta
    assert peserta
    numbers = [peserta.nik, identifiers.show(peserta.nik), peserta.card_number, identifiers.show(peserta.card_number)]
    phones = [case.new_phone, phone.show(case.new_phone), case.old_phone, phone.show(case.old_phone)]
    return [*numbers, *phones, peserta.name]


def test_a_receipt_tells_what_happens_next_and_nothing_personal() -> None:
    case, user = held()
    page = text_of(make.logged_in(user), address("receipt", case))
    assert str(case) in page
    assert phone.mask(case.new_phone) in page
    assert re.search(r"(Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu), \d+ \w+ 20\d\d", page)
    assert not [secret for secret in secrets_of(case) if secret in page]
    assert AuditLog.objects.filter(action="request.receipt_printed", subject=case.peserta.uuid).count() == 1  # type: ignore[union-attr]


def test_a_receipt_from_the_counter_speaks_of_no_hold() -> None:
    user = make.staff()
    entered = cases.queued(by=user)
    assert "demi keamanan" not in text_of(make.logged_in(user), address("receipt", entered))
    case, holder = held()
    assert "demi keamanan" in text_of(make.logged_in(holder), address("receipt", case))


def test_the_code_on_the_receipt_leads_to_the_status_form_with_the_reference(client: Client) -> None:
    case, user = held()
    answer = make.logged_in(user).get(address("receipt", case))
    leads_to = answer.context["receipt"].address
    assert leads_to == f"http://testserver{reverse('portal:status')}?reference={case.reference}"
    page = client.get(leads_to)
    assert f'value="{case}"' in page.content.decode()
    assert "birth_date" in page.content.decode()


@pytest.mark.parametrize("typed", ["", "x", "7KM-2QX-9RT<script>", "\x00", "9" * 5000, "%00"])
def test_the_status_form_takes_no_other_reference_from_its_address(client: Client, typed: str) -> None:
    page = client.get(reverse("portal:status"), {"reference": typed})
    assert page.status_code == 200
    assert 'name="reference" value' not in page.content.decode()


def test_a_participant_prints_the_same_receipt_at_the_end() -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta())
    page = walk.give_code(client)
    assert "<svg" in page.content.decode()
    assert page.context["receipt"].reference == str(walk.newest())


def test_the_sheet_is_in_full_for_who_holds_the_case_and_masked_for_others() -> None:
    case, user = held()
    own = text_of(make.logged_in(user), address("sheet", case))
    assert identifiers.show(case.peserta.nik) in own  # type: ignore[union-attr]
    others = text_of(make.logged_in(cases.reviewer(case)), address("sheet", case))
    assert not [secret for secret in secrets_of(case) if secret in others]
    told = AuditLog.objects.filter(action="request.printed").order_by("pk")
    assert [json.loads(entry.entry)["after"]["clear"] for entry in told] == [True, False]


def test_the_sheet_hides_a_first_opinion_from_who_has_to_give_the_second() -> None:
    case = cases.in_state(Status.SECOND_REVIEW)
    supervisor = cases.reviewer(case, Role.SUPERVISOR)
    changes.claim(request=case, by=supervisor)
    page = text_of(make.logged_in(supervisor), address("sheet", case))
    assert case.reviewed_by
    assert escape(case.reviewed_by.full_name) not in page


def test_the_sheet_tells_who_holds_the_case_and_asks_for_nothing() -> None:
    case, user = held()
    page = text_of(make.logged_in(user), address("sheet", case))
    assert f"{user.full_name} mengerjakan kasus ini sejak" in page
    assert "desk-claim-until" not in page
    waits = cases.in_state(Status.AWAITING_CODE, by=make.staff())
    assert "jkn-button" not in text_of(make.logged_in(cases.reviewer(waits)), address("sheet", waits))


def test_paper_is_light_on_a_dark_screen(new_page: Pages) -> None:
    case = cases.in_state(Status.REJECTED)
    page = new_page(PHONE, user=cases.reviewer(case), dark=True)
    page.goto(address("sheet", case))
    page.get_by_text("Diputuskan oleh").wait_for()
    assert_accessible(page)


def copy(client: Client, case: PhoneChangeRequest, field: str) -> Any:
    return client.post(address("copied", case), {"field": field})


def test_who_holds_the_case_copies_a_number_and_that_is_recorded() -> None:
    case, user = held()
    assert copy(make.logged_in(user), case, "nik").status_code == 204
    entry = AuditLog.objects.get(action="request.value_copied")
    assert (json.loads(entry.entry)["after"], entry.actor) == ({"field": "nik"}, user.username)


def test_who_sees_the_case_masked_copies_nothing() -> None:
    case, _user = held()
    assert copy(make.logged_in(cases.reviewer(case)), case, "nik").status_code == 403
    assert AuditLog.objects.filter(action="request.refused", reason="no_permission").count() == 1


@pytest.mark.parametrize("field", ["", "name", "nik\x00", "x" * 9999])
def test_what_is_no_number_of_the_case_is_not_copied(field: str) -> None:
    case, user = held()
    assert copy(make.logged_in(user), case, field).status_code == 400
    assert not AuditLog.objects.filter(action="request.value_copied").exists()


@pytest.mark.parametrize("field", ["nik", "card_number", "kk_number", "phone"])
def test_a_number_of_a_person_is_copied_with_a_record(field: str) -> None:
    peserta = make.peserta()
    client = make.logged_in(make.staff(branch=peserta.branch))
    path = reverse("admin:participants_peserta_copied", args=[peserta.uuid])
    assert client.post(path, {"field": field}).status_code == 204
    assert AuditLog.objects.get(action="peserta.value_copied").subject == peserta.uuid
    assert client.post(path, {"field": "name"}).status_code == 400


def test_copying_by_button_records_says_so_and_fills_the_clipboard(new_page: Pages) -> None:
    case, user = held()
    page = new_page(user=user)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address("case", case))
    page.get_by_role("button", name="Salin: Nomor baru").click()
    page.get_by_text("Nomor baru: disalin, dan dicatat.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "0" + case.new_phone.removeprefix("+62")
    assert AuditLog.objects.filter(action="request.value_copied").count() == 1


def test_a_reference_is_copied_as_it_stands_and_without_a_record(new_page: Pages) -> None:
    case, _user = held()
    page = new_page(user=cases.reviewer(case))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address("case", case))
    page.get_by_role("button", name="Salin: Nomor referensi").click()
    page.get_by_text("Nomor referensi: disalin.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == str(case)
    assert not AuditLog.objects.filter(action="request.value_copied").exists()


def test_what_cannot_be_recorded_is_not_copied(new_page: Pages) -> None:
    case, user = held()
    page = new_page(user=user)
    page.goto(address("case", case))
    changes.release(request=case, by=user)
    page.get_by_role("button", name="Salin: Nomor baru").click()
    page.get_by_text("Tidak ada yang disalin").wait_for()
    new_page.complaints.clear()  # Chromium reports the 403


def test_without_scripts_there_is_no_copy_button(new_page: Pages) -> None:
    case, user = held()
    page = new_page.browser.new_context(base_url=new_page.address, java_script_enabled=False).new_page()
    cookies = new_page(user=user).context.cookies()
    page.context.add_cookies([{"name": c["name"], "value": c["value"], "url": new_page.address} for c in cookies])
    page.goto(address("case", case))
    assert page.get_by_role("button", name="Salin: Nomor baru").count() == 0
    assert page.get_by_role("heading", level=1).count() == 1


@pytest.mark.parametrize("name", ["receipt", "sheet"])
def test_paper_is_accessible_fits_and_prints_on_one_page_width(new_page: Pages, name: str, tmp_path: Any) -> None:
    case, user = held()
    for screen, dark in ((DESK, False), (PHONE, True)):
        page = new_page(screen, user=user, dark=dark)
        page.goto(address(name, case))
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    assert page.get_by_role("button", name="Cetak").is_visible()
    page.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type /Page\b", (tmp_path / "paper.pdf").read_bytes())) <= 2
