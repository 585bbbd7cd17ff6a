"""The desk's single keys, in a real browser."""

from django.urls import reverse
from playwright.sync_api import Page

from tests import cases, make
from tests.browser import Pages, assert_accessible
from verification.models import PhoneChangeRequest
from verification.states import Status


def opened(new_page: Pages) -> tuple[Page, PhoneChangeRequest]:
    """A desk with one waiting counter case, looked at by a colleague."""
    enters = make.staff()
    case = cases.queued(by=enters)
    page = new_page(user=make.staff(branch=enters.branch))
    page.goto(reverse("admin:verification_queue"))
    return page, case


def status_of(case: PhoneChangeRequest) -> str:
    case.refresh_from_db()
    return case.status


def test_one_key_takes_a_case_and_two_decide_it(new_page: Pages) -> None:
    page, case = opened(new_page)
    with page.expect_navigation():
        page.keyboard.press("n")
    page.keyboard.press("v")
    with page.expect_navigation():
        page.keyboard.press("a")
    assert status_of(case) == Status.APPLIED


def test_a_key_opens_a_form_and_puts_the_cursor_into_it(new_page: Pages) -> None:
    page, case = opened(new_page)
    with page.expect_navigation():
        page.keyboard.press("n")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    # What is typed there is typed, and presses nothing.
    page.keyboard.press("a")
    assert status_of(case) == Status.IN_REVIEW


def test_the_keys_are_shown_and_can_be_switched_off_for_good(new_page: Pages) -> None:
    page, case = opened(new_page)
    page.keyboard.press("?")
    panel = page.get_by_role("region", name="Tombol pintas")
    assert "Ambil kasus berikutnya" in panel.inner_text()
    assert_accessible(page)
    panel.get_by_role("button").click()
    page.reload()
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert status_of(case) == Status.QUEUED
    page.keyboard.press("?")
    page.get_by_role("button", name="Aktifkan tombol pintas").click()
    with page.expect_navigation():
        page.keyboard.press("n")
    assert status_of(case) == Status.IN_REVIEW


def test_ten_cases_are_decided_by_keyboard_and_the_next_opens_by_itself(new_page: Pages) -> None:
    enters = make.staff()
    waiting = [cases.queued(by=enters) for _ in range(10)]
    page = new_page(user=make.staff(branch=enters.branch))
    page.goto(reverse("admin:verification_queue"))
    with page.expect_navigation():
        page.keyboard.press("n")
    for case in sorted(waiting, key=lambda case: case.submitted_at):
        page.keyboard.press("v")
        with page.expect_navigation():
            page.keyboard.press("a")
        # What was done has the focus, so that a screen reader says it.
        assert f"{case} disetujui" in page.evaluate("document.activeElement.innerText")
    assert {status_of(case) for case in waiting} == {Status.APPLIED}
    assert page.url.endswith(reverse("admin:verification_queue"))
