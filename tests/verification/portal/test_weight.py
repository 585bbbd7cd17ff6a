"""What a step weighs on a bad network."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from tests import cases, make
from tests.verification.portal import walk
from verification.states import Status

pytestmark = pytest.mark.django_db

MOST = 60 * 1024


def weight(page: walk.Page) -> int:
    """The bytes of a page and of all files that it names, packed as they travel."""
    html = page.content
    files = set(re.findall(r'(?:src|href)="/static/([^"]+)"', html.decode()))
    assert files
    found = [finders.find(name) for name in files]
    assert all(found), files
    parts = [html, *(Path(str(path)).read_bytes() for path in found)]
    return sum(len(gzip.compress(part)) for part in parts)


def test_no_step_weighs_more_than_sixty_kilobytes() -> None:
    client, other = walk.browser(), walk.browser()
    pages = [client.get(walk.address("start")), client.get(walk.address("data"))]
    pages += [walk.give_data(client, make.peserta()), client.post(walk.address("save"))]
    pages += [walk.give_photo(client, "ktp"), walk.give_photo(client, "card"), walk.send(client)]
    pages += [walk.give_code(client), client.get(walk.address("status")), client.get(walk.address("case"))]
    pages += [walk.open_fully(other, cases.in_state(Status.NEEDS_INFO)), other.get(walk.address("cancel"))]
    pages += [other.get(reverse("portal:not_me", args=["x"]))]
    assert {page.status_code for page in pages} == {200}
    weights = [weight(page) for page in pages]
    assert max(weights) <= MOST, weights
