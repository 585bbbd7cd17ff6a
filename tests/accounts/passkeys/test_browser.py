"""Passkeys in a real Chromium with a virtual authenticator: the whole way by keyboard, and what the browser refuses."""

from typing import Any

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import CDPSession, Page
from pytest_django.live_server_helper import LiveServer

from jknoffice.accounts.models import Authenticator, Passkey, User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts.door import code_of, some_time_ago
from tests.accounts.life import walk
from tests.accounts.test_browser import give_code, give_password, looks_right
from tests.browser import DESK, PHONE, Pages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _site(live_server: LiveServer, settings: Any) -> None:
    """The server of this test is our site."""
    settings.JKN_SITE_URL = live_server.url


class Virtual:
    """Chromium's authenticator, built into the machine, with a finger that is known to it."""

    def __init__(self, page: Page) -> None:
        self.wire: CDPSession = page.context.new_cdp_session(page)
        self.wire.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.name = self.wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def show_a_finger(self, *, known: bool) -> None:
        self.wire.send("WebAuthn.setUserVerified", {"authenticatorId": self.name, "isUserVerified": known})

    def credentials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.wire.send("WebAuthn.getCredentials", {"authenticatorId": self.name})[
            "credentials"
        ]
        return found

    def turn_back(self) -> None:
        """Say of all signatures what was said when the passkey was made."""
        for credential in self.credentials():
            self.wire.send(
                "WebAuthn.removeCredential",
                {"authenticatorId": self.name, "credentialId": credential["credentialId"]},
            )
            self.wire.send(
                "WebAuthn.addCredential",
                {"authenticatorId": self.name, "credential": credential | {"signCount": 0}},
            )


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Keluar").click()
    page.get_by_text("Anda sudah keluar").wait_for()


def test_the_first_log_in_and_the_next_with_a_passkey(new_page: Pages) -> None:
    page, user = new_page(PHONE, dark=True), make.staff()
    virtual = Virtual(page)
    page.goto("/admin/")
    give_password(page, user)
    page.wait_for_url("**/enrol/")
    looks_right(page)
    virtual.show_a_finger(known=False)
    page.get_by_role("button", name="Buat passkey").press("Enter")
    page.get_by_text("Belum ada passkey yang ditunjukkan").wait_for()
    looks_right(page)
    virtual.show_a_finger(known=True)
    page.get_by_role("button", name="Buat passkey").press("Enter")
    page.wait_for_url("**/codes/")
    page.get_by_role("button", name="Sudah saya simpan").click()
    page.wait_for_url("**/admin/")
    [credential] = virtual.credentials()
    assert credential["isResidentCredential"]

    log_out(page)
    give_password(page, user)
    page.wait_for_url("**/verify/")
    looks_right(page)
    virtual.show_a_finger(known=False)
    page.keyboard.press("Enter")  # the button has the focus
    page.get_by_text("Belum ada passkey yang ditunjukkan").wait_for()
    virtual.show_a_finger(known=True)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")

    log_out(page)
    virtual.turn_back()
    give_password(page, user)
    page.get_by_role("button", name="Pakai passkey").press("Enter")
    page.get_by_text("mungkin telah disalin").wait_for()
    page.get_by_label("Kode pemulihan").wait_for()
    looks_right(page)
    assert AuditLog.objects.filter(action="account.passkey_copied").count() == 1


def test_a_passkey_is_added_renamed_used_beside_the_code_and_removed(new_page: Pages) -> None:
    user = make.staff()
    page = new_page(DESK, user=user)
    virtual = Virtual(page)
    device = Authenticator.objects.get(user=user)
    page.goto("/admin/second-step/")
    page.get_by_role("link", name="Tambah passkey").press("Enter")
    page.get_by_label("Nama passkey").fill("Laptop kantor")
    page.get_by_label("Kode autentikator Anda").fill(code_of(device))
    looks_right(page)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Buat passkey").wait_for()
    looks_right(page)
    page.keyboard.press("Enter")
    page.get_by_text("Passkey Anda berlaku mulai sekarang").wait_for()
    looks_right(page)

    page.get_by_role("link", name="Ganti nama").press("Enter")
    page.get_by_label("Nama passkey").fill("Laptop rumah")
    looks_right(page)
    page.get_by_role("button", name="Pakai passkey").press("Enter")
    page.get_by_text("Nama passkey Anda sudah diganti").wait_for()
    page.get_by_role("heading", name="Laptop rumah").wait_for()

    # The same device makes no second one.
    page.get_by_role("link", name="Tambah passkey").click()
    page.get_by_role("button", name="Pakai passkey").click()
    page.get_by_role("button", name="Buat passkey").click()
    page.get_by_text("sudah menyimpan passkey untuk akun Anda").wait_for()

    log_out(page)
    give_password(page, user)
    page.get_by_role("button", name="Pakai passkey").wait_for()
    looks_right(page)
    give_code(page, "000000")
    page.get_by_text("Kode salah").wait_for()
    page.get_by_role("button", name="Pakai passkey").press("Enter")
    page.wait_for_url("**/admin/")

    page.goto("/admin/second-step/")
    page.get_by_role("link", name="Hapus").press("Enter")
    looks_right(page)
    page.get_by_role("button", name="Pakai passkey").press("Enter")
    page.get_by_text("Passkey Anda telah dihapus").wait_for()
    assert not Passkey.objects.exists()
    assert len(virtual.credentials()) == 1  # the device still has it, for nothing


