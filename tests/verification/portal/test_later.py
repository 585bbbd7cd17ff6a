"""A draft saved for later, behind a private link."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.verification.portal import walk
from verification.models import PhoneChangeRequest, PrivateLink
from verification.portal import limits, saved

pytestmark = pytest.mark.django_db


def link_of(client: Client) -> str:
    """Save the draft, and return the path of the link that is shown."""
    page = client.post(walk.address("save"))
    (found,) = set(re.findall(r'href="http://testserver(/d/[^"]+)"', page.content.decode()))
    return str(found)


def test_a_saved_draft_goes_on_in_another_browser_with_its_photos() -> None:
    client, other = walk.browser(), walk.browser()
    walk.to_check(client, make.peserta())
    page = other.get(link_of(client))
    assert page.headers["Location"] == walk.address("check")
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert walk.where(walk.send(other)) == "code"
    # And the first browser's copy makes no second one
    walk.send(client)
    assert PhoneChangeRequest.objects.count() == 1
    assert not PrivateLink.objects.filter(kind="draft").exists()


@pytest.mark.parametrize(("after", "page"), [(timedelta(seconds=1), "data"), (timedelta(seconds=-1), "ktp")])
def test_a_saved_draft_lives_for_a_day(after: timedelta, page: str) -> None:
    with walk.clock() as passes:
        client = walk.browser()
        walk.give_data(client, make.peserta())
        address = link_of(client)
        passes(saved.LIFETIME + after)
        assert walk.where(walk.browser().get(address, follow=True)) == page


def test_the_database_holds_neither_the_secret_nor_what_was_typed() -> None:
    peserta, client = make.peserta(), walk.browser()
    walk.give_data(client, peserta)
    secret = link_of(client).rpartition("/")[2]
    link = PrivateLink.objects.get(kind="draft")
    kept = bytes(link.digest) + bytes(link.sealed or b"")
    assert secret.encode() not in kept
    assert peserta.nik.encode() not in kept


def test_saving_anew_makes_the_link_of_before_void() -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    first, second = link_of(client), link_of(client)
    page = walk.browser().get(first, follow=True)
    assert walk.where(page) == "data"
    assert "This link leads to no entries any more" in walk.words(page)
    assert walk.where(walk.browser().get(second, follow=True)) == "ktp"


def test_a_link_under_another_key_is_as_none(settings: pytest.FixtureRequest) -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    address = link_of(client)
    settings.JKN_DATA_KEY = bytes(32)  # type: ignore[attr-defined]
    assert walk.where(walk.browser().get(address, follow=True)) == "data"


def test_saving_by_opening_the_address_does_nothing() -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    assert walk.where(client.get(walk.address("save"), follow=True)) == "ktp"
    assert not PrivateLink.objects.exists()


@pytest.mark.parametrize("what", ["save", "resume"])
def test_both_are_limited(what: str) -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    limit = limits.SAVES if what == "save" else limits.LINKS
    with walk.clock():
        for _ in range(limit.most + 1):
            if what == "save":
                page = client.post(walk.address("save"))
            else:
                page = client.get(reverse("portal:resume", args=["x" * 22]))
    assert page.status_code == 429
    assert "165" in walk.words(page)
