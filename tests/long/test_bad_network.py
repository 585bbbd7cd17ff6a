"""A participant's phone on 2G, on a line that breaks wherever it hurts: nothing is lost, and nothing happens twice."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from participants.models import ParticipantAccount
from tests import cases, make
from tests.browser import PHONE, Pages
from tests.long.line import Line, slow_down
from tests.verification.portal import walk
from tests.verification.portal.account import walk as account_walk
from tests.verification.portal.test_browser import _type_data
from verification.models import OutboxMessage, PhoneChangeRequest, PhoneCode
from verification.states import Status

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"]),
]

Open = Callable[..., Page]
LONGEST = 60_000
"""Milliseconds that a page may take to come: the photo's way alone is ten seconds."""


@pytest.fixture
def line(new_page: Pages) -> Iterator[Line]:
    line = Line(new_page.address)
    yield line
    line.close()


@pytest.fixture
def opened(new_page: Pages, line: Line, scripts: bool) -> Open:
    """Opens a browser's window on a slow phone, with cookies of its own."""

    def opened(locale: str = "en-GB") -> Page:
        context = new_page.browser.new_context(
            base_url=line.address, viewport=PHONE, locale=locale, java_script_enabled=scripts
        )
        page = context.new_page()
        page.set_default_timeout(LONGEST)
        slow_down(page)
        return page

    return opened


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo with the noise of a sensor: some 60 kB."""
    out = io.BytesIO()
    Image.effect_noise((700, 440), 20).convert("RGB").save(out, "JPEG", quality=50)
    path = tmp_path / "photo.jpg"
    path.write_bytes(out.getvalue())
    assert 40_000 < len(out.getvalue()) < 90_000
    return path


def press(page: Page, name: str) -> None:
    """Press a button, whatever becomes of it."""
    page.get_by_role("button", name=name).click(no_wait_after=True)


def broken(page: Page) -> None:
    """Wait until the browser says that the line broke."""
    while not page.url.startswith("chrome-error:"):
        page.wait_for_timeout(100)
    page.wait_for_load_state()
    page.wait_for_timeout(500)  # a reload while the browser is still changing to its own page fails


def again(page: Page) -> None:
    """Reload what did not come: the browser sends the form once more."""
    page.reload()


def test_lost_access(opened: Open, line: Line, photo: Path) -> None:
    peserta = make.peserta()
    page = opened()
    page.goto("/request/")
    with line.cut("/request/"):
        _type_data(page, peserta.nik)
        broken(page)
    again(page)
    page.wait_for_url("**/request/ktp/")

    # The photo stops half way, and is sent once more
    with line.cut("/request/ktp/", after=20_000):
        page.get_by_label("Photo").set_input_files(photo)
        press(page, "Send photo")
        broken(page)
    again(page)
    page.wait_for_url("**/request/card/")

    # The browser is closed while the second one is under way, and another one goes on by the private link
    press(page, "Save, and continue later")
    page.wait_for_url("**/request/save/")
    link = page.get_by_role("link", name="/d/").inner_text()
    page.get_by_role("link", name="Continue now").click()
    page.wait_for_url("**/request/card/")
    with line.cut("/request/card/", after=20_000):
        page.get_by_label("Photo").set_input_files(photo)
        press(page, "Send photo")
        broken(page)
    page.context.close()
    page = opened()
    page.goto(link)
    page.wait_for_url("**/request/card/")
    page.get_by_label("Photo").set_input_files(photo)
    press(page, "Send photo")
    page.wait_for_url("**/request/check/")

    # The request is made, but the answer is lost
    with line.cut("/request/check/"):
        press(page, "Send, and get the code")
        broken(page)
    assert PhoneChangeRequest.objects.count() == 1
    again(page)
    page.wait_for_url("**/request/code/")
    with line.cut("/request/code/"):
        page.get_by_label("Code from the SMS").fill(cases.code_of(walk.newest()))
        press(page, "Confirm my number")
        broken(page)
    again(page)
    page.wait_for_url("**/request/done/")

    request = PhoneChangeRequest.objects.get()
    assert str(request) in page.inner_text("main")
    assert (request.status, request.peserta, request.documents.count()) == (Status.QUEUED, peserta, 2)
    assert PhoneCode.objects.count() == 1
    assert OutboxMessage.objects.filter(template="code").count() == 1
    assert OutboxMessage.objects.filter(template="received_new").count() == 1
    page.context.close()


def test_the_article_s_own_path(opened: Open, line: Line) -> None:
    peserta = make.peserta(phone="+6281234567890")
    page = opened("id-ID")
    page.goto("/account/register/")
    page.get_by_label("NIK atau nomor kartu BPJS").fill(peserta.nik)
    page.get_by_label("Tanggal lahir").fill("17051990")
    page.get_by_label("Nomor ponsel yang terdaftar di BPJS").fill("0812 3456 7890")
    press(page, "Lanjutkan")
    page.wait_for_url("**/account/code/")
    account_walk.worker()
    with line.cut("/account/code/"):
        page.get_by_label("Kode dari SMS").fill(account_walk.sms_code() or "")
        press(page, "Lanjutkan")
        broken(page)
    again(page)
    page.wait_for_url("**/register/choose/")

    # The account is made, but the answer is lost, and with it the log-in: the next page says so
    with line.cut("/account/register/choose/"):
        page.get_by_label("Nama pengguna").fill(account_walk.USERNAME)
        page.get_by_label(re.compile("^Kata sandi baru")).fill(account_walk.PASSWORD)
        page.get_by_label("Ulangi kata sandi baru").fill(account_walk.PASSWORD)
        press(page, "Buat akun saya")
        broken(page)
    again(page)
    page.wait_for_url("**/account/login/")
    assert "Mungkin sudah berhasil pada kiriman pertama" in page.inner_text("main")
    assert ParticipantAccount.objects.count() == 1
    with line.cut("/account/login/"):
        page.get_by_label("Nama pengguna atau e-mail").fill(account_walk.USERNAME)
        page.get_by_label("Kata sandi").fill(account_walk.PASSWORD)
        press(page, "Masuk")
        broken(page)
    again(page)
    page.wait_for_url("**/account/")

    page.goto("/account/phone/")
    with line.cut("/account/phone/"):
        page.get_by_label("Nomor ponsel baru").fill("0812 9876 5432")
        press(page, "Simpan")
        broken(page)
    again(page)
    page.wait_for_url("**/account/confirm/")
    with line.cut("/account/confirm/"):
        page.get_by_label("Kata sandi Anda").fill(account_walk.PASSWORD)
        press(page, "Kirim kode")
        broken(page)
    again(page)
    page.wait_for_url("**/phone/code/")
    with line.cut("/account/phone/code/"):
        page.get_by_label("Kode dari SMS").fill(cases.code_of(PhoneChangeRequest.objects.get()))
        press(page, "Lanjutkan")
        broken(page)
    again(page)
    page.wait_for_url("**/account/data/")
    assert "Nomor Anda sudah diganti: sekarang 0812-••••-•432 yang terdaftar" in page.inner_text("main")

    request = PhoneChangeRequest.objects.get()
    peserta.refresh_from_db()
    assert (request.status, peserta.phone) == (Status.APPLIED, "+6281298765432")
    assert OutboxMessage.objects.filter(request=request, template="code").count() == 1
    assert OutboxMessage.objects.filter(template="applied_old").count() == 1
    page.context.close()