def test_at_another_address_the_browser_shows_no_passkey(new_page: Pages, settings: Any) -> None:
    settings.JKN_SITE_URL = "https://jkn.example"
    page, user = new_page(DESK), make.staff()
    Virtual(page)
    page.goto("/admin/")
    give_password(page, user)
    page.wait_for_url("**/enrol/")
    page.get_by_role("button", name="Buat passkey").click()
    page.get_by_text("Passkey hanya berfungsi di https://jkn.example").wait_for()
    looks_right(page)


def test_what_was_made_at_another_port_of_this_machine_is_refused(new_page: Pages, settings: Any) -> None:
    settings.JKN_SITE_URL = "http://localhost:1"
    page, user = new_page(DESK), make.staff()
    Virtual(page)
    page.goto("/admin/")
    give_password(page, user)
    page.wait_for_url("**/enrol/")
    page.get_by_role("button", name="Buat passkey").click()
    page.get_by_text("Passkey ini tidak diterima").wait_for()
    looks_right(page)
    assert not Passkey.objects.exists()
    assert TOTPDevice.objects.count() == 0


def test_a_browser_without_passkeys_says_so(new_page: Pages) -> None:
    page, user = new_page(PHONE), make.staff()
    make.passkey(user)
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/admin/")
    give_password(page, user)
    page.get_by_text("Peramban ini tidak mengenal passkey").wait_for()
    looks_right(page)
    page.get_by_role("link", name="kode pemulihan").click()
    page.get_by_label("Kode pemulihan").wait_for()


def test_what_was_typed_outlives_a_question_that_is_forgotten_and_two_clicks_are_one(new_page: Pages) -> None:
    # Given a staff administrator with a passkey, who has typed an invitation after a long look at it
    admin, branch = make.staff(Role.ADMIN), make.branch()
    device = make.authenticator(admin)
    page = new_page(DESK, user=admin)
    Virtual(page)
    page.goto("/admin/second-step/passkeys/add/")
    page.get_by_label("Nama passkey").fill("Laptop kantor")
    page.get_by_label("Kode autentikator").fill(code_of(device))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Buat passkey").press("Enter")
    page.get_by_text("Laptop kantor").wait_for()

    def invite(username: str, nik: str) -> None:
        page.goto("/admin/staff/invite/")
        page.get_by_label("Nama lengkap").fill("Siti Rahma")
        page.get_by_label("Nama pengguna").fill(username)
        page.get_by_label("NIK").fill(nik)
        page.get_by_label("Peran").select_option("operator")
        page.get_by_label("Kantor cabang").select_option(str(branch.pk))
        some_time_ago(admin)
        page.get_by_role("button", name="Undang").click()
        page.get_by_text("Isian Anda tersimpan").wait_for()
        page.wait_for_load_state()  # its script comes after its text

    # When the question of the page is forgotten, then it asks anew, and has lost nothing
    invite("siti.rahma", walk.NIK)
    page.evaluate("document.querySelector('.jkn-passkey').dataset.seconds = 0")
    with page.expect_navigation():
        page.get_by_role("button", name="Pakai passkey").click()
    assert page.locator(".errorlist").count() == 0
    looks_right(page)
    page.get_by_role("button", name="Pakai passkey").click()
    page.get_by_text("hanya ditampilkan sekarang").wait_for()

    # And of two clicks the second does not take the first one's answer away
    invite("siti.rahmi", "3173010101900002")
    page.get_by_label("Kode autentikator").fill(code_of(device, steps=1))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    press = "document.querySelector('form[data-carries] button:not([type])').click()"
    page.evaluate(f"{press}; setTimeout(() => {press}, 20)")
    page.get_by_text("hanya ditampilkan sekarang").wait_for()
    assert len(sent) == 1
    assert User.objects.filter(username="siti.rahmi").exists()
