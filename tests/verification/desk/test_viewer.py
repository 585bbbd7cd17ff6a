"""The photos of a case in a real browser: zoomed, moved and turned by keyboard, mouse and touch."""

from collections.abc import Callable

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from playwright.sync_api import Locator, Page

from jknoffice.accounts.models import User
from jknoffice.audit.models import AuditLog
from tests import cases
from tests.browser import DESK, PHONE, Pages, assert_accessible
from verification import changes
from verification.models import PhoneChangeRequest
from verification.states import Status


def opened(new_page: Pages) -> tuple[Page, Locator, PhoneChangeRequest]:
    """The page of a case that is held, and the stage of its KTP."""
    user, case = held()
    page = new_page(user=user)
    page.goto(reverse("admin:verification_case", args=[case.reference]))
    page.locator(".jkn-viewer-stage:not([aria-busy]) img").nth(1).wait_for()
    return page, page.locator(".jkn-viewer-stage").first, case


def held() -> tuple[User, PhoneChangeRequest]:
    case = cases.queued()
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    return user, case


def place(stage: Locator) -> tuple[float, float, float, int]:
    """How a photo lies: its zoom, how far it was moved right and down, and its turn in degrees."""
    x, y, turn, zoom = stage.locator("img").evaluate(
        "img => img.style.transform.match(/-?[0-9.]+/g).map(Number)",
    )
    return zoom, x, y, int(turn)


def middle(stage: Locator) -> tuple[float, float]:
    box = stage.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_keyboard_zooms_moves_and_resets_the_chosen_photo_alone(new_page: Pages) -> None:
    page, stage, _ = opened(new_page)
    other = page.locator(".jkn-viewer-stage").nth(1)
    stage.focus()
    for _ in range(4):
        page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    zoom, x, y, turn = place(stage)
    assert (round(zoom, 2), x, y, turn) == (2.44, -40, -40, 0)
    assert place(other) == (1, 0, 0, 0)
    assert "KTP: pembesaran 244 %" in page.locator(".jkn-viewer-said").inner_text()
    page.keyboard.press("-")
    assert round(place(stage)[0], 2) == 1.95
    page.keyboard.press("0")
    assert place(stage) == (1, 0, 0, 0)


def test_a_photo_is_never_moved_out_of_sight(new_page: Pages) -> None:
    page, stage, _ = opened(new_page)
    stage.focus()
    page.keyboard.press("ArrowRight")
    assert place(stage) == (1, 0, 0, 0)
    page.keyboard.press("+")
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    box, image = stage.bounding_box(), stage.locator("img").bounding_box()
    assert box
    assert image
    assert image["x"] + image["width"] >= box["x"] + box["width"] - 1


@pytest.mark.parametrize(("key", "turns"), [("]", [90, 180, 270, 360]), ("[", [-90, -180, -270, -360])])
def test_a_key_turns_by_a_quarter_and_the_photo_still_fits(new_page: Pages, key: str, turns: list[int]) -> None:
    page, stage, _ = opened(new_page)
    page.emulate_media(reduced_motion="reduce")
    for turn in turns:
        page.keyboard.press(key)
        assert place(stage)[3] == turn
        box, image = stage.bounding_box(), stage.locator("img").bounding_box()
        assert box
        assert image
        drawn = stage.locator("img").evaluate("img => Number(img.style.transform.match(/scale\\((.*)\\)/)[1])")
        assert drawn <= 1
    assert place(stage)[0] == 1


def test_the_mouse_zooms_by_double_click_and_wheel_and_drags(new_page: Pages) -> None:
    page, stage, _ = opened(new_page)
    x, y = middle(stage)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -100)
    page.wait_for_timeout(100)
    assert place(stage)[0] == 1  # until it is chosen, the wheel scrolls the page
    x, y = middle(stage)
    page.mouse.dblclick(x, y)
    assert round(place(stage)[0], 2) == 2.44
    _, right, down, _ = place(stage)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20)
    page.mouse.up()
    _, x_now, y_now, _ = place(stage)
    assert (round(x_now - right), round(y_now - down)) == (30, 20)
    page.mouse.wheel(0, -100)
    page.wait_for_function("document.querySelector('.jkn-viewer-stage img').style.transform.includes('scale(3.05')")
    page.mouse.dblclick(x, y)
    assert place(stage) == (1, 0, 0, 0)


def test_two_fingers_zoom_and_one_moves(new_page: Pages) -> None:
    page, stage, _ = opened(new_page)
    stage.scroll_into_view_if_needed()
    x, y = middle(stage)
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": left, "y": top, "id": number} for number, (left, top) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    page.emulate_media(reduced_motion="reduce")
    stage.focus()
    page.keyboard.press("+")  # a large photo takes all fingers; a fitting one leaves scrolling to the page
    fingers("touchStart", (x - 20, y), (x + 20, y))
    fingers("touchMove", (x - 40, y), (x + 40, y))
    fingers("touchMove", (x - 50, y), (x + 50, y))
    fingers("touchEnd")
    zoomed = place(stage)[0]
    assert zoomed > 2
    before = place(stage)[1]
    fingers("touchStart", (x, y))
    fingers("touchMove", (x + 15, y))
    fingers("touchMove", (x + 25, y))
    fingers("touchEnd")
    assert place(stage)[1] > before


