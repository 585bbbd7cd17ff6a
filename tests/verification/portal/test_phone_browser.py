"""The participants' door on a phone: without scripts, with large photos, and by links."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import cases, make, pictures
from tests.browser import PHONE, Pages
from tests.verification.portal import walk
from tests.verification.portal.test_browser import _fits, _type_data
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_works_without_scripts_and_after_a_closed_browser(new_page: Pages, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(pictures.photo())

    def opened() -> Page:
        context = new_page.browser.new_context(
            base_url=new_page.address, viewport=PHONE, locale="en-GB", java_script_enabled=False
        )
        return context.new_page()

    page = opened()
    page.goto("/request/")
    _type_data(page, make.peserta().nik)
    page.wait_for_url("**/request/ktp/")
    page.get_by_label("Photo").set_input_files(photo)
    page.get_by_role("button", name="Send photo").click()
    page.wait_for_url("**/request/card/")
    page.get_by_role("button", name="Save, and continue later").click()
    link = page.get_by_role("link", name="/d/").inner_text()
    page.context.close()
    # In another browser, the next day
    page = opened()
    page.goto(link)
    page.wait_for_url("**/request/card/")
    page.get_by_label("Photo").set_input_files(photo)
    page.get_by_role("button", name="Send photo").click()
    page.wait_for_url("**/request/check/")
    page.get_by_role("button", name="Send, and get the code").click()
    page.wait_for_url("**/request/code/")
    page.get_by_label("Code from the SMS").fill(cases.code_of(walk.newest()))
    page.get_by_role("button", name="Confirm my number").click()
    page.wait_for_url("**/request/done/")
    assert PhoneChangeRequest.objects.get().status == Status.QUEUED


def test_a_large_photo_is_made_smaller_before_it_is_sent(new_page: Pages, tmp_path: Path) -> None:
    photo = tmp_path / "large.jpg"
    photo.write_bytes(pictures.photo(size=(4000, 3000)))
    page = new_page(PHONE, locale="en-GB")
    page.goto("/request/")
    _type_data(page, make.peserta().nik)
    page.wait_for_url("**/request/ktp/")
    _fits(page)
    chosen = page.get_by_label("Photo")
    assert chosen.get_attribute("capture") == "environment"
    chosen.set_input_files(photo)
    size = page.evaluate(
        """new Promise((done) => {
            const look = () => {
                const [file] = document.querySelector("input[type=file]").files;
                return file.name === "large.jpg" ? setTimeout(look, 50) : done(createImageBitmap(file));
            };
            look();
        }).then((picture) => [picture.width, picture.height])"""
    )
    assert size == [2400, 1800]
    page.get_by_role("button", name="Send photo").click()
    page.wait_for_url("**/request/card/")
    page.get_by_role("button", name="Save, and continue later").click()
    page.get_by_role("heading", name="Continue later").wait_for()
    _fits(page)


@pytest.mark.parametrize("dark", [False, True])
def test_the_old_number_objects_and_the_new_one_proves_itself(new_page: Pages, dark: bool) -> None:
    request = cases.in_state(Status.ON_HOLD)
    page = new_page(PHONE, dark=dark, locale="en-GB")
    page.goto(walk.not_me(request))
    _fits(page)
    page.get_by_role("button", name="This was not me").click()
    page.wait_for_url("**/n/")
    _fits(page)
    request.refresh_from_db()
    assert request.status == Status.FROZEN
    page.goto(walk.private(cases.in_state(Status.NEEDS_INFO)))
    page.wait_for_url("**/status/request/")
    _fits(page)
    other = cases.queued()
    page.goto("/status/")
    page.get_by_label("Reference").fill(str(other))
    page.get_by_label("Date of birth").fill(f"{other.birth_date:%d/%m/%Y}")
    page.get_by_role("button", name="Show my request").click()
    page.wait_for_url("**/status/request/")
    page.get_by_role("link", name="Withdraw this request").click()
    page.wait_for_url("**/status/proof/")
    _fits(page)
