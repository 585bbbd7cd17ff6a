"""The upload pages in a real browser: accessible at a desk and on a telephone, live with a script, usable without."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from jknoffice.accounts.models import Branch, User
from jknoffice.hands import Hand
from participants.models import ImportUpload, UploadState
from participants.uploads import work
from tests import make
from tests.browser import DESK, PHONE, Pages, assert_accessible
from tests.hands import acting_as
from tests.participants.importing.files import BRANCH, person
from tests.participants.test_browser import LOOKS, assert_fits
from tests.participants.uploads import journey

START = "/admin/participants/importbatch/upload/"
NAME = "peserta november.csv"
ROWS = [person(1), person(2, care_class="9"), person(3, phone="12345"), person(4, nik="12")]


@pytest.fixture(autouse=True)
def branch() -> Branch:
    return make.branch(code=BRANCH, name="Jakarta Pusat")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(journey.text_of(*ROWS))
    return path


def worked() -> None:
    """Let the worker do what waits: in a thread, for this one has the browser's loop, and the server goes on."""

    def run() -> None:
        try:
            with acting_as(Hand.WORKER):
                upload = ImportUpload.objects.get()
                work.check(upload_id=upload.pk)
                work.publish(upload_id=upload.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result(60)


def looked_at(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("look", LOOKS)
def test_a_file_goes_its_whole_way(new_page: Pages, file: Path, look: str) -> None:
    # Given a data admin at the start of the way
    screen, dark = LOOKS[look]
    page = new_page(screen, user=journey.data_admin(), dark=dark)
    page.goto("/admin/")
    page.get_by_role("link", name="Unggah berkas").click()
    looked_at(page, "Berkas yang menunggu")
    # When a file is uploaded, its columns and rows are shown
    page.get_by_label("Berkas berisi data peserta").set_input_files(file)
    page.get_by_role("button", name="Unggah", exact=True).click()
    looked_at(page, "Baris-baris pertama sebagaimana akan dibaca")
    # And the dry run goes on in the background, until the page shows its report by itself
    page.get_by_role("button", name="Mulai uji coba").click()
    looked_at(page, "Uji coba sedang berjalan")
    worked()
    looked_at(page, "Yang akan dilakukan impor")
    # When a wrong name is typed, nothing happens
    page.get_by_label("Ketik nama berkas").fill("salah.csv")
    page.get_by_role("button", name="Impor ke data peserta").click()
    expect(page.get_by_text("Ini bukan nama berkas tersebut.")).to_be_visible()
    assert_accessible(page)
    # When the name is typed, the import goes on, and ends on the page of the batch
    page.get_by_label("Ketik nama berkas").fill(NAME)
    page.keyboard.press("Enter")
    looked_at(page, "Impor sedang berjalan")
    worked()
    looked_at(page, "Hasil impor")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh baris yang ditolak (CSV)").click()
    assert download.value.suggested_filename == "rejects.csv"


def test_the_way_needs_no_script(new_page: Pages, file: Path) -> None:
    user = journey.data_admin()
    context = new_page.browser.new_context(base_url=new_page.address, java_script_enabled=False, locale="id-ID")
    cookie = make.logged_in(user).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": new_page.address}])
    page = context.new_page()
    page.goto(START)
    page.get_by_label("Berkas berisi data peserta").set_input_files(file)
    page.get_by_role("button", name="Unggah", exact=True).click()
    page.get_by_role("button", name="Mulai uji coba").click()
    expect(page.get_by_role("heading", name="Uji coba sedang berjalan")).to_be_visible()
    worked()
    page.get_by_role("link", name="Lihat lagi").click()
    page.get_by_label("Ketik nama berkas").fill(NAME)
    page.get_by_role("button", name="Impor ke data peserta").click()
    expect(page.get_by_role("heading", name="Impor sedang berjalan")).to_be_visible()
    worked()
    page.get_by_role("link", name="Lihat lagi").click()
    expect(page.get_by_role("heading", name="Hasil impor")).to_be_visible()
    context.close()


def test_progress_is_live(new_page: Pages) -> None:
    user = journey.data_admin()
    upload = standing(user, UploadState.CHECKING)
    page = new_page(user=user)
    page.goto(journey.page("show", upload))
    expect(page.get_by_text("Menunggu giliran.")).to_be_visible()
    ImportUpload.objects.update(phase="reading", rows_read=250_000, rows_expected=1_000_000)
    expect(page.get_by_text("250.000 dari sekitar 1.000.000 baris")).to_be_visible()
    assert page.locator("progress").get_attribute("value") == "250000"
    ImportUpload.objects.update(phase="busy")
    expect(page.get_by_text("Impor lain sedang berjalan.")).to_be_visible()
    assert_accessible(page)


def test_what_is_too_large_is_not_even_sent(new_page: Pages, tmp_path: Path, settings: object) -> None:
    user = journey.data_admin()
    page = new_page(user=user)
    settings.UPLOAD_MAX_BYTES = 1024  # type: ignore[attr-defined]
    page.goto(START)
    large = tmp_path / "besar.csv"
    large.write_bytes(b"x" * 1025)
    page.get_by_label("Berkas berisi data peserta").set_input_files(large)
    expect(page.get_by_text("Berkas terlalu besar untuk halaman ini.")).to_be_visible()
    page.get_by_role("button", name="Unggah", exact=True).click()
    assert_accessible(page)
    assert page.url.endswith(START)
    assert not ImportUpload.objects.exists()


def standing(user: User, state: UploadState, **given: object) -> ImportUpload:
    now = timezone.now()
    defaults = {"file_name": NAME, "size": 2048, "sha256": "0" * 64, "uploaded_by": user, "state": state}
    work = {"ordered_by": user, "ordered_at": now, "reading": {"header": ["nik"]}}
    return ImportUpload.objects.create(uploaded_at=now, moved_at=now, as_of=now, **(defaults | work | given))


WRONG: dict[str, Callable[[Page, User, Path], object]] = {
    "failed": lambda page, user, _path: page.goto(
        journey.page(
            "show", standing(user, UploadState.FAILED, fault_said="Tanggal ditulis dengan lebih dari satu cara.")
        )
    ),
    "removed": lambda page, user, _path: page.goto(journey.page("show", standing(user, UploadState.REMOVED))),
    "imports": lambda page, _user, _path: page.goto(reverse("admin:participants_importbatch_changelist")),
}


@pytest.mark.parametrize("look", [(DESK, False), (PHONE, True)], ids=["desk", "phone, dark"])
@pytest.mark.parametrize("wrong", WRONG)
def test_the_other_pages_are_accessible(
    new_page: Pages, file: Path, wrong: str, look: tuple[dict[str, int], bool]
) -> None:
    user = journey.data_admin()
    page = new_page(look[0], user=user, dark=look[1])  # type: ignore[arg-type]
    WRONG[wrong](page, user, file)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)
    if wrong != "imports":
        assert_fits(page)


def test_a_wrong_file_is_told_beside_its_field(new_page: Pages, tmp_path: Path) -> None:
    page = new_page(PHONE, user=journey.data_admin())
    page.goto(START)
    empty = tmp_path / "kosong.csv"
    empty.write_bytes(b"\n")
    page.get_by_label("Berkas berisi data peserta").set_input_files(empty)
    page.get_by_role("button", name="Unggah", exact=True).click()
    expect(page.get_by_text("Berkas kosong.")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    assert not list(Path(settings.UPLOAD_FOLDER).glob("*"))
