"""Pages in a real Chromium, against the live server: the fixtures `page` and `new_page`, and `assert_accessible`.

A test that takes one of the fixtures is marked `browser`, may use sockets to this machine only, and fails when the
page logs an error (a violation of the CSP is one). Chromium is Debian's: $CHROMIUM, or on the PATH
`chromium-headless-shell`, which takes half the time, or `chromium`.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

from jknoffice.accounts.models import User
from tests import make

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]


@dataclass
class Pages:
    """Opens pages, each in a cookie jar of its own, and remembers what they complain about."""

    browser: Browser
    address: str
    complaints: list[str] = field(default_factory=list)

    def __call__(
        self, screen: ViewportSize = DESK, *, user: User | None = None, dark: bool = False, locale: str = "id-ID"
    ) -> Page:
        """Return an empty page: `page.goto("/admin/")` leads to the live server.

        `user` is staff whose session has passed both steps of the log-in; `locale` is what the browser asks for.
        """
        context = self.browser.new_context(
            base_url=self.address, viewport=screen, color_scheme="dark" if dark else "light", locale=locale
        )
        if user:
            cookie = make.logged_in(user).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        page = context.new_page()
        page.on("console", lambda message: self._note(page, message))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _note(self, page: Page, message: ConsoleMessage) -> None:
        # Chromium also reports that the page itself was answered with 403 or the like: the test looks at that.
        of_the_page = message.location["url"] == page.url and "responded with a status of 4" in message.text
        if message.type == "error" and not of_the_page:
            self.complaints.append(f"{page.url}: {message.text}")


def chromium() -> str | None:
    """Return the path of the Chromium to be used, or None when there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture
def new_page(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    """A function that opens pages (see `Pages.__call__`). At the end no page may have logged an error."""
    program = chromium()
    if not program:
        pytest.fail("Chromium is missing: `apt install chromium-headless-shell`, or name it in CHROMIUM.")
    # Playwright's loop runs in this thread while the browser is open; Django would refuse the database beside a loop.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        pages = Pages(browser, live_server.url)
        yield pages
        browser.close()
        # Beside a loop Django gives this thread a second connection, which it forgets when the loop ends.
        connections.close_all()
    assert pages.complaints == []


@pytest.fixture
def page(new_page: Pages) -> Page:
    """One page at a desk, light, asking for Indonesian, without a log-in."""
    return new_page()


def assert_accessible(page: Page) -> None:
    """Fail when axe-core finds a violation in the page, once it is loaded, or a contrast that it cannot judge."""
    # A click returns when the next page has begun to arrive.
    page.wait_for_load_state()
    # Axe cannot judge the contrast of what the screen's edge cuts through: let it see the whole page.
    screen = page.viewport_size or DESK
    height: int = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": screen["width"], "height": max(height, screen["height"])})
    # Without `preload`, which builds <style> elements from our style sheets, and the CSP forbids those.
    found = Axe().run(page, options={"resultTypes": ["violations", "incomplete"], "preload": False}).response
    page.set_viewport_size(screen)
    wrong = found["violations"] + [each for each in found["incomplete"] if each["id"] == "color-contrast"]
    assert not wrong, "\n".join(
        f"{page.url}: {rule['id']} ({rule['help']}) at {node['target']}: {node['html']}"
        for rule in wrong
        for node in rule["nodes"]
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever opens pages."""
    for item in items:
        if "new_page" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))
