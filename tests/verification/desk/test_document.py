"""Photos: shown to those who work the case, with a trace; never an error."""

import json
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import cases, make
from verification.models import Document, PhoneChangeRequest

pytestmark = pytest.mark.django_db


def address(document: Document) -> str:
    return reverse("admin:verification_document", args=[document.pk])


def ktp_of(case: PhoneChangeRequest) -> Document:
    return case.documents.get(kind="ktp")


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_a_photo_comes_as_jpeg_that_nothing_keeps(role: Role) -> None:
    case = cases.queued()
    answer = make.logged_in(cases.reviewer(case, role)).get(address(ktp_of(case)))
    assert answer.content == cases.picture(120).jpeg
    assert answer["Content-Type"] == "image/jpeg"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_look_at_a_photo_is_recorded_before_it_is_shown() -> None:
    case = cases.queued()
    user = cases.reviewer(case)
    document = ktp_of(case)
    make.logged_in(user).get(address(document))
    entry = AuditLog.objects.get(action="document.viewed")
    assert (entry.actor, entry.object_id) == (user.username, str(case.pk))
    assert json.loads(entry.entry)["after"]["document"] == document.pk


def test_outside_of_reach_there_is_no_photo_and_the_attempt_is_recorded() -> None:
    case = cases.queued()
    user = make.staff()
    assert make.logged_in(user).get(address(ktp_of(case))).status_code == 404
    entry = AuditLog.objects.get(action="request.refused")
    assert (entry.actor, entry.object_id, entry.reason) == (user.username, str(case.pk), "out_of_reach")
    assert not AuditLog.objects.filter(action="document.viewed").exists()


def lose(document: Document) -> None:
    storages["documents"].delete(document.storage_key)


def alter(document: Document) -> None:
    lose(document)
    storages["documents"].save(document.storage_key, ContentFile(b"something else"))


def exchange(document: Document) -> None:
    document.sha256, document.wrapped_key = "0" * 64, b"another key"
    document.save()


@pytest.mark.parametrize("harm", [lose, alter, exchange])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_photo_that_cannot_be_read_is_replaced_by_a_picture_that_says_so(
    harm: Callable[[Document], None], language: str
) -> None:
    case = cases.queued()
    harm(ktp_of(case))
    client = make.logged_in(cases.reviewer(case))
    answer = client.get(address(ktp_of(case)), headers={"accept-language": language})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "image/svg+xml"
    assert ("tidak dapat dibaca" in answer.content.decode()) == (language == "id")
    assert not AuditLog.objects.filter(action="document.viewed").exists()


def test_a_case_whose_photo_is_lost_still_opens() -> None:
    case = cases.queued()
    lose(ktp_of(case))
    page = reverse("admin:verification_case", args=[case.reference])
    assert make.logged_in(cases.reviewer(case)).get(page).status_code == 200


def test_without_log_in_there_is_no_photo() -> None:
    assert Client().get(address(ktp_of(cases.queued()))).status_code == 302
