"""The participants' door in a real browser, on a phone and at a desk."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import cases, make, pictures
from tests.browser import DESK, PHONE, Pages, assert_accessible
from tests.verification.portal import walk
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(pictures.photo())
    return path


def _fits(page: Page) -> None:
    """Check that nothing is wider than the screen and everything to press is large enough."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    small = page.evaluate(
        """[...document.querySelectorAll('main button, main a, main input:not([type=radio]):not([type=hidden])')]
        .filter(e => e.getBoundingClientRect().height < 44 && !e.closest('li, p:not(.jkn-actions), [aria-hidden]'))
        .map(e => e.outerHTML)"""
    )
    assert small == [], page.url
    assert_accessible(page)


def _type_data(page: Page, nik: str) -> None:
    page.get_by_label("NIK or BPJS card number").fill(nik)
    page.get_by_label("Date of birth").fill("17051990")
    page.get_by_label("New mobile number").fill("0812 9876 5432")
    page.get_by_label("Phone lost or stolen").check()
    page.get_by_role("button", name="Continue").click()


def test_a_participant_on_a_phone_goes_all_the_way(new_page: Pages, photo: Path) -> None:
    peserta = make.peserta()
    page = new_page(PHONE, locale="en-GB")
    page.goto("/")
    _fits(page)
    page.get_by_role("link", name="Start now").click()
    # A mistake: the summary has the focus, and its link leads to the field
    _type_data(page, "317")
    _fits(page)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    _type_data(page, peserta.nik)
    for _ in range(2):
        _fits(page)
        page.get_by_label("Photo").set_input_files(photo)
        page.get_by_role("button", name="Send photo").click()
    _fits(page)
    page.get_by_role("button", name="Send, and get the code").click()
    _fits(page)
    page.get_by_label("Code from the SMS").fill(cases.code_of(walk.newest()))
    page.get_by_role("button", name="Confirm my number").click()
    _fits(page)
    assert str(walk.newest()) in page.inner_text("main")
    # Back and reload neither fail nor send anything again
    page.go_back()
    page.reload()
    assert PhoneChangeRequest.objects.count() == 1
    assert walk.newest().status == Status.QUEUED


@pytest.mark.parametrize("status", [Status.NEEDS_INFO, Status.ON_HOLD, Status.REJECTED, Status.UNMATCHED])
@pytest.mark.parametrize("dark", [False, True])
def test_the_status_page_is_readable_in_either_light(status: Status, dark: bool, new_page: Pages) -> None:
    request = cases.in_state(status)
    page = new_page(PHONE if dark else DESK, dark=dark, locale="en-GB")
    page.goto("/status/")
    _fits(page)
    page.get_by_label("Reference").fill(str(request).lower())
    page.get_by_label("Date of birth").fill(f"{request.birth_date:%d/%m/%Y}")
    page.get_by_role("button", name="Show my request").click()
    _fits(page)
