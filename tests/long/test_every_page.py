"""Every page at the participants' door, error states too, on a phone: axe-core finds nothing, and nothing overflows.

With $JKN_SCREENSHOTS a picture of each goes to that folder, to be looked at.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser import PHONE, Pages, assert_accessible
from tests.verification.portal.every import pages

SHOTS = os.environ.get("JKN_SCREENSHOTS")


def too_small(page: Page) -> list[str]:
    """What is to be pressed, but less than 44 pixels high (WCAG 2.2, 2.5.5)."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll('main button, main a, main input:not([type=radio]):not([type=hidden])')]
        .filter(e => e.getBoundingClientRect().height < 44 && !e.closest('li, p:not(.jkn-actions), [aria-hidden]'))
        .map(e => e.outerHTML)"""
    )
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_is_accessible_in_light_and_dark(new_page: Pages, language: str) -> None:
    # In a context of its own: that some of them were answered with 404 is no complaint.
    page = new_page.browser.new_context(base_url=new_page.address, viewport=PHONE).new_page()
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text) if "Security Policy" in message.text else None)
    faults: list[str] = []
    shown = pages(language)

    def answered(route: Route) -> None:
        answer = shown[route.request.url.rpartition("?")[2]]
        route.fulfill(body=answer.content, headers=dict(answer.headers))

    page.route("**/shown?*", answered)
    for name in shown:
        page.goto(f"/shown?{name}")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{name}: wider than the screen")
        faults += [f"{name}: too small: {each}" for each in too_small(page)]
        for light in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if light == "dark" else "light")
            try:
                assert_accessible(page)
            except AssertionError as error:
                faults.append(f"{name}, {light}: {error}")
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"{name.replace(':', '-')}.{language}.{light}.png", full_page=True)
        page.emulate_media(color_scheme="light")
    page.context.close()
    assert not faults, "\n".join(faults)
    assert not blocked
