"""The pages of staff life in a real browser: readable, usable by keyboard, and no wider than a telephone."""

import base64
import os
from collections.abc import Callable

import pytest
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, ViewportSize

from jknoffice.accounts.life import moving, proposing
from jknoffice.accounts.life.rules import ResetWhy, Why
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from tests import make
from tests.accounts.door import code_of, some_time_ago
from tests.accounts.life import walk
from tests.accounts.test_browser import looks_right
from tests.browser import DESK, PHONE, Pages

pytestmark = pytest.mark.django_db(transaction=True)


def shots(screen: ViewportSize, *, dark: bool) -> Callable[[Page, str], None]:
    """A function that checks a page, and keeps a picture of it where `JKN_SCREENSHOTS` names a folder."""

    def look(page: Page, name: str, wide: bool = False) -> None:
        looks_right(page, wide=wide)
        if folder := os.environ.get("JKN_SCREENSHOTS"):
            kind = f"{screen['width']}-{'dark' if dark else 'light'}"
            page.screenshot(path=f"{folder}/staff-{name}-{kind}.png", full_page=True)

    return look


@pytest.mark.parametrize(("screen", "dark"), [(PHONE, True), (DESK, False)], ids=["phone", "desk"])
def test_somebody_is_invited_sets_up_the_account_and_is_suspended(
    new_page: Pages, screen: ViewportSize, dark: bool
) -> None:
    look = shots(screen, dark=dark)
    admin, branch = make.staff(Role.ADMIN, full_name="Sri Mulyati"), make.branch(name="Jakarta Pusat")
    page = new_page(screen, user=admin, dark=dark)

    # An administrator invites somebody
    page.goto("/admin/")
    page.get_by_role("link", name="Petugas", exact=True).click()
    page.get_by_role("link", name="Undang petugas").click()
    look(page, "invite")
    page.get_by_label("Nama lengkap").fill("Siti Rahma")
    page.get_by_label("Nama pengguna").fill("siti.rahma")
    page.get_by_label("NIK").fill("3173")
    page.get_by_label("Peran").select_option("operator")
    page.get_by_label("Kantor cabang").select_option(str(branch.pk))
    page.get_by_role("button", name="Undang").click()
    page.get_by_text("NIK harus").wait_for()
    look(page, "invite-wrong")
    page.get_by_label("NIK").fill(walk.NIK)
    some_time_ago(admin)
    device = make.authenticator(admin)
    page.get_by_role("button", name="Undang").click()
    page.get_by_text("Isian Anda tersimpan").wait_for()
    look(page, "again")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    page.get_by_text("Kode salah").wait_for()
    look(page, "again-wrong")
    page.get_by_label("Kode autentikator").fill(code_of(device))
    page.keyboard.press("Enter")
    page.get_by_text("hanya ditampilkan sekarang").wait_for()
    look(page, "link")
    link = page.locator("#link").inner_text()

    # Who opens the link chooses a password and sets up the second step
    theirs = new_page(screen, dark=dark)
    theirs.goto("/" + link.split("/", 3)[3])
    theirs.get_by_text("Siti Rahma").wait_for()
    look(theirs, "join")
    theirs.locator("#id_password").fill(walk.PASSWORD)
    theirs.locator("#id_again").fill(walk.PASSWORD)
    theirs.keyboard.press("Enter")
    theirs.wait_for_url("**/enrol/")
    key = base64.b32decode(theirs.locator(".jkn-secret").inner_text().replace(" ", "")).hex()
    theirs.get_by_role("textbox", name="Kode").fill(code_of(TOTPDevice(key=key)))
    theirs.keyboard.press("Enter")
    theirs.get_by_role("button", name="Sudah saya simpan").click()
    theirs.wait_for_url("**/admin/")
    theirs.goto("/" + link.split("/", 3)[3])
    theirs.get_by_text("Tautan ini tidak berlaku").wait_for()
    look(theirs, "join-shut")

    # Who forgets the password gets a link to another one
    page.get_by_role("link", name="Sudah saya serahkan").press("Enter")
    page.get_by_role("heading", name="Siti Rahma").wait_for()
    look(page, "person")
    page.get_by_text("Lupa kata sandi", exact=True).press("Enter")
    page.locator("#voidform_why").select_option("password_forgotten")
    look(page, "person-void")
    page.get_by_role("button", name="Batalkan kata sandi").press("Enter")
    page.get_by_text("hanya ditampilkan sekarang").wait_for()
    look(page, "link-void")
    link = page.locator("#link").inner_text()
    theirs.goto("/" + link.split("/", 3)[3])
    look(theirs, "join-void")
    theirs.locator("#id_password").fill(walk.PASSWORD + "8")
    theirs.locator("#id_again").fill(walk.PASSWORD + "8")
    theirs.keyboard.press("Enter")
    theirs.wait_for_url("**/verify/")
    page.get_by_role("link", name="Sudah saya serahkan").press("Enter")

    # The administrator suspends them by keyboard
    page.get_by_role("heading", name="Siti Rahma").wait_for()
    page.get_by_text("Tangguhkan", exact=True).first.press("Enter")
    page.locator("#suspendform_why").select_option("inquiry")
    look(page, "person-suspend")
    page.get_by_role("button", name="Tangguhkan").press("Enter")
    page.get_by_text("Akun ditangguhkan").wait_for()
    look(page, "person-suspended")
    theirs.goto("/admin/")
    assert "/admin/login/" in theirs.url


def staff_of_all_kinds(admin: User) -> None:
    """Some people for the lists."""
    branch = make.branch(name="Bandung")
    user = make.staff(branch=branch, full_name="Putri Anggraini", needs_link=True)
    moving.suspend(user=make.staff(branch=branch, full_name="Hendra Gunawan"), why=Why.ABSENCE, by=admin)
    moving.leave(user=make.staff(Role.AUDITOR, full_name="Maya Siregar"), why=Why.LEFT, by=admin)
    other = make.staff(Role.ADMIN, full_name="Dian Kusuma")
    proposing.ask_reset(user=make.staff(full_name="Rini Hapsari"), why=ResetWhy.LOST, by=other)
    proposing.ask_reset(user=make.staff(full_name="Yoga Pratomo"), why=ResetWhy.BROKEN, by=admin)
    assert user.pk


@pytest.mark.parametrize(("screen", "dark"), [(PHONE, False), (DESK, True)], ids=["phone", "desk"])
def test_the_lists_are_readable(new_page: Pages, screen: ViewportSize, dark: bool) -> None:
    look = shots(screen, dark=dark)
    admin = make.staff(Role.ADMIN, full_name="Sri Mulyati")
    staff_of_all_kinds(admin)
    page = new_page(screen, user=admin, dark=dark)
    for name, address in (
        ("list", reverse("admin:accounts_user_changelist")),
        ("waiting", walk.address("waiting")),
        ("rights", walk.address("rights")),
        ("start", "/admin/"),
    ):
        page.goto(address)
        look(page, name)
    page.goto(walk.address("waiting"))
    page.get_by_role("button", name="Setujui").press("Enter")
    page.get_by_text("Serahkan langsung").wait_for()
    look(page, "link-reset")
