"""Walking through the participants' door as a browser without scripts does."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any, TypeAlias
from unittest.mock import patch

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.models import Peserta
from tests import cases, pictures
from tests.verification import said
from verification.models import PhoneChangeRequest

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

Page: TypeAlias = "_MonkeyPatchedWSGIResponse"

NEW_PHONE = "0812-9876-5432"
WRONG = "999999"


def browser() -> Client:
    """A browser that asks for English, so that tests can name what they read."""
    return Client(headers={"accept-language": "en"})


def address(name: str) -> str:
    return reverse(f"portal:{name}")


def typed(peserta: Peserta | None = None, **given: Any) -> dict[str, Any]:
    """What is typed in step 1."""
    data = {
        "identifier": peserta.nik if peserta else "3171011705909999",
        "birth_date": "17-05-1990",
        "new_phone": NEW_PHONE,
        "reason": "lost_phone",
    }
    return data | given


def give_data(client: Client, peserta: Peserta | None = None, **given: Any) -> Page:
    return client.post(address("data"), typed(peserta, **given), follow=True)


def give_photo(client: Client, name: str, file: SimpleUploadedFile | None = None) -> Page:
    return client.post(address(name), {"photo": file or pictures.upload()}, follow=True)


def to_check(client: Client, peserta: Peserta | None = None, **given: Any) -> Page:
    give_data(client, peserta, **given)
    give_photo(client, "ktp")
    return give_photo(client, "card")


def send(client: Client) -> Page:
    return client.post(address("check"), follow=True)


def to_code(client: Client, peserta: Peserta | None = None, **given: Any) -> Page:
    to_check(client, peserta, **given)
    return send(client)


def newest() -> PhoneChangeRequest:
    return PhoneChangeRequest.objects.latest("pk")


def give_code(client: Client, code: str | None = None) -> Page:
    return client.post(address("code"), {"code": code or cases.code_of(newest())}, follow=True)


def look_up(client: Client, request: PhoneChangeRequest, **given: Any) -> Page:
    data = {"reference": request.reference, "birth_date": f"{request.birth_date:%d-%m-%Y}"}
    return client.post(address("status"), data | given, follow=True)


def private(request: PhoneChangeRequest) -> str:
    """Where the link in the SMS leads that the request has arrived."""
    (message,) = said.waiting(request, "received_new")
    return said.link_of(message).removeprefix(settings.JKN_SITE_URL)


def open_fully(client: Client, request: PhoneChangeRequest) -> Page:
    """Open a request by the link that was sent to its new number."""
    return client.get(private(request), follow=True)


def not_me(request: PhoneChangeRequest) -> str:
    return reverse("portal:not_me", args=[said.secret_of(request)])


def where(page: Page) -> str:
    """The name of the page on which one has arrived."""
    return str(page.resolver_match.url_name)


NAMES = "start leave data ktp card check code code_again done status case resend cancel proof proof_send save".split()


def words(page: Page) -> str:
    """The page as text without tags, in one line."""
    main = page.content.decode().partition("<main")[2].partition("</main>")[0].partition(">")[2]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip())


def full_hour() -> datetime:
    """The moment at which the windows of all limits have last begun."""
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@contextmanager
def clock(start: datetime | None = None) -> Iterator[Any]:
    """Stop the time; calling what this gives lets that much of it pass."""
    now = [start or timezone.now()]

    def passes(time: timedelta) -> None:
        now[0] += time

    # The database's clock does not move.
    with patch("django.utils.timezone.now", lambda: now[0]), patch("jknoffice.clock.now", lambda: now[0]):
        yield passes
