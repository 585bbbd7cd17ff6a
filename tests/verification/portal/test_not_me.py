"""The page behind the "not me" link."""

import pytest
from django.urls import reverse

from jknoffice.audit.models import AuditLog
from tests import cases
from tests.verification.portal import walk
from verification.portal import limits
from verification.states import Status

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", ["get", "head"])
def test_opening_the_link_does_nothing(way: str) -> None:
    request = cases.in_state(Status.ON_HOLD)
    page = getattr(walk.browser(), way)(walk.not_me(request), headers={"Sec-Purpose": "prefetch"})
    assert page.status_code == 200
    request.refresh_from_db()
    assert request.status == Status.ON_HOLD


@pytest.mark.parametrize(
    ("status", "words"), [(Status.ON_HOLD, "change has been stopped"), (Status.APPLIED, "objection has been recorded")]
)
def test_the_answer_stops_the_change_and_says_what_follows(status: Status, words: str) -> None:
    request = cases.in_state(status)
    page = walk.browser().post(walk.not_me(request), follow=True)
    assert words in walk.words(page)
    assert "165" in walk.words(page)


def test_no_page_names_anybody_or_passes_the_secret_on() -> None:
    request = cases.in_state(Status.ON_HOLD)
    client, address = walk.browser(), walk.not_me(request)
    pages = [client.get(address), client.post(address), client.get(reverse("portal:objected"))]
    assert request.peserta
    for page in pages:
        assert page.headers["Referrer-Policy"] == "strict-origin"
        assert "no-store" in page.headers["Cache-Control"]
        for value in (request.peserta.name, request.peserta.nik, request.reference, request.new_phone[-4:]):
            assert value not in page.content.decode()
    assert pages[1].headers["Location"] == reverse("portal:objected")


def test_an_unknown_and_a_used_link_are_answered_alike_and_recorded() -> None:
    request = cases.in_state(Status.ON_HOLD)
    used = walk.not_me(request)
    walk.browser().post(used)
    answers = [
        walk.browser().post(address)
        for address in (used, reverse("portal:not_me", args=["x" * 22]), "/n/%00%ff\N{BELL}")
    ]
    assert {page.status_code for page in answers} == {404}
    assert len({walk.words(page) for page in answers}) == 1
    assert AuditLog.objects.filter(action="request.objection_refused", reason="no_such_link").count() == 3


def test_guesses_are_limited() -> None:
    request = cases.in_state(Status.ON_HOLD)
    with walk.clock():
        for _ in range(limits.NOT_ME.most):
            walk.browser().post(reverse("portal:not_me", args=["x" * 22]))
        page = walk.browser().post(walk.not_me(request))
    assert page.status_code == 429
    assert "165" in walk.words(page)
    request.refresh_from_db()
    assert request.status == Status.ON_HOLD


def test_what_follows_is_shown_to_nobody_else() -> None:
    assert walk.where(walk.browser().get(reverse("portal:objected"), follow=True)) == "start"
