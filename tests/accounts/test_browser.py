"""The door and the pages behind it in a real browser: readable, usable, and no wider than a phone."""

import base64

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, ViewportSize

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from tests import make
from tests.accounts.door import code_of
from tests.browser import DESK, PHONE, Pages, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = pytest.mark.parametrize(("screen", "dark"), [(PHONE, True), (DESK, False)])


def looks_right(page: Page, *, wide: bool = False) -> None:
    """`wide` pages hold a table that is scrolled within the page."""
    assert_accessible(page)
    assert page.locator("h1").count() == 1
    if not wide:
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def give_password(page: Page, user: User) -> None:
    page.get_by_label("Nama pengguna").fill(user.username)
    page.get_by_label("Kata sandi").fill(make.PASSWORD)
    page.keyboard.press("Enter")


def give_code(page: Page, code: str) -> None:
    page.get_by_role("textbox", name="Kode").fill(code)
    page.keyboard.press("Enter")


@SCREENS
def test_a_new_colleague_sets_up_leaves_and_comes_back_with_a_recovery_code(
    new_page: Pages, screen: ViewportSize, dark: bool
) -> None:
    page, user = new_page(screen, dark=dark), make.staff()

    page.goto("/admin/")
    give_password(page, user)
    page.wait_for_url("**/enrol/")
    give_code(page, "12")
    page.get_by_text("Kode salah").wait_for()
    looks_right(page)
    key = base64.b32decode(page.locator(".jkn-secret").inner_text().replace(" ", "")).hex()
    give_code(page, code_of(TOTPDevice(key=key)))

    page.wait_for_url("**/codes/")
    looks_right(page)
    first = page.locator(".jkn-codes li").first.inner_text()
    page.get_by_role("button", name="Sudah saya simpan").click()
    page.wait_for_url("**/admin/")
    page.get_by_role("button", name="Keluar").click()

    page.get_by_text("Anda sudah keluar").wait_for()
    looks_right(page)
    give_password(page, user)
    page.get_by_role("link", name="kode pemulihan").click()
    give_code(page, "1-ABCD-EFGH")
    page.get_by_text("Ini bukan kode pemulihan").wait_for()
    looks_right(page)
    give_code(page, first)
    page.get_by_text("tersisa 9").wait_for()
    looks_right(page)


def test_the_whole_qr_code_with_its_margin_is_seen_on_a_phone(new_page: Pages) -> None:
    page, user = new_page(PHONE), make.staff()
    page.goto("/admin/")
    give_password(page, user)
    page.wait_for_url("**/enrol/")
    drawn = page.evaluate(
        """() => {
            const svg = document.querySelector(".jkn-qr svg"), frame = svg.getBoundingClientRect();
            const white = svg.querySelector("path").getBoundingClientRect();
            return [white.left - frame.left, white.top - frame.top, frame.right - white.right,
                    frame.bottom - white.bottom, window.innerWidth - frame.right];
        }"""
    )
    assert all(space > -0.5 for space in drawn), drawn


@SCREENS
def test_the_start_page_of_every_role(new_page: Pages, screen: ViewportSize, dark: bool) -> None:
    for role in Role:
        page = new_page(screen, user=make.staff(role), dark=dark)
        page.goto("/admin/")
        looks_right(page)


@SCREENS
def test_staff_and_branches_and_ones_own_password(new_page: Pages, screen: ViewportSize, dark: bool) -> None:
    user = make.staff(Role.ADMIN)
    page = new_page(screen, user=user, dark=dark)
    for address in ("accounts/user/", "accounts/branch/", f"accounts/user/{user.pk}/change/", "password_change/"):
        page.goto(f"/admin/{address}")
        looks_right(page, wide=address.endswith("user/"))
