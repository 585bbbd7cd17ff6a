"""What a step weighs on a bad network."""

import pytest

from tests.verification.portal.every import pages, weight
from verification.portal import urls as portal
from verification.portal.account import urls as account

MOST = 60 * 1024
ACTIONS = {
    *("portal:leave", "portal:code_again", "portal:resume", "portal:private", "portal:proof_send"),
    *("account:logout", "account:code_again", "account:phone_again", "account:phone_withdraw"),
}
"""Addresses that show no page of their own."""


@pytest.mark.django_db
def test_no_page_weighs_more_than_sixty_kilobytes() -> None:
    weights = {name: weight(page) for name, page in pages("id").items()}
    named = {f"{room.app_name}:{each.name}" for room in (portal, account) for each in room.urlpatterns}
    assert named - ACTIONS <= set(weights), "a page has not been weighed"
    assert max(weights.values()) <= MOST, weights
