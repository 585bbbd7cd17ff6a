"""What the session holds: for an hour, unreadable in the database, and nothing of it in any address."""

from datetime import timedelta

import pytest
from django.test import Client

from jknoffice.accounts.models import WebSession
from jknoffice.audit.models import AuditLog
from tests import cases, make, pictures
from tests.verification.portal import walk
from verification.models import PhoneChangeRequest
from verification.portal import draft as drafts
from verification.portal import grant
from verification.states import Status

pytestmark = pytest.mark.django_db

STEPS_OF_A_DRAFT = ["ktp", "card", "check", "save"]
PAGES_OF_A_REQUEST = ["code", "code_again", "done", "case", "resend", "cancel", "proof", "proof_send"]


@pytest.mark.parametrize("name", STEPS_OF_A_DRAFT)
@pytest.mark.parametrize("method", ["get", "post"])
def test_whose_session_is_over_is_led_to_the_first_step(name: str, method: str) -> None:
    client = walk.browser()
    walk.to_check(client, make.peserta())
    client.cookies.clear()
    page = getattr(client, method)(walk.address(name), follow=True)
    assert walk.where(page) == "data"
    assert "no longer have your entries" in walk.words(page)


@pytest.mark.parametrize("name", PAGES_OF_A_REQUEST)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_see_no_request_is_asked_for_the_reference(name: str, method: str) -> None:
    page = getattr(walk.browser(), method)(walk.address(name), follow=True)
    assert walk.where(page) == "status"
    assert "reference and date of birth again" in walk.words(page)


def test_a_draft_lives_for_an_hour_after_its_last_step() -> None:
    with walk.clock() as passes:
        client = walk.browser()
        walk.give_data(client, make.peserta())
        passes(drafts.LIFETIME - timedelta(seconds=1))
        assert walk.where(walk.give_photo(client, "ktp")) == "card"
        passes(drafts.LIFETIME)
        page = walk.give_photo(client, "card", pictures.upload())
        assert walk.where(page) == "data"


def test_an_opened_request_closes_after_an_hour_without_use() -> None:
    with walk.clock() as passes:
        client = walk.browser()
        walk.look_up(client, cases.queued())
        passes(grant.LIFETIME - timedelta(seconds=1))
        assert client.get(walk.address("case")).status_code == 200
        passes(grant.LIFETIME - timedelta(seconds=1))
        assert client.get(walk.address("case")).status_code == 200
        passes(grant.LIFETIME)
        assert walk.where(client.get(walk.address("case"), follow=True)) == "status"


def test_a_draft_under_another_key_is_as_none(settings: pytest.FixtureRequest) -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    settings.JKN_DATA_KEY = bytes(32)  # type: ignore[attr-defined]
    assert walk.where(client.get(walk.address("ktp"), follow=True)) == "data"


def test_the_database_holds_nothing_readable_of_a_draft() -> None:
    peserta, client = make.peserta(), walk.browser()
    walk.to_check(client, peserta)
    (session,) = WebSession.objects.all()
    kept = str(session.get_decoded())
    assert not any(value in kept for value in (peserta.nik, "6281298765432", "1990-05-17", "17-05-1990"))


def test_no_address_and_no_title_carries_anything_personal() -> None:
    peserta, client = make.peserta(), walk.browser()
    walk.to_code(client, peserta)
    pages = [walk.give_code(client), client.get(walk.address("case"))]
    request = walk.newest()
    for page in pages:
        title = page.content.decode().partition("<title>")[2].partition("</title>")[0]
        for value in (peserta.nik, request.reference, str(request), "5432"):
            assert value not in title
            assert not any(value in hop[0] for hop in getattr(page, "redirect_chain", []))


def test_everything_but_the_first_page_is_kept_by_no_browser() -> None:
    client = walk.browser()
    walk.to_check(client, make.peserta())
    walk.look_up(client, cases.in_state(Status.NEEDS_INFO))
    for name in walk.NAMES:
        stored = "no-store" not in client.get(walk.address(name)).headers.get("Cache-Control", "")
        assert stored is (name == "start")


