"""What every page has, in every state and language, and the pages of errors."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests import cases, make, pictures
from tests.verification.portal import walk
from verification.models.choices import RejectReason
from verification.portal.telling import REASONS, TELLINGS
from verification.states import Role, Status, Verb, verbs_from

pytestmark = pytest.mark.django_db


def _is_whole(page: walk.Page) -> None:
    """Check what holds for every page: one h1, a way past the header, both languages, nothing from elsewhere."""
    html = page.content.decode()
    assert html.count("<h1>") == 1
    assert 'name="viewport"' in html
    assert 'href="#content"' in html
    assert not re.search(r'<script(?! src="/static/)', html)
    assert " style=" not in html
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)
    labelled = set(re.findall(r'<label for="([^"]+)"', html))
    inputs = re.findall(r"<input(?![^>]*type=\"hidden\")[^>]* id=\"([^\"]+)\"", html)
    assert set(inputs) <= labelled
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("status", Status)
def test_the_status_page_says_in_words_where_a_request_stands(status: Status, language: str) -> None:
    request, client = cases.in_state(status), Client(headers={"accept-language": language})
    page = walk.look_up(client, request)
    assert walk.where(page) == "case"
    _is_whole(page)
    html = page.content.decode()
    assert f'<html lang="{language}">' in html
    assert "%(" not in html
    mine = verbs_from(status, Role.PARTICIPANT)
    assert (f'href="{walk.address("cancel")}"' in html) is (Verb.CANCEL in mine)
    assert (f'<a class="jkn-button" href="{walk.address("proof")}"' in html) is (Verb.RESEND in mine)
    assert (f'href="{walk.address("code")}"' in html) is (status is Status.AWAITING_CODE)
    assert request.new_phone[3:] not in re.sub(r"\D", "", walk.words(page))


def test_each_state_and_each_reason_has_its_words() -> None:
    assert set(TELLINGS) == set(Status)
    assert set(REASONS) == set(RejectReason)


def test_each_step_is_whole_and_says_how_far_one_has_come() -> None:
    client = walk.browser()
    _is_whole(client.get(walk.address("start")))
    pages = [client.get(walk.address("data")), walk.give_data(client, make.peserta())]
    pages += [walk.give_photo(client, "ktp"), walk.give_photo(client, "card"), walk.send(client)]
    for number, page in enumerate(pages, start=1):
        _is_whole(page)
        assert f"Step {number} of 5" in walk.words(page)
    _is_whole(walk.give_code(client))
    _is_whole(client.get(walk.address("status")))
    walk.look_up(client, cases.queued())
    _is_whole(client.get(walk.address("proof")))
    walk.open_fully(client, cases.queued())
    _is_whole(client.get(walk.address("cancel")))


def test_an_error_is_told_in_the_title_at_the_top_and_at_the_field() -> None:
    page = walk.browser().post(walk.address("data"), walk.typed(identifier="123"))
    html = page.content.decode()
    _is_whole(page)
    assert "<title>Error: " in html
    assert re.search(r'role="alert" tabindex="-1" autofocus>', html)
    assert 'href="#id_identifier"' in html
    assert 'aria-describedby="id_identifier_helptext id_identifier_error"' in html


def test_the_language_is_switched_on_every_page() -> None:
    client = Client()
    assert '<html lang="id">' in client.get(walk.address("data")).content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": walk.address("data")})
    assert '<html lang="en">' in client.get(walk.address("data")).content.decode()


def test_the_demo_messages_are_linked_only_where_there_are_any() -> None:
    client = walk.browser()
    page = walk.to_code(client, make.peserta())
    try:
        linked = reverse("demo:sms")
    except NoReverseMatch:
        assert "Demo" not in walk.words(page)
    else:
        assert f'href="{linked}"' in page.content.decode()


def test_a_form_without_its_token_is_explained_in_our_words() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    for name in ("data", "ktp", "resend", "leave"):
        page = client.post(walk.address(name), {"x": "1"})
        assert page.status_code == 403
        assert "This form was not accepted" in walk.words(page)
        _is_whole(page)


def test_a_form_with_its_token_passes_also_with_a_photo() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    def token(name: str) -> dict[str, Any]:
        html = client.get(walk.address(name)).content.decode()
        return {"csrfmiddlewaretoken": re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', html)[-1]}

    assert client.post(walk.address("data"), token("data") | walk.typed(make.peserta())).status_code == 302
    photo = {"photo": pictures.upload()}
    assert client.post(walk.address("ktp"), token("ktp") | photo).headers["Location"] == walk.address("card")


def test_an_unknown_address_is_answered_in_our_words() -> None:
    page = walk.browser().get("/no/such/page")
    assert page.status_code == 404
    assert "There is no such page" in walk.words(page)
    _is_whole(page)


def test_a_request_that_is_too_large_is_answered_in_our_words() -> None:
    page = walk.browser().post(walk.address("data"), {"identifier": "1" * 2_000_000})
    assert page.status_code == 413
    assert "too large" in walk.words(page)
    _is_whole(page)
