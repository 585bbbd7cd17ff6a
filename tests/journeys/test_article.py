"""The article's own path in a real browser on a phone of 360 pixels, one test a step, named after it.

`tests/verification/portal/account/test_browser.py` walks it in one go without scripts, and `tests/long` over a network
that is as slow as 2G and breaks.
"""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from participants.models import ParticipantAccount, Peserta
from tests import cases, make
from tests.browser import PHONE, Pages
from tests.verification.portal.account import walk
from tests.verification.portal.account.test_browser import is_good, register
from verification.models import PhoneChangeRequest

pytestmark = pytest.mark.django_db(transaction=True)

OLD = "+6281234567890"


@pytest.fixture
def siti() -> Peserta:
    return make.peserta(name="SITI AMINAH", phone=OLD)


@pytest.fixture
def before(siti: Peserta) -> Client:
    """The browser of Siti, who has an account and is logged in, up to the step that is to be tried."""
    client = Client()
    walk.logged_in(client, siti)
    return client


def opened(new_page: Pages, client: Client, name: str) -> Page:
    """Go on in a real browser, at the page of the account with this name."""
    page = new_page(PHONE)
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": session.key, "value": session.value, "url": new_page.address}])
    page.goto(walk.address(name))
    return page


def test_daftar_with_nik_birth_date_and_the_registered_number(new_page: Pages, siti: Peserta) -> None:
    page = new_page(PHONE)
    page.goto("/")
    page.get_by_role("link", name="Daftar akun").click()
    is_good(page, "Daftar akun")
    register(page, siti.nik, "0812 3456 7890")
    is_good(page, "Masukkan kode")
    walk.worker()
    assert walk.sms_code()


def test_type_the_code_that_came_to_the_registered_number(new_page: Pages, siti: Peserta) -> None:
    client = Client()
    walk.give_proof(client, siti)
    page = opened(new_page, client, "code")
    page.get_by_label("Kode dari SMS").fill(walk.sms_code() or "")
    page.get_by_role("button", name="Lanjutkan").click()
    is_good(page, "Pilih nama pengguna dan kata sandi")


def test_choose_user_name_and_password(new_page: Pages, siti: Peserta) -> None:
    client = Client()
    walk.give_proof(client, siti)
    walk.give_code(client)
    page = opened(new_page, client, "choose")
    page.get_by_label("Nama pengguna").fill(walk.USERNAME)
    page.get_by_label(re.compile("^Kata sandi baru")).fill(walk.PASSWORD)
    page.get_by_label("Ulangi kata sandi baru").fill(walk.PASSWORD)
    page.get_by_role("button", name="Buat akun saya").click()
    is_good(page, "Ubah data")
    assert ParticipantAccount.objects.get().peserta == siti


def test_log_in(new_page: Pages, siti: Peserta) -> None:
    walk.account(siti)
    page = new_page(PHONE)
    page.goto("/")
    page.get_by_role("link", name="Masuk", exact=True).click()
    page.get_by_label("Nama pengguna atau e-mail").fill(walk.USERNAME)
    page.get_by_label("Kata sandi").fill(walk.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    is_good(page, "Ubah data")


def test_ubah_data_peserta(new_page: Pages, before: Client) -> None:
    page = opened(new_page, before, "menu")
    page.get_by_role("link", name="Ubah data peserta").click()
    is_good(page, "Ubah data peserta")
    shown = page.inner_text("main")
    for value in ("SITI AMINAH", "0812-••••-•890", "E-mail", "Segmen peserta"):
        assert value.lower() in shown.lower()


def test_no_handphone_type_the_new_number_and_save(new_page: Pages, before: Client) -> None:
    page = opened(new_page, before, "data")
    page.get_by_role("link", name="Ubah no. handphone").click()
    is_good(page, "No. handphone")
    page.get_by_label("Nomor ponsel baru").fill("0812 9876 5432")
    page.get_by_role("button", name="Simpan").click()
    is_good(page, "Konfirmasi dengan kata sandi Anda")
    assert not PhoneChangeRequest.objects.exists()


def test_confirm_with_the_password_and_a_code_comes_to_the_new_number(new_page: Pages, before: Client) -> None:
    walk.save_phone(before)
    page = opened(new_page, before, "confirm")
    page.get_by_label("Kata sandi Anda").fill(walk.PASSWORD)
    page.get_by_role("button", name="Kirim kode").click()
    is_good(page, "Masukkan kode")
    message = PhoneChangeRequest.objects.get().messages.get()
    assert (message.template, message.to) == ("code", "+6281298765432")


def test_type_the_code_and_the_number_is_replaced(new_page: Pages, before: Client, siti: Peserta) -> None:
    walk.save_phone(before)
    walk.confirm(before)
    page = opened(new_page, before, "phone_code")
    page.get_by_label("Kode dari SMS").fill(cases.code_of(PhoneChangeRequest.objects.get()))
    page.get_by_role("button", name="Lanjutkan").click()
    is_good(page, "Ubah data peserta")
    assert "Nomor Anda sudah diganti: sekarang 0812-••••-•432 yang terdaftar" in page.inner_text("main")
    siti.refresh_from_db()
    assert siti.phone == "+6281298765432"
