"""Pages of errors: whole, in both languages, with every header, and without a word of what runs here."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from jknoffice import away, urls
from jknoffice.accounts.limits import Limit
from jknoffice.accounts.login.password import FROM_HERE
from jknoffice.accounts.roles import Role
from jknoffice.errors import PAGES
from jknoffice.refusal import TooOften
from tests import make
from tests.surface.headers import lacks
from tests.verification.api.partner import Partner
from verification.api import door
from verification.portal import limits

pytestmark = pytest.mark.django_db

SECRET = "made-up-3f9c"
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


def raising(error: Exception) -> Callable[..., HttpResponse]:
    def view(*_: object) -> HttpResponse:
        raise error

    return view


def nothing_but(status: int) -> Callable[[HttpRequest], HttpResponse]:
    return lambda _: HttpResponse(status=status)


BROKEN = {
    "forbidden": raising(PermissionDenied(SECRET)),
    "failed": raising(RuntimeError(SECRET)),
    "away": raising(OperationalError(SECRET)),
    "often": raising(TooOften(timedelta(seconds=90))),
    **{f"bare{status}": nothing_but(status) for status in PAGES},
}


@pytest.fixture(autouse=True)
def _broken(settings: Any) -> None:
    """Put addresses that fail before those of the product, among the pages of staff and of participants."""
    assert settings.DEBUG is False
    added = [path(f"{where}{name}", view) for where in ("admin/broken/", "broken/") for name, view in BROKEN.items()]
    settings.ROOT_URLCONF = type("Urls", (), {**vars(urls), "urlpatterns": [*added, *urls.urlpatterns]})


def browser(language: str = "en") -> Client:
    return Client(raise_request_exception=False, headers={"accept": HTML, "accept-language": language})


def assert_page(answer: Any, status: int, headline: str, language: str = "en") -> str:
    """Check what holds for every page of an error, and return its words."""
    html: str = answer.content.decode()
    assert answer.status_code == status
    assert lacks(answer) == []
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers.get("Content-Length", str(len(answer.content))) == str(len(answer.content))
    assert "no-store" in answer.headers["Cache-Control"]
    assert f'<html lang="{language}">' in html
    assert re.findall(r"<h1>(.*?)</h1>", html) == [headline]
    assert html.count("jkn-button") == 1
    for told in ("<script", " style=", "<form", "Django", "Python", "Traceback", "Error at", "nginx", SECRET, "5.2"):
        assert told not in html
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)
    return " ".join(re.sub("<[^>]+>", " ", html).split())


HEADLINES = {
    400: ("We could not read what was sent", "Kiriman Anda tidak dapat kami baca"),
    403: ("You may not open this page", "Anda tidak dapat membuka halaman ini"),
    404: ("There is no such page", "Halaman tidak ditemukan"),
    405: ("This address is not for looking at", "Alamat ini bukan untuk dibuka"),
    413: ("What was sent is too large", "Kiriman terlalu besar"),
    429: ("Too many attempts", "Terlalu banyak percobaan"),
    500: ("Something went wrong on our side", "Terjadi kesalahan pada sistem kami"),
    503: ("We are away for a moment", "Layanan sedang tidak tersedia"),
}


@pytest.mark.parametrize("where", ["/broken", "/admin/broken"])
@pytest.mark.parametrize("status", sorted(PAGES))
def test_an_answer_that_says_no_more_than_its_status_gets_its_page(status: int, where: str) -> None:
    for language, headline in zip(("en", "id"), HEADLINES[status], strict=True):
        words = assert_page(browser(language).get(f"{where}/bare{status}"), status, headline, language)
        assert ("165" in words) is (where == "/broken")
        assert ("JKN Office" in words) is (where != "/broken")


def test_what_is_no_browser_gets_no_page() -> None:
    for accept in ("", "*/*", "application/json"):
        assert Client(headers={"accept": accept}).get("/broken/bare404").content == b""


@pytest.mark.parametrize(
    ("name", "status"), [("forbidden", 403), ("failed", 500), ("away", 503), ("often", 429), ("nowhere", 404)]
)
@pytest.mark.parametrize("where", ["/broken", "/admin/broken"])
def test_what_fails_is_told_without_its_cause(where: str, name: str, status: int) -> None:
    client = make.logged_in(make.staff(), browser()) if where != "/broken" else browser()
    answer = client.get(f"{where}/{name}")
    assert_page(answer, status, HEADLINES[status][0])
    assert answer.headers.get("Retry-After") == {429: "90", 503: str(away.RETRY_SECONDS)}.get(status)


def test_a_host_that_is_not_ours_is_told_nothing() -> None:
    assert_page(browser().get("/", headers={"host": "example.org"}), 400, HEADLINES[400][0])


def test_a_form_that_is_cut_off_is_told_so() -> None:
    answer = browser().post(reverse("portal:data"), b"--", content_type="multipart/form-data")
    assert_page(answer, 400, HEADLINES[400][0])


@pytest.mark.parametrize(
    "sent", [b"a=" + b"x" * 2_000_000, b"&".join(b"a%d=1" % number for number in range(1100))], ids=["bytes", "fields"]
)
@pytest.mark.parametrize("name", ["portal:data", "admin:login"])
def test_too_much_in_a_form_is_413(name: str, sent: bytes) -> None:
    answer = browser().post(reverse(name), sent, content_type="application/x-www-form-urlencoded")
    assert_page(answer, 413, HEADLINES[413][0])


def test_a_button_of_the_desk_that_is_opened_is_405() -> None:
    client = make.logged_in(make.staff(Role.OPERATOR), browser())
    answer = client.get(reverse("admin:verification_claim", args=["AAAAAAAA"]))
    assert_page(answer, 405, HEADLINES[405][0])
    assert answer.headers["Allow"] == "POST"


def test_who_has_no_right_is_told_whom_to_ask() -> None:
    client = make.logged_in(make.staff(Role.AUDITOR), browser())
    words = assert_page(client.get(reverse("admin:participants_peserta_changelist")), 403, HEADLINES[403][0])
    assert "ask your supervisor" in words


@pytest.mark.parametrize(
    ("name", "given", "limit"),
    [("admin:login", [], FROM_HERE), ("account:login", [], FROM_HERE), ("portal:not_me", ["x"], limits.NOT_ME)],
)
def test_pages_that_refuse_for_a_while_say_for_how_long(name: str, given: list[str], limit: Limit) -> None:
    client, sent = browser(), {"username": "nobody", "name": "nobody", "password": "x"}
    answers = [client.post(reverse(name, args=given), sent) for _ in range(limit.most + 1)]
    length = limit.window.total_seconds()
    assert [answer.status_code == 429 for answer in answers] == [False] * limit.most + [True]
    assert length * 0.95 < int(answers[-1].headers["Retry-After"]) <= length * 1.02 + 1


CSRF = "This form was not accepted"


def test_a_form_without_a_cookie_says_to_allow_cookies() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    words = assert_page(client.post(reverse("admin:login"), {"username": "x"}), 403, CSRF)
    assert "Allow cookies" in words


def test_a_form_from_elsewhere_says_to_close_that_page() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.get(reverse("admin:login"))
    answer = client.post(reverse("admin:login"), {"username": "x"}, headers={"origin": "https://example.org"})
    assert "another site" in assert_page(answer, 403, CSRF)


def test_an_old_form_says_to_reload_in_the_language_of_the_page() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "id"})
    client.get(reverse("admin:login"))
    answer = client.post(reverse("admin:login"), {"username": "x", "csrfmiddlewaretoken": "x" * 64})
    assert "muat ulang" in assert_page(answer, 403, "Formulir ini tidak diterima", "id")


def assert_problem(answer: Any, status: int) -> None:
    told = json.loads(answer.content)
    assert (answer.status_code, told["status"]) == (status, status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "code", "detail"} <= set(told)
    assert lacks(answer) == []
    assert SECRET not in answer.content.decode()


def test_the_api_tells_problems_in_its_own_form(monkeypatch: pytest.MonkeyPatch) -> None:
    client, partner = browser(), Partner()
    start = "/api/v1/requests"
    assert_problem(client.post(start, b"--", content_type="multipart/form-data", headers=partner.headers()), 400)
    assert_problem(client.get("/api/v1/nowhere"), 404)
    assert_problem(client.delete(start), 405)
    assert_problem(client.post(start, "x" * 100_000, content_type="application/json"), 413)
    for error, status in ((RuntimeError(SECRET), 500), (OperationalError(SECRET), 503)):
        monkeypatch.setattr(door, "held", raising(error))
        assert_problem(client.get(f"{start}/AAAAAAAA", headers=partner.headers(x_request_token="x")), status)
