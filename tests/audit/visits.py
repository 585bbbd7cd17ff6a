"""Every page of the log, for tests that visit them."""

import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

START = "admin:audit_auditlog_changelist"
ENTRIES = "admin:audit_entries"
SUBJECT = uuid.UUID(int=7)


def in_english(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def pages(pk: int) -> dict[str, tuple[str, str]]:
    """Method and address of every page."""
    return {
        "start": ("get", reverse(START)),
        "entries": ("get", reverse(ENTRIES)),
        "trail": ("get", reverse("admin:audit_trail", args=[SUBJECT])),
        "lookers": ("get", reverse("admin:audit_lookers", args=[SUBJECT])),
        "proof": ("get", reverse("admin:audit_proof", args=[pk])),
        "entry": ("get", reverse("admin:audit_auditlog_change", args=[pk])),
        "search": ("post", reverse("admin:audit_search")),
        "reveal": ("post", reverse("admin:audit_reveal", args=[pk])),
    }


FORM = {"search": {"text": "0000000000000000"}, "reveal": {"why": "complaint"}}
PAGES = list(pages(0))


def visit(client: Client, page: str, pk: int) -> Any:
    method, address = pages(pk)[page]
    return getattr(client, method)(address, FORM.get(page, {}))
