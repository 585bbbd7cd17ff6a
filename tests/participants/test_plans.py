"""No page of the register reads a whole table: the queries of real requests, explained over 100,000 people."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks.generate_register import fill
from jknoffice.accounts.roles import Role
from jknoffice.audit.looks import who_saw
from participants.models import ImportBatch, Peserta
from participants.searching import search
from participants.views.addresses import addresses
from tests import make
from tests.audit.many import analyse, generate
from tests.plans import scans

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

BIG = ("participants_peserta", "verification_phonechangerequest", "audit_auditlog")
ROWS = 100_000
_REQUESTS = """
INSERT INTO verification_phonechangerequest (
    submission, reference, peserta_id, branch_id, birth_date, old_phone, new_phone, channel, reason, language, status,
    version, signals, address_hash, submitted_at, decision_reason, asked_document, asked_fault
)
SELECT gen_random_uuid(), 'T' || id, id, branch_id, birth_date, coalesce(phone, ''), '+62812' || lpad(id::text, 8, '0'),
    'lost_access', 'lost_phone', 'id', 'awaiting_code', 1, '[]', '', now(), '', '', ''
FROM participants_peserta
"""
_SEARCHES = """
INSERT INTO audit_auditlog (entry, mac)
SELECT jsonb_set(jsonb_set(entry::jsonb, '{uuid}', to_jsonb(gen_random_uuid())), '{after}', jsonb_build_object(
    'shown', (SELECT jsonb_agg(md5((audit_auditlog.id + n)::text)::uuid) FROM generate_series(1, 10) AS n)
))::text, mac FROM audit_auditlog WHERE action = 'peserta.searched'
"""


def make_register() -> None:
    """100,000 people, a request of each, and more entries in the log, some of searches that showed ten people."""
    fill(ROWS)
    generate(ROWS)
    with connection.cursor() as cursor:
        cursor.execute(_SEARCHES)
        analyse()
        cursor.execute(_REQUESTS)
        cursor.execute("ANALYZE verification_phonechangerequest")
        # The rows are checked now, not at the end of the test, where the patience of the search would still hold.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def texts(person: Peserta) -> list[str]:
    """Everything that can be typed to find somebody, and to find many."""
    born = f"{person.birth_date:%d-%m-%Y}"
    first, *_, last = person.name.split()
    most_shared = Peserta.objects.filter(phone__startswith="+6281000000").earliest("pk").phone
    return [
        person.nik,
        person.kk_number,
        person.card_number,
        most_shared or "",
        "0812345678901",
        f"{first} {last} {born}",
        f"{first} {born}",
        f"{first}xx {last} {born}",
        first,
        f"{first[:3]} {last[:1]}",
        f"{first}xx {last}",
    ]


def visit_register(client: Client, person: Peserta) -> set[str]:
    """Ask for every page of the register; return the names of their addresses."""
    start = reverse("admin:participants_peserta_changelist")
    client.get(start)
    for text in texts(person):
        results = client.post(start, {"q": text})["Location"]
        assert client.get(results).status_code == 200
        # Not every search has a second page; those that lead nowhere answer too.
        assert client.post(f"{results}more/", follow=True).status_code == 200
    pages = {"results", "more", "changelist"}
    for name in ("person", "family", "number"):
        page = reverse(f"admin:participants_peserta_{name}", args=[person.uuid])
        assert [client.get(page, {"after": after}).status_code for after in ("", "50000")] == [200, 200]
        pages.add(name)
    reveal = reverse("admin:participants_peserta_reveal", args=[person.uuid])
    assert client.post(reveal, {"why": "on_the_line", "field": "nik"}).status_code == 200
    copied = reverse("admin:participants_peserta_copied", args=[person.uuid])
    assert client.post(copied, {"field": "nik"}).status_code == 204
    return pages | {"reveal", "copied"}


def lists(model_admin: "ModelAdmin[ImportBatch]") -> Iterator[dict[str, str]]:
    """Every query of a change list: sorted by each column, filtered by each filter and day, searched, paged."""
    for number, _ in enumerate(model_admin.list_display, start=1):
        yield from ({"o": f"{number}"}, {"o": f"-{number}"})
    yield from ({str(each): "1"} for each in model_admin.list_filter)
    if day := model_admin.date_hierarchy:
        yield from ({f"{day}__year": "2026"}, {f"{day}__year": "2026", f"{day}__month": "11", f"{day}__day": "23"})
    yield from ({"q": "a"}, {"p": "2"}, {"all": ""}, {})


def visit_imports(client: Client) -> None:
    """Ask for every list of the imports, and for one of them."""
    batch = ImportBatch.objects.create(
        file_name="a.csv",
        sha256="0" * 64,
        rows=1,
        created=1,
        updated=0,
        unchanged=0,
        refused=0,
        imported_at=timezone.now(),
    )
    page = reverse("admin:participants_importbatch_changelist")
    for query in lists(admin.site.get_model_admin(ImportBatch)):
        assert client.get(page, query).status_code in {200, 302}
    assert client.get(reverse("admin:participants_importbatch_change", args=[batch.pk])).status_code == 200
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.django_db
def test_no_page_of_the_register_reads_a_whole_table(monkeypatch: pytest.MonkeyPatch) -> None:
    make_register()
    monkeypatch.setattr(search, "LIMIT", type(search.LIMIT)(name="test", most=10**6, window=timedelta(days=3650)))
    person = Peserta.objects.exclude(phone=None).order_by("pk")[ROWS // 3]
    with CaptureQueriesContext(connection) as queries:
        visited = visit_register(make.logged_in(make.staff(branch=person.branch)), person)
        visit_imports(make.logged_in(make.staff(Role.DATA_ADMIN)))
        who_saw(subject=person.uuid, by=make.staff(Role.AUDITOR))
    assert {f"participants_peserta_{name}" for name in visited} == {str(each.name) for each in addresses(admin.site)}
    assert scans(queries, of=BIG) == []


@pytest.mark.django_db
def test_a_scan_would_be_noticed() -> None:
    fill(3000)
    with CaptureQueriesContext(connection) as queries:
        list(Peserta.objects.filter(name__contains="SITI")[:25])
        list(Peserta.objects.filter(facility="PUSKESMAS"))
        list(Peserta.objects.filter(nik="3171011705900001"))
    assert len(scans(queries, of=BIG)) == 2
