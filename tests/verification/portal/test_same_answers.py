"""Somebody whom the register does not know meets the same pages as somebody whom it does."""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from participants.models import Peserta
from tests import cases, make
from tests.verification.portal import walk
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db


def _bytes(page: walk.Page) -> bytes:
    """The page and its headers, without what is random in every answer."""
    # The QR code tells the reference, as the text beside it does.
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"|<svg.*?</svg>', b"", page.content, flags=re.DOTALL)
    reference = str(walk.newest()).encode() if PhoneChangeRequest.objects.exists() else b"-"
    own = {"Expires", "Content-Length", "X-Request-ID"}
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(page.headers.items()) if name not in own)
    cookies = " ".join(sorted(page.cookies))
    return body.replace(reference, b"REFERENCE") + headers.encode() + cookies.encode()


def _pages(identifier: str) -> list[bytes]:
    client = walk.browser()
    pages = [client.get(walk.address("data"))]
    pages.append(walk.give_data(client, identifier=identifier))
    pages.append(walk.give_photo(client, "ktp"))
    check = walk.give_photo(client, "card")
    pages.append(walk.send(client))
    seen = [*map(_bytes, pages), _bytes(check).replace(_grouped(identifier), b"IDENTIFIER")]
    code = cases.code_of(walk.newest())
    wrong = str((int(code) + 1) % 1_000_000).zfill(6)
    seen += [_bytes(walk.give_code(client, wrong)).replace(wrong.encode(), b"WRONG")]
    seen += [_bytes(client.post(walk.address("code_again"), follow=True))]
    seen += [_bytes(walk.give_code(client, code)), _bytes(client.get(walk.address("done")))]
    return seen


def _grouped(identifier: str) -> bytes:
    return " ".join(identifier[start : start + 4] for start in range(0, 16, 4)).encode()


def test_every_page_up_to_the_reference_is_the_same_for_known_and_unknown() -> None:
    known = make.peserta()
    unknown = make.nik(9998)
    assert not Peserta.objects.filter(nik=unknown).exists()
    walks: dict[str, tuple[list[bytes], str]] = {}
    with walk.clock(timezone.now()):
        for identifier in (known.nik, unknown):
            before = transaction.savepoint()
            walks[identifier] = _pages(identifier), walk.newest().status
            transaction.savepoint_rollback(before)
    (pages, status), (others, other_status) = walks.values()
    assert (status, other_status) == (Status.QUEUED, Status.UNMATCHED)
    assert pages == others
    assert len(pages) == 9
    assert b"REFERENCE" in pages[-1]


def test_a_wrong_birth_date_is_as_unknown_as_a_wrong_nik() -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta(), birth_date="18-05-1990")
    assert walk.where(walk.give_code(client)) == "done"
    assert walk.newest().status == Status.UNMATCHED


def test_the_status_page_sends_an_unmatched_person_to_a_branch_or_165() -> None:
    client = walk.browser()
    walk.to_code(client)
    walk.give_code(client)
    page = walk.look_up(Client(headers={"accept-language": "en"}), walk.newest())
    assert "could not find your data" in walk.words(page)
    assert "165" in walk.words(page)
    assert walk.newest().documents.count() == 0
