"""What a step weighs on a bad network."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.verification.portal.every import pages
from tests.verification.portal.walk import Page
from verification.portal import urls as portal
from verification.portal.account import urls as account

MOST = 60 * 1024
ACTIONS = {
    *("portal:leave", "portal:code_again", "portal:resume", "portal:private", "portal:proof_send"),
    *("account:logout", "account:code_again", "account:phone_again", "account:phone_withdraw"),
}
"""Addresses that show no page of their own."""


def weight(page: Page) -> int:
    """The bytes of a first visit: the page and all files that it names, packed as they travel."""
    html = page.content
    files = set(re.findall(r'(?:src|href)="/static/([^"]+)"', html.decode()))
    assert files
    found = [finders.find(name) for name in files]
    assert all(found), files
    contents = [Path(str(path)).read_bytes() for path in found]
    assert not any(b"url(" in content or b"@import" in content for content in contents), "these would weigh as well"
    return sum(len(gzip.compress(part)) for part in [html, *contents])


@pytest.mark.django_db
def test_no_page_weighs_more_than_sixty_kilobytes() -> None:
    weights = {name: weight(page) for name, page in pages("id").items()}
    named = {f"{room.app_name}:{each.name}" for room in (portal, account) for each in room.urlpatterns}
    assert named - ACTIONS <= set(weights), "a page has not been weighed"
    assert max(weights.values()) <= MOST, weights
