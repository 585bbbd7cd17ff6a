"""Break-glass and its alarm in a real browser: at a desk and on a telephone, by keyboard."""

import re

from playwright.sync_api import Page, expect

from jknoffice.accounts.roles import Role
from jknoffice.alarms.watching import watch
from tests import cases, make
from tests.browser import PHONE, Pages, assert_accessible


def assert_good(page: Page) -> None:
    """Fail when the page is not accessible, or has to be scrolled sideways."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_glass_is_broken_at_a_desk_and_the_supervisor_handles_the_alarm_on_a_telephone(new_page: Pages) -> None:
    case = cases.queued()
    page = new_page(user=make.staff(full_name="Sari Dewi"))
    page.goto("/admin/verification/queue/")
    page.get_by_role("link", name="Kasus cabang lain").click()
    page.wait_for_url(re.compile("other-branch"))
    assert_good(page)
    page.get_by_label("Nomor referensi").fill(str(case).lower())
    page.get_by_label("Mengapa tidak dapat menunggu").fill("Peserta ada di loket kami dan pulang hari ini.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(case.reference))
    expect(page.get_by_text("Anda boleh membacanya sampai")).to_be_visible()
    assert_good(page)
    watch()
    page = new_page(PHONE, user=cases.reviewer(case, Role.SUPERVISOR), dark=True)
    page.goto("/admin/")
    page.get_by_role("link", name="Buka peringatan").click()
    link = page.get_by_role("link", name="Kasus dibuka dari cabang lain")
    expect(link).to_be_visible()
    assert_good(page)
    link.click()
    page.get_by_role("link", name="Lihat kasus").click()
    expect(page.get_by_text("Peserta ada di loket kami dan pulang hari ini.")).to_be_visible()
    assert_good(page)
    page.go_back()
    page.get_by_role("button", name="Saya periksa").click()
    expect(page.get_by_text("Sudah dicatat bahwa Anda melihat peringatan ini.")).to_be_visible()
    assert_good(page)
    page.get_by_label("Apa yang Anda temukan").fill("Benar: peserta berkunjung ke cabang itu.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Peringatan sudah ditangani.")).to_be_visible()