def test_linked_photos_move_together(new_page: Pages) -> None:
    page, stage, _ = opened(new_page)
    other = page.locator(".jkn-viewer-stage").nth(1)
    page.keyboard.press("i")
    page.keyboard.press("+")
    assert place(stage)[0] == place(other)[0] == 1.25
    page.keyboard.press("i")
    page.keyboard.press("2")
    page.keyboard.press("+")
    assert (place(stage)[0], round(place(other)[0], 2)) == (1.25, 1.56)


def test_brightness_and_contrast_belong_to_the_chosen_photo(new_page: Pages) -> None:
    page, stage, _ = opened(new_page)
    for key in ("h", "k"):
        page.keyboard.press(key)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Escape")
    assert stage.locator("img").evaluate("img => img.style.filter") == "brightness(110%) contrast(110%)"
    page.keyboard.press("2")
    assert page.get_by_label("Kecerahan").input_value() == "100"
    page.keyboard.press("1")
    assert page.get_by_label("Kecerahan").input_value() == "110"
    page.keyboard.press("x")
    assert stage.locator("img").evaluate("img => img.style.filter") == "brightness(100%) contrast(100%)"
    assert page.get_by_label("Kecerahan").input_value() == "100"


@pytest.mark.parametrize(("key", "stages"), [("d", 2), ("w", 1)])
def test_a_full_window_hides_the_page_and_no_key_decides_behind_it(new_page: Pages, key: str, stages: int) -> None:
    page, stage, case = opened(new_page)
    page.keyboard.press(key)
    shown = page.locator(".jkn-viewer-stage:visible")
    assert shown.count() == stages
    viewer = page.locator(".jkn-viewer").bounding_box()
    assert viewer
    assert (viewer["width"], viewer["height"]) == (DESK["width"], DESK["height"])
    assert_accessible(page)
    for pressed in ("v", "a", "l"):
        page.keyboard.press(pressed)
    page.wait_for_timeout(200)
    case.refresh_from_db()
    assert case.status == Status.IN_REVIEW
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('.jkn-viewer')"
        )
    page.keyboard.press("Escape")
    assert page.locator(".is-full").count() == 0
    assert stage.evaluate("stage => stage === document.activeElement")
    assert page.get_by_role("button", name="Setujui").is_enabled()


def test_each_photo_is_fetched_once_whatever_is_done_with_it(new_page: Pages) -> None:
    page, stage, _ = opened(new_page)
    stage.click()
    for key in ("+", "]", "d", "Escape", "w", "Escape", "x"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert AuditLog.objects.filter(action="document.viewed").count() == 2
    assert len(page.context.pages) == 1


def test_a_photo_that_is_lost_is_told(new_page: Pages) -> None:
    user, case = held()
    storages["documents"].delete(case.documents.get(kind="ktp").storage_key)
    page = new_page(user=user)
    page.goto(reverse("admin:verification_case", args=[case.reference]))
    alerts = page.locator("[role=alert]:not(:empty)")
    alerts.first.wait_for()
    assert alerts.all_inner_texts() == ["Foto ini tidak dapat ditampilkan. Mintalah foto baru kepada peserta."]
    assert_accessible(page)
    assert all("404" in complaint for complaint in new_page.complaints)
    new_page.complaints.clear()


def test_the_help_names_the_keys_of_the_viewer(new_page: Pages) -> None:
    page, _, _ = opened(new_page)
    page.keyboard.press("?")
    told = page.get_by_role("region", name="Tombol pintas").inner_text()
    for label in ("Perbesar", "Putar ke kanan", "Foto berdampingan", "Ke foto KTP", "Kecerahan"):
        assert label in told
    keys = page.locator("[data-key]").evaluate_all("all => all.map(each => each.dataset.key)")
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("change", [lambda page: page.keyboard.press("d"), lambda page: page.keyboard.press("+")])
def test_the_viewer_is_accessible_on_a_phone_in_the_dark(new_page: Pages, change: Callable[[Page], None]) -> None:
    user, case = held()
    page = new_page(PHONE, user=user, dark=True)
    page.goto(reverse("admin:verification_case", args=[case.reference]))
    change(page)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_scripts_each_photo_is_a_link_that_opens_it(new_page: Pages) -> None:
    user, case = held()
    cookies = new_page(user=user).context.cookies()
    context = new_page.browser.new_context(base_url=new_page.address, java_script_enabled=False)
    context.add_cookies([{"name": each["name"], "value": each["value"], "url": new_page.address} for each in cookies])
    page = context.new_page()
    page.goto(reverse("admin:verification_case", args=[case.reference]))
    assert not page.locator(".jkn-viewer-bar").is_visible()
    with context.expect_page() as large:
        page.locator(".jkn-viewer-stage").first.click()
    assert large.value.url.endswith(reverse("admin:verification_document", args=[case.documents.get(kind="ktp").pk]))
