"""Whether somebody is in the register or has an account is told to nobody who has not proved to be that person."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.verification.portal.account import walk
from tests.verification.portal.walk import Page, browser, clock, words

pytestmark = pytest.mark.django_db

WRONG = "000000"


def _bytes(page: Page) -> bytes:
    """The page and its headers, without what is random in every answer."""
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page.content)
    own = {"Expires", "Content-Length", "X-Request-ID"}
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(page.headers.items()) if name not in own)
    return body + headers.encode() + str(page.status_code).encode()


def _walked(first: Callable[..., Page], start: datetime) -> tuple[list[bytes], list[int]]:
    """Every answer on the way, and how many queries each took; the worker works in between."""
    client, pages, queries = browser(), [], []
    again = walk.address("code_again")
    with clock(start) as passes:

        def after_a_pause() -> Page:
            passes(settings.CODE_PAUSE)
            return client.post(again, follow=True)

        steps: tuple[Callable[[], Page], ...] = (
            lambda: first(client),
            lambda: walk.give_code(client, WRONG),
            lambda: client.post(again, follow=True),
            after_a_pause,
            lambda: client.get(walk.address("choose"), follow=True),
            *[lambda: walk.give_code(client, WRONG)] * 5,
            lambda: client.post(again, follow=True),
        )
        for step in steps:
            with CaptureQueriesContext(connection) as seen:
                page = step()
            pages.append(_bytes(page))
            queries.append(len(seen))
            walk.worker()
    return pages, queries


def _both(*ways: Callable[..., Page]) -> None:
    found, start = [], timezone.now()
    for way in ways:
        before = transaction.savepoint()
        found.append(_walked(way, start))
        transaction.savepoint_rollback(before)
    for pages, queries in found:
        assert queries == found[0][1]
        assert pages == found[0][0]


def test_a_registration_answers_the_same_whatever_is_wrong() -> None:
    peserta, other = make.peserta(), make.peserta()
    phone = (peserta.phone or "").replace("+62", "0")
    known = {"identifier": peserta.nik, "birth_date": "17-05-1990", "phone": phone}

    def typing(**given: str) -> Callable[..., Page]:
        return lambda client: client.post(walk.address("register"), known | given, follow=True)

    _both(
        typing(),
        typing(identifier="3171011705909999"),
        typing(birth_date="18-05-1990"),
        typing(identifier=other.nik),
    )


def test_a_forgotten_password_answers_the_same_for_a_name_that_nobody_has() -> None:
    walk.account(email=walk.EMAIL)
    names = (walk.USERNAME, walk.EMAIL, "nobody", "nobody@contoh.id")
    _both(*(lambda c, n=name: c.post(walk.address("forgotten"), {"name": n}, follow=True) for name in names))


def test_a_wrong_password_answers_as_an_unknown_name() -> None:
    walk.account()
    known, unknown = (walk.log_in(browser(), name, "wrong") for name in (walk.USERNAME, "siti.nobody"))
    assert _bytes(known).replace(b"siti.aminah", b"NAME") == _bytes(unknown).replace(b"siti.nobody", b"NAME")


def test_every_answer_leads_on_to_the_lost_access_path() -> None:
    for client, first in ((browser(), {}), (browser(), {"phone": "081211112222"})):
        page = walk.give_proof(client, make.peserta(), **first)
        assert "I lost access to my number" in words(page)
        assert "I lost access to my number" in words(walk.give_code(client, WRONG))
