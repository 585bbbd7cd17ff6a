"""A storage that is away or full: each door says so, nothing is half done, and later all goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.storage import storages
from django.urls import reverse

from jknoffice.audit.models import AuditLog
from tests import cases, make
from tests.condition.broken import BrokenStorage
from tests.verification.api.partner import Partner
from tests.verification.desk import test_counter
from tests.verification.portal import walk
from verification import changes
from verification.documents import vault
from verification.models import Document, PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db

SENTENCE = "Photos cannot be stored or shown at the moment."


@contextmanager
def away() -> Iterator[None]:
    present = storages["documents"]
    storages._storages["documents"] = BrokenStorage()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        storages._storages["documents"] = present  # type: ignore[attr-defined]


def test_the_participant_is_told_at_each_step_and_goes_on_later() -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    with away():
        page = walk.give_photo(client, "ktp")
        assert (page.status_code, SENTENCE in page.content.decode()) == (503, True)
    walk.give_photo(client, "ktp")
    walk.give_photo(client, "card")
    with away():
        page = walk.send(client)
        assert (page.status_code, SENTENCE in page.content.decode()) == (503, True)
        assert not PhoneChangeRequest.objects.exists()
    assert walk.where(walk.send(client)) == "code"


def test_a_better_photo_can_be_sent_later() -> None:
    request, client = cases.in_state(Status.NEEDS_INFO), walk.browser()
    walk.open_fully(client, request)
    with away():
        page = walk.give_photo(client, "resend")
        assert (page.status_code, SENTENCE in page.content.decode()) == (503, True)
    request.refresh_from_db()
    assert (request.status, Document.objects.filter(request=request).count()) == (Status.NEEDS_INFO, 2)


def test_the_counter_is_told_and_keeps_what_was_typed() -> None:
    peserta, user = make.peserta(), make.staff()
    with away():
        page = test_counter.send(make.logged_in(user), peserta)
    assert page.context["form"].non_field_errors()
    assert peserta.nik in page.content.decode()
    assert not PhoneChangeRequest.objects.exists()
    assert AuditLog.objects.get(action="request.refused").reason == "storage_away"


def test_a_photo_is_not_called_lost_while_the_storage_is_away() -> None:
    case = cases.queued()
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    document = case.documents.earliest("pk")
    with away():
        answer = make.logged_in(user).get(reverse("admin:verification_document", args=[document.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (503, "image/svg+xml")
    assert not AuditLog.objects.filter(action="document.viewed").exists()


def test_files_that_could_not_be_deleted_do_not_undo_what_was_done(django_capture_on_commit_callbacks: Any) -> None:
    case = cases.queued()
    with away(), django_capture_on_commit_callbacks(execute=True):
        assert vault.shred(request=case) == 2
    assert not Document.objects.exists()


def test_a_partner_may_try_again_with_the_same_key() -> None:
    partner, peserta = Partner(), make.peserta()
    with away():
        answer = partner.start(peserta, key="a")
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_away")
    assert partner.start(peserta, key="a").status_code == 201
