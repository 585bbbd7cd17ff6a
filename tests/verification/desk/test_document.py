"""Photos: shown to those who work the case, with a trace; never an error."""

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import cases, make
from verification import changes
from verification.documents import shredding
from verification.models import Document, PhoneChangeRequest
from verification.states import OPEN, Status

pytestmark = pytest.mark.django_db


def held(role: Role = Role.OPERATOR) -> tuple[PhoneChangeRequest, User]:
    """A case, and who holds it."""
    case = cases.queued()
    user = cases.reviewer(case, role)
    changes.claim(request=case, by=user)
    case.refresh_from_db()
    return case, user


def address(document: Document) -> str:
    return reverse("admin:verification_document", args=[document.pk])


def ktp_of(case: PhoneChangeRequest) -> Document:
    return case.documents.get(kind="ktp")


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_a_photo_comes_as_jpeg_that_nothing_keeps(role: Role) -> None:
    case, user = held(role)
    answer = make.logged_in(user).get(address(ktp_of(case)))
    assert answer["Content-Type"] == "image/jpeg"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Disposition"] == f'inline; filename="jkn-{ktp_of(case).pk}.jpg"'


def test_a_look_at_a_photo_is_recorded_before_it_is_shown() -> None:
    case, user = held()
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
    case, user = held()
    harm(ktp_of(case))
    client = make.logged_in(user)
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


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_who_does_not_hold_the_case_sees_no_photo_and_the_attempt_is_recorded(role: Role) -> None:
    case, _holder = held()
    user = cases.reviewer(case, role)
    client = make.logged_in(user)
    assert client.get(address(ktp_of(case))).status_code == 403
    entry = AuditLog.objects.get(action="request.refused")
    assert (entry.actor, entry.object_id, entry.reason) == (user.username, str(case.pk), "not_held")
    page = client.get(reverse("admin:verification_case", args=[case.reference])).content.decode()
    assert address(ktp_of(case)) not in page


# Who sees the photos of a case that they do not hold, by its state.
NOBODY: frozenset[Role] = frozenset()
OTHERS = {status: frozenset({Role.SUPERVISOR}) for status in Status} | dict.fromkeys(
    OPEN - {Status.FROZEN, Status.ON_HOLD}, NOBODY
)


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.UNMATCHED}))
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_a_supervisor_alone_sees_what_nobody_holds_any_more(status: Status, role: Role) -> None:
    case = cases.in_state(status)
    answer = make.logged_in(cases.reviewer(case, role)).get(address(ktp_of(case)))
    assert answer.status_code == (200 if role in OTHERS[status] else 403)


def test_the_second_opinion_sees_the_photos_once_it_holds_the_case() -> None:
    case = cases.in_state(Status.SECOND_REVIEW)
    user = cases.reviewer(case, Role.SUPERVISOR)
    client = make.logged_in(user)
    assert client.get(address(ktp_of(case))).status_code == 403
    changes.claim(request=case, by=user)
    assert client.get(address(ktp_of(case))).status_code == 200


def test_the_name_of_who_looks_is_burnt_into_the_picture() -> None:
    case, user = held()
    kept = Image.open(io.BytesIO(cases.picture(120).jpeg)).convert("L")
    shown = Image.open(io.BytesIO(make.logged_in(user).get(address(ktp_of(case))).content)).convert("L")
    assert shown.size == kept.size
    faint = [abs(a - b) for a, b in zip(shown.tobytes(), kept.tobytes(), strict=True)]
    # It is there, on a small part of the picture, and nowhere hides what lies beneath.
    assert 0.01 < sum(step > 8 for step in faint) / len(faint) < 0.15
    assert max(faint) < 60


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_photo_that_was_deleted_says_when(language: str) -> None:
    case = cases.in_state(Status.REJECTED)
    at = timezone.now() + timedelta(days=91)
    assert shredding.shred_due(at=at) == 2
    client = make.logged_in(cases.reviewer(case, Role.SUPERVISOR))
    answer = client.get(address(ktp_of(case)), headers={"accept-language": language})
    assert (answer.status_code, answer["Content-Type"]) == (410, "image/svg+xml")
    assert str(timezone.localtime(at).year) in answer.content.decode()
    page = client.get(reverse("admin:verification_case", args=[case.reference]), headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "Deleted on" in page.content.decode()
