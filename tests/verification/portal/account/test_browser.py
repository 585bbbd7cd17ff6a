"""The article's path in a real browser without scripts (`tests/journeys` has its steps with them), and other pages."""

import re

import pytest
from playwright.sync_api import Page

from tests import cases, make
from tests.browser import DESK, PHONE, Pages, assert_accessible
from tests.verification.portal.account import walk
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


def is_good(page: Page, heading: str) -> None:
    """Wait for a page by its heading, and check that it fits, can be pressed, and has no violation."""
    page.get_by_role("heading", name=heading, level=1, exact=True).wait_for()
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    small = page.evaluate(
        """[...document.querySelectorAll('main button, main a, main input:not([type=hidden])')]
        .filter(e => e.getBoundingClientRect().height < 44 && !e.closest('li, p:not(.jkn-actions), [aria-hidden]'))
        .map(e => e.outerHTML)"""
    )
    assert small == [], page.url
    assert_accessible(page)


def _without_scripts(new_page: Pages) -> Page:
    page = new_page(PHONE, locale="id-ID")
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=new_page.address, viewport=PHONE, locale="id-ID", java_script_enabled=False
    )
    return context.new_page()


def register(page: Page, nik: str, phone: str) -> None:
    page.get_by_label("NIK atau nomor kartu BPJS").fill(nik)
    page.get_by_label("Tanggal lahir").fill("17051990")
    page.get_by_label("Nomor ponsel yang terdaftar di BPJS").fill(phone)
    page.get_by_role("button", name="Lanjutkan").click()


def test_a_participant_registers_and_changes_the_number_without_scripts(new_page: Pages) -> None:
    peserta = make.peserta(phone="+6281234567890")
    page = _without_scripts(new_page)

    def arrive(heading: str) -> None:
        page.get_by_role("heading", name=heading, level=1, exact=True).wait_for()

    page.goto("/")
    page.get_by_role("link", name="Daftar akun").click()
    arrive("Daftar akun")
    register(page, peserta.nik, "0812 3456 7890")
    arrive("Masukkan kode")
    walk.worker()
    page.get_by_label("Kode dari SMS").fill(walk.sms_code() or "")
    page.get_by_role("button", name="Lanjutkan").click()
    arrive("Pilih nama pengguna dan kata sandi")
    page.get_by_label("Nama pengguna").fill(walk.USERNAME)
    page.get_by_label(re.compile("^Kata sandi baru")).fill(walk.PASSWORD)
    page.get_by_label("Ulangi kata sandi baru").fill(walk.PASSWORD)
    page.get_by_role("button", name="Buat akun saya").click()
    arrive("Ubah data")
    page.get_by_role("link", name="Ubah data peserta").click()
    arrive("Ubah data peserta")
    page.get_by_role("link", name="Ubah no. handphone").click()
    arrive("No. handphone")
    page.get_by_label("Nomor ponsel baru").fill("0812 9876 5432")
    page.get_by_role("button", name="Simpan").click()
    arrive("Konfirmasi dengan kata sandi Anda")
    page.get_by_label("Kata sandi Anda").fill(walk.PASSWORD)
    page.get_by_role("button", name="Kirim kode").click()
    arrive("Masukkan kode")
    page.get_by_label("Kode dari SMS").fill(cases.code_of(PhoneChangeRequest.objects.get()))
    page.get_by_role("button", name="Lanjutkan").click()
    arrive("Ubah data peserta")
    assert "Nomor Anda sudah diganti: sekarang 0812-••••-•432 yang terdaftar" in page.inner_text("main")
    assert PhoneChangeRequest.objects.get().status == Status.APPLIED
    # Back and reload neither fail nor change anything again.
    page.go_back()
    page.reload()
    assert PhoneChangeRequest.objects.count() == 1
    page.context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_other_pages_are_readable_in_either_light(new_page: Pages, dark: bool) -> None:
    account = walk.account(make.peserta(email="siti@contoh.id", status="SUSPENDED"))
    page = new_page(DESK if dark else PHONE, dark=dark)
    page.goto("/account/login/")
    page.get_by_label("Nama pengguna atau e-mail").fill("nobody")
    page.get_by_label("Kata sandi").fill("wrong")
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("alert").wait_for()
    is_good(page, "Masuk")
    page.goto("/account/password/forgotten/")
    is_good(page, "Lupa kata sandi")
    page.goto("/account/login/")
    page.get_by_label("Nama pengguna atau e-mail").fill(account.username)
    page.get_by_label("Kata sandi").fill(walk.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    is_good(page, "Ubah data")
    cases.queued(peserta=account.peserta)
    for address, heading in (
        ("data", "Ubah data peserta"),
        ("email", "Alamat e-mail"),
        ("password", "Ubah kata sandi"),
    ):
        page.goto(walk.address(address))
        is_good(page, heading)
