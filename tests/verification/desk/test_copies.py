"""The page of the same photos: both pictures within reach, of other branches only the name; each look recorded."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import cases, make
from tests.browser import DESK, PHONE, Pages, assert_accessible
from verification import changes
from verification.models import Document, DocumentLikeness, PhoneChangeRequest

pytestmark = pytest.mark.django_db


def alike(first: PhoneChangeRequest, second: PhoneChangeRequest, *, per_cent: int = 93) -> None:
    earlier, later = sorted(case.documents.get(kind="ktp").pk for case in (first, second))
    DocumentLikeness.objects.create(earlier_id=earlier, later_id=later, alike=per_cent, found_at=timezone.now())


def page(case: PhoneChangeRequest) -> str:
    return reverse("admin:verification_same_photos", args=[case.reference])


def holder(case: PhoneChangeRequest) -> User:
    """Somebody who has claimed the case: signals are looked for anew while it is under review."""
    user = cases.reviewer(case, Role.OPERATOR)
    changes.claim(request=case, by=user)
    return user


def photo(case: PhoneChangeRequest) -> str:
    return reverse("admin:verification_document", args=[case.documents.get(kind="ktp").pk])


def test_both_pictures_stand_side_by_side_and_the_look_is_recorded() -> None:
    first = cases.queued()
    second = cases.queued(peserta=make.peserta(branch=first.branch))
    alike(first, second)
    user = holder(first)
    client = make.logged_in(user)
    answer = client.get(page(first), headers={"accept-language": "en"}).content.decode()
    for picture in (photo(first), photo(second)):
        assert f'src="{picture}"' in answer
        assert client.get(picture).status_code == 200
    assert "93 % alike" in answer
    entry = AuditLog.objects.get(action="request.copies_viewed")
    assert (entry.actor, entry.object_id) == (user.username, str(first.pk))
    assert json.loads(entry.entry)["after"] == {"copies": 1}


def test_who_holds_the_other_case_sees_both_pictures_too() -> None:
    first = cases.queued()
    second = cases.queued(peserta=make.peserta(branch=first.branch))
    alike(first, second)
    client = make.logged_in(holder(second))
    answer = client.get(page(first)).content.decode()
    for picture in (photo(first), photo(second)):
        assert f'src="{picture}"' in answer
        assert client.get(picture).status_code == 200


def test_who_holds_neither_case_sees_neither_photo() -> None:
    first = cases.queued()
    second, third = (cases.queued(peserta=make.peserta(branch=first.branch)) for _ in range(2))
    alike(first, second)
    client = make.logged_in(cases.reviewer(first, Role.OPERATOR))
    answer = client.get(page(first)).content.decode()
    assert str(second) in answer
    for case in (first, second):
        assert photo(case) not in answer
        assert client.get(photo(case)).status_code == 403
    # Neither does the copy open what is no copy
    assert make.logged_in(holder(first)).get(photo(third)).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_pairs_fit_a_desk_and_a_telephone_and_a_photo_that_is_gone_says_so(new_page: Pages) -> None:
    first = cases.queued()
    second, third = (cases.queued(peserta=make.peserta(branch=first.branch)) for _ in range(2))
    for other in (second, third):
        alike(first, other)
    Document.objects.filter(request=third).update(wrapped_key=b"", shredded_at=timezone.now())
    user = holder(first)
    for screen, dark in ((DESK, False), (PHONE, True)):
        desk = new_page(screen, user=user, dark=dark)
        desk.goto(page(first))
        expect(desk.get_by_role("heading", level=1)).to_contain_text(str(first))
        expect(desk.get_by_role("img", name="Foto KTP")).to_have_count(3)
        expect(desk.get_by_text("Dihapus pada")).to_have_count(1)
        assert desk.evaluate("document.documentElement.scrollWidth") <= screen["width"]
        assert_accessible(desk)


def test_of_another_branch_only_its_name_is_told() -> None:
    first, second = cases.queued(), cases.queued()
    alike(first, second, per_cent=100)
    client = make.logged_in(holder(first))
    for address in (page(first), reverse("admin:verification_case", args=[first.reference])):
        answer = client.get(address).content.decode()
        assert second.branch
        assert second.branch.name in answer
        assert second.reference not in answer
        assert str(second) not in answer
        assert photo(second) not in answer


def test_the_review_page_leads_there_only_with_the_signal() -> None:
    first, second, third = cases.queued(), cases.queued(), cases.queued()
    alike(first, second)
    for case, leads in ((first, True), (third, False)):
        client = make.logged_in(holder(case))
        answer = client.get(reverse("admin:verification_case", args=[case.reference])).content.decode()
        assert (page(case) in answer) is leads


def test_without_copies_the_page_says_so() -> None:
    case = cases.queued()
    client = make.logged_in(cases.reviewer(case, Role.OPERATOR))
    answer = client.get(page(case), headers={"accept-language": "en"})
    assert "No photo of this case was found elsewhere." in answer.content.decode()


def test_a_case_out_of_reach_or_without_log_in_has_no_such_page() -> None:
    case = cases.queued()
    assert make.logged_in(make.staff()).get(page(case)).status_code == 404
    assert Client().get(page(case)).status_code == 302
    assert not AuditLog.objects.filter(action="request.copies_viewed").exists()
