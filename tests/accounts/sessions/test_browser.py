"""The pages about sessions in a real browser, by keyboard."""

from datetime import timedelta

import pytest

from jknoffice.accounts.roles import Role
from tests import make
from tests.accounts.test_browser import looks_right
from tests.browser import DESK, PHONE, Pages
from tests.verification.portal.walk import clock

pytestmark = pytest.mark.django_db(transaction=True)


def test_sessions_are_looked_at_and_ended(new_page: Pages) -> None:
    admin, colleague = make.staff(Role.ADMIN), make.staff()
    page, there = new_page(PHONE, user=admin, dark=True), make.logged_in(admin)
    make.logged_in(colleague)

    page.goto("/admin/")
    page.get_by_role("link", name="Sesi saya").press("Enter")
    page.get_by_role("heading", name="Sesi saya").wait_for()
    looks_right(page)
    page.get_by_role("link", name="Akhiri sesi ini").press("Enter")
    page.get_by_role("heading", name="Akhiri sesi").wait_for()
    looks_right(page)
    page.keyboard.type(make.PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("1 sesi telah diakhiri").wait_for()
    assert there.get("/admin/").status_code == 302
    looks_right(page)

    page.goto(f"/admin/accounts/user/{colleague.pk}/change/")
    page.get_by_role("link", name="Sesi", exact=True).press("Enter")
    page.get_by_role("heading", name=colleague.full_name).wait_for()
    looks_right(page)
    page.get_by_label("Alasan").select_option("suspicion")
    page.get_by_role("button", name="Akhiri semua sesi").press("Enter")
    page.get_by_text("Tidak ada sesi yang terbuka").wait_for()
    looks_right(page)


def test_a_page_says_that_its_session_ends_and_shows_nothing_after_it(new_page: Pages) -> None:
    with clock() as passes:
        page = new_page(DESK, user=make.staff())

        def wait(minutes: int) -> None:
            passes(timedelta(minutes=minutes))
            page.clock.fast_forward(minutes * 60_000)

        page.clock.install()
        page.goto("/admin/sessions/")
        wait(12)
        assert page.get_by_role("alert").is_hidden()
        wait(2)
        page.get_by_role("alert").get_by_text("berakhir dalam dua menit").wait_for()
        looks_right(page)
        page.get_by_role("button", name="Tetap masuk").press("Enter")
        page.get_by_role("alert").wait_for(state="hidden")
        wait(14)
        page.get_by_role("alert").get_by_text("berakhir dalam dua menit").wait_for()
        wait(2)
        page.get_by_text("Sesi Anda sudah berakhir").wait_for()
        assert page.url.endswith("/admin/login/?next=/admin/sessions/")
