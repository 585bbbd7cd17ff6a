"""Alarms and break-glass in a real browser: at a desk and on a telephone, by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from jknoffice.accounts.roles import Role
from jknoffice.alarms.watching import watch
from tests import cases, make
from tests.browser import DESK, PHONE, Pages, assert_accessible

LOOKS = {"desk": (DESK, False), "phone, dark": (PHONE, True)}
WIDE = "document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize("look", LOOKS)
def test_a_glass_is_broken_and_the_supervisor_handles_the_alarm(new_page: Pages, look: str) -> None:
    screen, dark = LOOKS[look]
    case = cases.queued()
    page = new_page(screen, user=make.staff(full_name="Sari Dewi"), dark=dark)
    page.goto("/admin/verification/queue/")
    page.get_by_role("link", name="Kasus cabang lain").click()
    page.wait_for_url(re.compile("other-branch"))
    assert_accessible(page)
    assert page.evaluate(WIDE)
    page.get_by_label("Nomor referensi").fill(str(case).lower())
    page.get_by_label("Mengapa tidak dapat menunggu").fill("Peserta ada di loket kami dan pulang hari ini.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(case.reference))
    expect(page.get_by_text("Anda boleh membacanya sampai")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate(WIDE)
    watch()
    page = new_page(screen, user=cases.reviewer(case, Role.SUPERVISOR), dark=dark)
    page.goto("/admin/")
    page.get_by_role("link", name="Buka peringatan").click()
    link = page.get_by_role("link", name="Kasus dibuka dari cabang lain")
    expect(link).to_be_visible()
    assert_accessible(page)
    assert page.evaluate(WIDE)
    link.click()
    page.get_by_role("button", name="Saya periksa").click()
    expect(page.get_by_text("Sudah dicatat bahwa Anda melihat peringatan ini.")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate(WIDE)
    page.get_by_label("Apa yang Anda temukan").fill("Benar: peserta berkunjung ke cabang itu.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Peringatan sudah ditangani.")).to_be_visible()
