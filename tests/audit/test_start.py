"""The start page and the search for a trail."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog, AuditValue
from tests import make
from tests.audit.entries import write
from tests.audit.visits import START, text_of

pytestmark = pytest.mark.django_db


def test_a_search_leads_to_the_trail_without_the_number_in_the_address(client: Client, auditor: User) -> None:
    person = make.peserta()
    response = client.post(reverse("admin:audit_search"), {"text": f" {person.nik} "})
    assert response.status_code == 302
    assert response["Location"] == reverse("admin:audit_trail", args=[person.uuid])
    entry = AuditLog.objects.get()
    assert (entry.action, entry.actor, entry.subject) == ("audit.searched", auditor.username, person.uuid)
    assert person.nik not in entry.entry
    assert AuditValue.objects.get().field == "query"


def test_a_search_that_finds_nobody_says_so_and_is_recorded(client: Client) -> None:
    page = text_of(client.post(reverse("admin:audit_search"), {"text": "3171011705900001"}))
    assert "Nobody in the register has exactly this number" in page
    assert AuditLog.objects.get().action == "audit.searched"


@pytest.mark.parametrize("text", ["", " ", "a\0b", "1" * 41, None])
def test_a_search_for_nonsense_is_told_so(text: str | None, client: Client) -> None:
    response = client.post(reverse("admin:audit_search"), {} if text is None else {"text": text})
    assert response.status_code == 200
    assert "errorlist" in text_of(response)
    assert not AuditLog.objects.exists()


def test_only_who_reads_everything_is_offered_the_search() -> None:
    for role in Role:
        page = text_of(make.logged_in(make.staff(role)).get(reverse(START)))
        assert (reverse("admin:audit_search") in page) is (role is Role.AUDITOR)


def test_the_start_page_counts_today_in_jakarta(client: Client) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    assert midnight.utcoffset() == timedelta(hours=7)
    write("thing.taken", at=midnight - timedelta(microseconds=1))
    write("thing.take_refused", at=midnight - timedelta(microseconds=1), reason="yesterday")
    for _ in range(2):
        write("thing.taken", at=midnight)
    write("thing.take_refused", at=midnight, reason="today")
    page = text_of(client.get(reverse(START)))
    counts = re.findall(r">([\w.]+)</a></dt>\s*<dd>(\d+)</dd>", page)
    assert counts == [("thing.taken", "2"), ("thing.take_refused", "1")]
    assert "· today" in page
    assert "yesterday" not in page


def test_an_empty_day_says_so(client: Client) -> None:
    page = text_of(client.get(reverse(START)))
    assert "Nothing has been recorded today." in page
    assert "Nobody has been refused anything today." in page
