"""Export and saved questions in a real browser: a desk in the light and a telephone in the dark, and both ways."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog, AuditQuestion
from tests import make
from tests.audit.entries import write
from tests.browser import DESK, PHONE, Pages, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = pytest.mark.parametrize(
    ("screen", "dark"),
    [(DESK, False), (DESK, True), (PHONE, False), (PHONE, True)],
    ids=["desk", "desk dark", "phone", "phone dark"],
)


def looks_right(page: Page, name: str, dark: bool) -> None:
    assert_accessible(page)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if folder := os.environ.get("JKN_SCREENSHOTS"):
        width = (page.viewport_size or DESK)["width"]
        page.screenshot(path=Path(folder) / f"{name}-{width}{'-dark' if dark else ''}.png", full_page=True)


@SCREENS
def test_an_auditor_exports_what_the_list_shows(
    screen: ViewportSize, dark: bool, new_page: Pages, auditor: User
) -> None:
    row = write("audit.read")
    page = new_page(screen, user=auditor, dark=dark)
    page.goto(reverse("admin:audit_entries") + "?action=audit.read&period=7")
    looks_right(page, "list", dark)
    page.get_by_role("link", name="Ekspor", exact=True).click()
    looks_right(page, "export", dark)
    page.get_by_label("Dari (WIB)").fill("2020-01-01T00:00")
    page.get_by_label("Alasan:", exact=True).select_option("complaint")
    page.get_by_role("button", name="Unduh berkas CSV").click()
    page.get_by_text("paling lama satu tahun").wait_for()
    looks_right(page, "export-wrong", dark)
    page.goto(reverse("admin:audit_export") + "?action=audit.read&period=7")
    page.get_by_label("Alasan:", exact=True).select_option("complaint")
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh berkas CSV").click()
    assert str(row.uuid) in download.value.path().read_text()
    assert AuditLog.objects.filter(action="audit.exported").count() == 1


@SCREENS
def test_an_auditor_saves_opens_renames_and_deletes_a_question(
    screen: ViewportSize, dark: bool, new_page: Pages, auditor: User
) -> None:
    write("audit.read")
    other = make.staff(Role.AUDITOR)
    AuditQuestion.objects.create(owner=other.username, name="Penolakan", filters={"refused": "on"}, is_shared=True)
    page = new_page(screen, user=auditor, dark=dark)
    page.goto(reverse("admin:audit_entries") + "?action=audit.read&period=7")
    page.get_by_role("link", name="Simpan pertanyaan").click()
    looks_right(page, "save", dark)
    page.get_by_label("Nama pertanyaan").fill("3171 0117 0590 0001")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.get_by_role("alert").wait_for()
    looks_right(page, "save-wrong", dark)
    page.get_by_label("Nama pertanyaan").fill("Jejak yang dibaca minggu ini")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.get_by_role("link", name="Penolakan", exact=True).wait_for()
    looks_right(page, "start", dark)
    page.get_by_role("link", name="Ubah Jejak yang dibaca minggu ini").click()
    looks_right(page, "change", dark)
    page.get_by_label("Nama pertanyaan").fill("Jejak yang dibaca")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.get_by_role("link", name="Jejak yang dibaca", exact=True).click()
    page.wait_for_url("**?action=audit.read&period=7")
    page.goto(reverse("admin:audit_question", args=[AuditQuestion.objects.get(owner=auditor.username).pk]))
    page.get_by_role("button", name="Hapus pertanyaan").click()
    page.get_by_text("Pertanyaan telah dihapus.").wait_for()
    assert AuditQuestion.objects.get().owner == other.username
    page.goto(reverse("admin:audit_question_save") + "?actor=sari")
    looks_right(page, "save-refused", dark)
