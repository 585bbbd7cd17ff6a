"""What a decision costs a person: `python -m benchmarks.review_steps [--cases 10]`.

A real browser takes cases from queue to decision to the next case, here by keyboard and by mouse, and in Django's own
list and form by both, and counts clicks, keystrokes and page loads. Looking at the two photos is not counted: here they
stand on the page, in Django's form each is a link (a click and a page load more).
"""

import argparse
import os
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Locator, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from benchmarks.house import database, show
from tests import cases, make
from tests.browser import ARGUMENTS, DESK, chromium
from tests.hands import part_hands

STOCK = "/stock/verification/phonechangerequest/"


def main() -> None:
    """Drive, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10)
    number = parser.parse_args().cases
    settings.ROOT_URLCONF = "benchmarks.stock_admin"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    found: dict[str, float] = {}
    with sync_playwright() as playwright, database():
        part_hands()
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        server = LiveServer("localhost")
        for name, drive in WAYS.items():
            hand = _Hand(browser.new_context(base_url=server.url, viewport=DESK, locale="id-ID").new_page(), server.url)
            drive(hand, number)
            found |= {f"{name}, {what} a case": round(hand.done[what] / number, 1) for what in COUNTED}
        browser.close()
        server.stop()
    show("review_steps", found, cases=number)


COUNTED = ("clicks", "keystrokes", "page loads")


class _Hand:
    """A person's hand at a page, and what it has done so far."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.done: Counter[str] = Counter()
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        # A redirect is no page to wait for, and photos are no pages.
        self.done["page loads"] += request.is_navigation_request() and request.redirected_from is None

    def sit_down(self, waiting: int, path: str) -> None:
        """Log in at a branch with so many cases, and open the first page; only what follows counts."""
        enters = make.staff()
        for _ in range(waiting):
            cases.queued(by=enters)
        cookie = make.logged_in(make.staff(branch=enters.branch)).cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        self.page.goto(path)
        self.done.clear()

    def click(self, target: Locator) -> None:
        target.click()
        self.done["clicks"] += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.done["keystrokes"] += 1

    def press_and_go(self, key: str) -> None:
        with self.page.expect_navigation():
            self.press(key)

    def tab_to(self, target: Locator) -> None:
        while not target.evaluate("element => element === document.activeElement"):
            self.press("Tab")


def _ours_by_keyboard(hand: _Hand, number: int) -> None:
    hand.sit_down(number, reverse("admin:verification_queue"))
    hand.press_and_go("n")
    for _ in range(number):
        hand.press("v")
        hand.press_and_go("a")


def _ours_by_mouse(hand: _Hand, number: int) -> None:
    hand.sit_down(number, reverse("admin:verification_queue"))
    hand.click(hand.page.get_by_role("button", name="Ambil kasus berikutnya"))
    for _ in range(number):
        hand.click(hand.page.get_by_role("checkbox", name="Sudah saya bandingkan"))
        with hand.page.expect_navigation():
            hand.click(hand.page.get_by_role("button", name="Setujui"))


def _stock_by_keyboard(hand: _Hand, number: int) -> None:
    hand.sit_down(number, f"{STOCK}?status=queued")
    for place in range(number):
        hand.tab_to(hand.page.locator("#result_list tbody th a").nth(place))
        hand.press_and_go("Enter")
        hand.tab_to(hand.page.locator("#id_decision"))
        hand.press("ArrowDown")
        hand.tab_to(hand.page.locator("[name=_save]"))
        hand.press_and_go("Enter")


def _stock_by_mouse(hand: _Hand, number: int) -> None:
    hand.sit_down(number, f"{STOCK}?status=queued")
    for place in range(number):
        with hand.page.expect_navigation():
            hand.click(hand.page.locator("#result_list tbody th a").nth(place))
        hand.page.locator("#id_decision").select_option("approve")
        hand.done["clicks"] += 2  # one opens the list of choices, one chooses
        with hand.page.expect_navigation():
            hand.click(hand.page.locator("[name=_save]"))


WAYS: dict[str, Callable[[_Hand, int], None]] = {
    "JKN Office by keyboard": _ours_by_keyboard,
    "JKN Office by mouse": _ours_by_mouse,
    "Django's list and form by keyboard": _stock_by_keyboard,
    "Django's list and form by mouse": _stock_by_mouse,
}


if __name__ == "__main__":
    main()