def test_a_wrong_combination_is_refused_with_one_sentence_and_recorded() -> None:
    request = cases.queued()
    other = cases.queued()
    answers = set()
    for given in ({"birth_date": "18-05-1990"}, {"reference": _another(request, other)}):
        page = walk.look_up(walk.browser(), request, **given)
        assert walk.where(page) == "status"
        answers.add(page.context["refusal"].code)
    assert answers == {"no_such_request"}
    assert AuditLog.objects.filter(action="request.status_refused", reason="no_such_request").count() == 2


def _another(request: PhoneChangeRequest, other: PhoneChangeRequest) -> str:
    """A well-formed reference that belongs to somebody with another date of birth."""
    PhoneChangeRequest.objects.filter(pk=other.pk).update(birth_date="1985-01-01")
    return other.reference


def test_looking_at_a_request_is_recorded_before_it_is_shown() -> None:
    request, client = cases.queued(), walk.browser()
    walk.look_up(client, request)
    entry = AuditLog.objects.get(action="request.status_viewed")
    assert request.peserta
    assert (entry.object_id, entry.subject) == (str(request.pk), request.peserta.uuid)


def test_guesses_from_one_connection_are_limited_and_explained() -> None:
    request = cases.queued()
    with walk.clock(walk.full_hour()):
        wrong = [walk.look_up(walk.browser(), cases.queued(), birth_date="18-05-1990") for _ in range(10)]
        assert {page.status_code for page in wrong} == {200}
        limited = [walk.look_up(walk.browser(), request) for _ in range(3)]
    assert {page.status_code for page in limited} == {429}
    assert "Please try again in 16 minutes" in walk.words(limited[0])
    assert AuditLog.objects.filter(action="request.status_refused", reason="too_many").count() == 1


def test_guesses_at_one_reference_are_limited_from_wherever_they_come() -> None:
    request = cases.queued()
    with walk.clock() as passes:
        for number in range(5):
            client = Client(REMOTE_ADDR=f"203.0.113.{number}", headers={"accept-language": "en"})
            walk.look_up(client, request, birth_date=f"{number + 1:02}-01-1980")
        client = Client(REMOTE_ADDR="203.0.113.99", headers={"accept-language": "en"})
        assert walk.look_up(client, request).status_code == 429
        passes(timedelta(minutes=15, seconds=15))  # what is counted is forgotten by the quarter of a minute
        assert walk.where(walk.look_up(client, request)) == "case"


def test_one_connection_sends_twenty_requests_an_hour() -> None:
    with walk.clock(walk.full_hour()):
        for number in range(20):
            assert walk.where(walk.to_code(walk.browser(), new_phone=f"0813{number:08}")) == "code"
        client = walk.browser()
        page = walk.to_code(client, new_phone="081399999999")
    assert page.status_code == 429
    assert "Please try again in 61 minutes" in walk.words(page)
    assert PhoneChangeRequest.objects.count() == 20
    assert AuditLog.objects.filter(action="request.intake_refused", reason="too_many").count() == 1


def test_one_connection_sends_two_hundred_photos_an_hour() -> None:
    from jknoffice.accounts import limits as counters
    from verification.portal import limits

    request, client = cases.in_state(Status.NEEDS_INFO), walk.browser()
    with walk.clock():
        walk.open_fully(client, request)
        walk.give_data(client, make.peserta())
        for _ in range(limits.PHOTOS.most):
            assert counters.count(limits.PHOTOS, "127.0.0.1")
        for name in ("resend", "ktp"):
            page = client.post(walk.address(name), {"photo": pictures.upload()})
            assert page.status_code == 429
            assert "Too many attempts" in walk.words(page)
    assert AuditLog.objects.filter(action="request.correction_refused", reason="too_many").count() == 1
    request.refresh_from_db()
    assert request.status == Status.NEEDS_INFO
