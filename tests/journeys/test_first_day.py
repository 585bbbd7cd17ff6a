"""A newcomer's first day, with the demo's data, in a real browser: from the log-in to the entry in the audit log."""

import io

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from jknoffice.audit.models import AuditLog
from jknoffice.demo.staff import Credentials, credentials
from participants.models import Peserta
from tests.browser import PHONE, Pages, assert_accessible
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


def account(username: str) -> Credentials:
    return next(each for each in credentials() if each["username"] == username)


def log_in(page: Page, username: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(account(username)["password"])
    assert_accessible(page)
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_label("Kode enam angka").fill(account(username)["totp_now"])
    assert_accessible(page)
    page.get_by_role("button", name="Masuk").click()


def test_a_newcomer_takes_a_case_compares_approves_and_an_auditor_finds_every_step(new_page: Pages) -> None:
    # Given the demo
    call_command("demo", participants=800, stdout=io.StringIO())

    # When a newcomer logs in with a second factor and takes the next case
    page = new_page()
    log_in(page, "operator")
    assert_accessible(page)
    page.get_by_role("button", name="Ambil kasus berikutnya").click()
    page.wait_for_url("**/case/**")
    case = PhoneChangeRequest.objects.get(reference=page.url.rstrip("/").rsplit("/", 1)[1])
    peserta = case.peserta
    assert peserta is not None
    old, new = case.old_phone, case.new_phone

    # And compares photos and register
    assert page.locator("img").evaluate_all("all => all.map(img => img.naturalWidth)") == [1152, 1152]
    assert peserta.name in page.content()
    assert_accessible(page)

    # And approves
    page.get_by_role("checkbox", name="Sudah saya bandingkan").check()
    page.get_by_role("button", name="Setujui").click()
    page.wait_for_load_state()

    # Then the participant's number has changed
    case.refresh_from_db()
    assert (case.status, Peserta.objects.get(pk=peserta.pk).phone) == (Status.APPLIED, new)
    assert old != new

    # And an auditor finds every step of it in the log
    auditor = new_page()
    log_in(auditor, "auditor")
    auditor.get_by_role("link", name="Buka log audit").click()
    assert_accessible(auditor)
    auditor.goto(f"/admin/audit/auditlog/trail/{peserta.uuid}/")
    assert_accessible(auditor)
    steps = AuditLog.objects.filter(subject=peserta.uuid).values_list("action", flat=True)
    assert set(steps) >= {
        "request.submitted",
        "request.confirmed",
        "request.claimed",
        "request.viewed",
        "document.viewed",
        "request.approved",
        "peserta.phone_changed",
    }
    shown = auditor.locator("main").inner_text()
    assert "operator2" in shown
    assert "Menyetujui permohonan" in shown


def test_the_door_fits_a_phone_in_the_dark_and_speaks_english_by_switch(new_page: Pages) -> None:
    page = new_page(PHONE, dark=True)
    page.goto("/admin/")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    assert page.get_by_label("User name").is_visible()
