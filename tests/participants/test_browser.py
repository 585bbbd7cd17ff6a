"""The register's pages in a real browser: usable by keyboard and without scripts, at a desk and on a telephone."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from participants import identifiers
from participants.models import Peserta
from tests import make
from tests.browser import DESK, PHONE, Pages, assert_accessible

SEARCH = "/admin/participants/peserta/"
BOX = "NIK, KK, nomor kartu, nomor ponsel, atau nama dengan tanggal lahir"
LOOKS = {"desk": (DESK, False), "desk, dark": (DESK, True), "phone": (PHONE, False), "phone, dark": (PHONE, True)}


def family() -> Peserta:
    """Somebody whose NIK is odd, with a child that has the same number."""
    siti = make.peserta(name="SITI NUR AMINAH BINTI ABDULLAH", sex="F", email="siti@contoh.id", phone="+6281234567890")
    make.peserta(name="BAYU PUTRA", kk_number=siti.kk_number, phone=siti.phone, relation="CHILD")
    return siti


def assert_fits(page: Page) -> None:
    """Fail when the page has to be scrolled sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("look", LOOKS)
def test_a_person_is_found_looked_at_and_opened(new_page: Pages, look: str) -> None:
    siti = family()
    screen, dark = LOOKS[look]
    page = new_page(screen, user=make.staff(), dark=dark)
    page.goto(SEARCH)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label(BOX).fill("0812 3456 7890")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name=siti.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(siti.name)
    expect(page.get_by_text(identifiers.mask(siti.nik))).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Alasan").select_option("on_the_line")
    page.get_by_role("button", name="Tampilkan: Nomor ponsel").click()
    expect(page.get_by_text("0812-3456-7890", exact=True)).to_be_visible()
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("look", LOOKS)
def test_a_misspelt_name_leads_to_similar_ones_page_by_page(new_page: Pages, look: str) -> None:
    user = make.staff()
    for number in range(26):
        make.peserta(name=f"SITI AMINAH {chr(65 + number)}", branch=user.branch, phone="+6281234567890")
    screen, dark = LOOKS[look]
    page = new_page(screen, user=user, dark=dark)
    page.goto(SEARCH)
    page.get_by_label(BOX).fill("siti aminah")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(25)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Tampilkan berikutnya").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label(BOX).fill("siti aminnah")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nama-nama berikut mirip")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(25)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("look", LOOKS)
def test_the_family_and_whoever_has_the_number_are_one_step_away(new_page: Pages, look: str) -> None:
    siti = family()
    screen, dark = LOOKS[look]
    page = new_page(screen, user=make.staff(), dark=dark)
    for link, heading in (
        ("Seluruh keluarga", "Keluarga"),
        ("Siapa lagi yang memakai nomor ini?", "Peserta dengan nomor ponsel ini"),
    ):
        page.goto(f"{SEARCH}{siti.uuid}/")
        page.get_by_role("link", name=link).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(page.locator("tbody tr")).to_have_count(1)
        assert_accessible(page)
        assert_fits(page)


def test_a_stroke_leads_into_the_box(new_page: Pages) -> None:
    siti = family()
    Peserta.objects.filter(pk=siti.pk).update(birth_date=date(1988, 3, 12))
    page = new_page(user=make.staff())
    page.goto(SEARCH)
    page.keyboard.press("/")
    expect(page.get_by_label(BOX)).to_be_focused()
    page.keyboard.type("siti aminah 12/03/1988")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=siti.name)).to_be_visible()


def test_what_is_wrong_is_told_beside_its_field(new_page: Pages) -> None:
    page = new_page(PHONE, user=make.staff())
    page.goto(SEARCH)
    page.get_by_label(BOX).fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tulis salah satu: NIK atau nomor KK (16 angka)")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
