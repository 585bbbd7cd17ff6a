"""What tests of the register's pages share."""

from typing import Any

from django.test import Client
from django.urls import reverse

from jknoffice.accounts.models import User
from participants.models import Peserta
from tests import make

SEARCH = "admin:participants_peserta_changelist"


def client_of(user: User) -> Client:
    """The browser of staff, in English."""
    client = make.logged_in(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def search(client: Client, typed: str) -> Any:
    """The answer to a search, after the redirect."""
    return client.post(reverse(SEARCH), {"q": typed}, follow=True)


def found(answer: Any) -> list[Peserta]:
    """Whom the page of results lists."""
    return [peserta for peserta, _ in answer.context["people"]]


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def page_of(peserta: Peserta) -> str:
    return reverse("admin:participants_peserta_person", args=[peserta.uuid])
