"""The browser fixtures themselves: they open pages, and they fail when a page is wrong."""

import socket
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page

from tests import make
from tests.browser import PHONE, Pages, assert_accessible

BAD = {
    "a picture without words": "<img src='/favicon.ico'>",
    "too little contrast": "<p style='color: #aaa; background: #bbb'>Can you read this?</p>",
    "a contrast that axe cannot judge": "<p style='background: linear-gradient(#fff, #000)'>Can you read this?</p>",
}
WHOLE = "<!doctype html><html lang='en'><title>A page</title><main><h1>A page</h1>{}</main></html>"


def test_a_page_of_the_live_server_opens(page: Page) -> None:
    page.goto("/healthz")
    assert page.locator("body").inner_text() == '{"alive": true}'


def test_screen_colours_and_language_are_those_asked_for(new_page: Pages) -> None:
    page = new_page(PHONE, dark=True, locale="en-GB")
    assert page.viewport_size == PHONE
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert page.evaluate("navigator.language") == "en-GB"


def test_a_page_of_staff_is_logged_in(new_page: Pages) -> None:
    for user, path in ((make.staff(), "/admin/"), (None, "/admin/login/")):
        page = new_page(user=user)
        page.goto("/admin/")
        assert urlsplit(page.url).path == path


def test_what_a_page_complains_about_is_remembered(new_page: Pages) -> None:
    page = new_page()
    page.goto("/healthz")
    page.evaluate("console.warn('no complaint')")
    page.evaluate("fetch('/no-such-page').catch(() => null)")
    page.evaluate("console.error('broken')")
    page.evaluate("setTimeout(() => { throw new Error('thrown') })")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'never()'}))")
    for _ in range(50):
        if len(new_page.complaints) == 4:
            break
        page.wait_for_timeout(100)
    found = "\n".join(new_page.complaints)
    new_page.complaints.clear()
    assert "404" in found
    assert "broken" in found
    assert "thrown" in found
    assert "Content Security Policy" in found
    assert "no complaint" not in found


def test_neither_page_nor_test_reaches_the_outside(new_page: Pages) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        new_page().goto("http://example.com/")
    with pytest.raises(Warning, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_whole_page_is_accessible(page: Page) -> None:
    page.set_content(WHOLE.format("<p>Read this.</p>"))
    assert_accessible(page)


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_a_page_that_is_not_accessible_fails(page: Page, body: str) -> None:
    page.set_content(WHOLE.format(body))
    with pytest.raises(AssertionError, match=r"image-alt|color-contrast"):
        assert_accessible(page)
