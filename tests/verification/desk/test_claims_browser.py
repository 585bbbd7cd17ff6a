"""The warning before a claim lapses, in a real browser whose clock we turn."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import cases
from tests.browser import DESK, PHONE, Pages, assert_accessible
from verification import changes
from verification.models import PhoneChangeRequest

TEXT = "Alamat di KTP berbeda"


def opened(new_page: Pages, *, screen: object = DESK, dark: bool = False) -> tuple[Page, PhoneChangeRequest]:
    """A case claimed just now, open in a browser, with a note begun."""
    case = cases.queued()
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    page = new_page(screen, user=user, dark=dark)  # type: ignore[arg-type]
    page.clock.install()
    page.goto(reverse("admin:verification_case", args=[case.reference]))
    page.locator("summary", has_text="Tinggalkan catatan").click()
    page.locator("#note_note").fill(TEXT)
    return page, case


def pass_time(page: Page, *, minutes: float) -> None:
    page.clock.fast_forward(round(minutes * 60_000))


def test_the_notice_comes_three_minutes_before_the_end_and_alerts_in_the_last_one(new_page: Pages) -> None:
    for screen, dark in ((DESK, False), (PHONE, True)):
        page, _case = opened(new_page, screen=screen, dark=dark)
        box = page.get_by_role("region", name="Klaim Anda")
        button = box.get_by_role("button", name="Pertahankan kasus", include_hidden=True)
        pass_time(page, minutes=16.5)
        expect(button).to_be_hidden()
        expect(box.get_by_role("status")).to_be_empty()
        pass_time(page, minutes=1)
        expect(box.get_by_role("status")).to_contain_text("tiga menit")
        expect(button).to_be_visible()
        assert_accessible(page)
        pass_time(page, minutes=2)
        expect(box.get_by_role("alert")).to_contain_text("kurang dari satu menit")
        expect(box.get_by_role("status")).to_be_empty()
        assert_accessible(page)
        pass_time(page, minutes=1)
        expect(box.get_by_role("alert")).to_contain_text("sudah habis")
        expect(button).to_be_hidden()
        assert_accessible(page)
        expect(page.locator("#note_note")).to_have_value(TEXT)


def test_the_case_is_kept_without_leaving_the_page(new_page: Pages) -> None:
    page, case = opened(new_page)
    PhoneChangeRequest.objects.update(claimed_at=timezone.now() - timedelta(minutes=18))
    pass_time(page, minutes=18)
    page.get_by_role("button", name="Pertahankan kasus").click()
    box = page.get_by_role("region", name="Klaim Anda")
    expect(box.get_by_role("status")).to_contain_text("milik Anda sampai pukul")
    expect(page.locator("#note_note")).to_have_value(TEXT)
    case.refresh_from_db()
    assert case.claimed_at
    assert timezone.now() - case.claimed_at < timedelta(minutes=1)
    pass_time(page, minutes=16)
    expect(box.get_by_role("status")).to_be_empty()
    pass_time(page, minutes=2)
    expect(box.get_by_role("status")).to_contain_text("tiga menit")


def test_one_key_keeps_the_case(new_page: Pages) -> None:
    page, _case = opened(new_page)
    page.locator("h1").click()
    page.keyboard.press("p")
    expect(page.get_by_role("region", name="Klaim Anda").get_by_role("status")).to_contain_text("milik Anda")


def test_who_lost_the_case_is_told_so_and_keeps_the_text(new_page: Pages) -> None:
    page, case = opened(new_page)
    changes.release_stale(at=timezone.now() + timedelta(hours=1))
    colleague = cases.reviewer(case)
    changes.claim(request=case, by=colleague)
    pass_time(page, minutes=18)
    with page.expect_response("**/keep/") as answer:
        page.get_by_role("button", name="Pertahankan kasus").click()
    assert answer.value.status == 409
    box = page.get_by_role("region", name="Klaim Anda")
    expect(box.get_by_role("alert")).to_contain_text(colleague.full_name)
    expect(page.locator("#note_note")).to_have_value(TEXT)
    # Chromium reports the refusal, as it reports every answer from 400 on.
    assert len(new_page.complaints) == 1
    assert "409" in new_page.complaints.pop()
