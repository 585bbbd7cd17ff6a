"""Reference and date of birth let one look; changing a request takes the number that it is about."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.audit.models import AuditLog
from tests import cases, pictures
from tests.verification.portal import walk
from verification import changes, links
from verification.changes.proof import NothingToProve
from verification.models import PhoneChangeRequest
from verification.portal import limits
from verification.states import Status

pytestmark = pytest.mark.django_db


def rested(status: Status = Status.QUEUED) -> PhoneChangeRequest:
    """A request to whose number another code may be sent."""
    return cases.in_state(status, at=timezone.now() - settings.CODE_PAUSE)


def looking(request: PhoneChangeRequest) -> Client:
    """A browser that gave reference and date of birth."""
    client = walk.browser()
    walk.look_up(client, request)
    return client


def prove(client: Client, request: PhoneChangeRequest) -> walk.Page:
    client.post(walk.address("proof_send"))
    return client.post(walk.address("proof"), {"code": cases.code_of(request)}, follow=True)


@pytest.mark.parametrize(("name", "status"), [("cancel", Status.QUEUED), ("resend", Status.NEEDS_INFO)])
def test_who_gave_reference_and_birth_date_has_to_prove_the_number_first(name: str, status: Status) -> None:
    request = rested(status)
    client = looking(request)
    page = client.post(walk.address(name), {"photo": pictures.upload()}, follow=True)
    assert walk.where(page) == "proof"
    request.refresh_from_db()
    assert request.status == status
    # With the code from the new number it goes on
    assert walk.where(prove(client, request)) == "case"
    client.post(walk.address(name), {"photo": pictures.upload()})
    request.refresh_from_db()
    assert request.status in {Status.CANCELLED, Status.QUEUED}
    assert request.status != status


def test_the_photo_form_is_shown_after_the_proof_only() -> None:
    request = rested(Status.NEEDS_INFO)
    client = looking(request)
    assert 'type="file"' not in client.get(walk.address("case")).content.decode()
    assert 'type="file"' in prove(client, request).content.decode()


def test_a_wrong_code_proves_nothing_and_five_end_it() -> None:
    request = rested()
    client = looking(request)
    client.post(walk.address("proof_send"))
    pages = [client.post(walk.address("proof"), {"code": walk.WRONG}, follow=True) for _ in range(settings.CODE_TRIES)]
    assert "4 tries left" in walk.words(pages[0])
    assert "Too many wrong codes" in walk.words(pages[-1])
    assert walk.where(client.post(walk.address("proof"), {"code": cases.code_of(request)}, follow=True)) == "proof"
    assert AuditLog.objects.filter(action="request.code_refused").count() == settings.CODE_TRIES + 1


def test_codes_for_a_proof_are_as_rare_as_the_others() -> None:
    client = looking(rested())
    client.post(walk.address("proof_send"))
    page = client.post(walk.address("proof_send"), follow=True)
    assert "wait one minute" in walk.words(page)


def test_a_request_without_a_confirmed_number_is_withdrawn_without_a_proof() -> None:
    request = cases.submitted()
    client = looking(request)
    client.post(walk.address("cancel"))
    request.refresh_from_db()
    assert request.status == Status.CANCELLED


def test_what_has_ended_needs_no_proof() -> None:
    request = cases.in_state(Status.REJECTED)
    client = looking(request)
    page = client.post(walk.address("proof_send"), follow=True)
    assert "Nothing can be changed" in walk.words(page)
    with pytest.raises(NothingToProve):
        changes.prove(request=request, typed="123456")
    assert walk.where(client.post(walk.address("proof"), {"code": "123456"}, follow=True)) == "case"


def test_the_link_from_the_sms_opens_everything_at_an_address_without_the_secret() -> None:
    request, client = cases.queued(), walk.browser()
    address = walk.private(request)
    page = client.get(address)
    assert (page.status_code, page.headers["Location"]) == (302, walk.address("case"))
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert client.get(walk.address("proof"), follow=True).resolver_match.url_name == "case"
    assert client.get(walk.address("cancel")).status_code == 200


def test_links_that_do_not_work_all_lead_to_the_same_page() -> None:
    request = cases.queued()
    address = walk.private(request)
    said = set()
    with walk.clock() as passes:
        passes(links.LIFETIME + timedelta(seconds=1))
        for other in (address, reverse("portal:private", args=["x" * 22]), "/s/%00"):
            page = walk.browser().get(other, follow=True)
            assert walk.where(page) == "status"
            said.add(walk.words(page))
    assert len(said) == 1
    assert AuditLog.objects.filter(action="request.status_refused", reason="no_such_link").count() == 3


def test_guesses_at_links_are_limited() -> None:
    request = cases.queued()
    with walk.clock():
        for _ in range(limits.LINKS.most):
            walk.browser().get(reverse("portal:private", args=["x" * 22]))
        assert "Too many attempts" in walk.words(walk.browser().get(walk.private(request), follow=True))
