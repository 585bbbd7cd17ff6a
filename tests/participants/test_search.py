"""The search: by what it finds people, what it shows, what it records, and what it refuses."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit import finders
from jknoffice.audit.models import AuditLog
from jknoffice.audit.values import State, Why, reveal
from participants import identifiers, phone
from participants import search as searching
from participants.models import Peserta
from participants.search import LIMIT, MOST, Kind, find_subject
from tests import make
from tests.participants.visits import SEARCH, client_of, found, search, text_of

pytestmark = pytest.mark.django_db

NIK = "3171011705900001"
CARD = "0001234567890"
KK = "3171010101200007"
PHONE = "+6281234567890"


@pytest.fixture
def siti() -> Peserta:
    make.peserta(name="SITI LAIN")
    return make.peserta(
        name="SITI NUR AMINAH", nik=NIK, card_number=CARD, kk_number=KK, phone=PHONE, birth_date=date(1988, 3, 12)
    )


@pytest.fixture
def user() -> User:
    return make.staff()


@pytest.fixture
def client(user: User) -> Client:
    return client_of(user)


def last_entry() -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(AuditLog.objects.latest("pk").entry)
    return entry


WAYS = {
    "nik": ({"number": NIK}, Kind.NIK),
    "nik in groups": ({"number": " 3171 0117-0590.0001 "}, Kind.NIK),
    "kk": ({"number": KK}, Kind.KK),
    "card": ({"number": CARD}, Kind.CARD),
    "phone": ({"number": "0812-3456-7890"}, Kind.PHONE),
    "phone with country": ({"number": "+62 812 3456 7890"}, Kind.PHONE),
    "name": ({"name": "siti nur aminah", "birth_date": "1988-03-12"}, Kind.NAME),
    "name in another order": ({"name": "  AMIN   Siti", "birth_date": "12-03-1988"}, Kind.NAME),
    "date in digits": ({"name": "Nur", "birth_date": "12031988"}, Kind.NAME),
    "date with slashes": ({"name": "Nur", "birth_date": "12/03/1988"}, Kind.NAME),
}


@pytest.mark.parametrize(("typed", "kind"), WAYS.values(), ids=WAYS)
def test_a_person_is_found_and_the_search_recorded(
    client: Client, user: User, siti: Peserta, typed: dict[str, str], kind: Kind
) -> None:
    assert found(search(client, **typed)) == [siti]
    entry = last_entry()
    assert entry["action"] == "peserta.searched"
    assert entry["actor"] == user.username
    assert entry["subject"] == str(siti.uuid)
    assert entry["after"] == {"search": kind.value, "count": 1, "cut_off": False}


MISSES = {
    "another nik": {"number": "3171011705909999"},
    "another card": {"number": "0009999999999"},
    "another phone": {"number": "081299999999"},
    "another date": {"name": "SITI NUR AMINAH", "birth_date": "1988-03-13"},
    "the middle of a word": {"name": "ITI", "birth_date": "1988-03-12"},
    "a wildcard": {"name": "%%%", "birth_date": "1988-03-12"},
    "another wildcard": {"name": "___", "birth_date": "1988-03-12"},
    "a name that nobody has": {"name": "SITI ZZZ", "birth_date": "1988-03-12"},
}


@pytest.mark.parametrize("typed", MISSES.values(), ids=MISSES)
def test_nobody_fits_and_that_is_recorded_too(client: Client, siti: Peserta, typed: dict[str, str]) -> None:
    answer = search(client, **typed)
    assert found(answer) == []
    assert "Nobody in the register fits" in text_of(answer)
    assert last_entry()["after"]["count"] == 0


def test_what_was_typed_is_kept_for_auditors_only(client: Client, siti: Peserta) -> None:
    search(client, number=NIK)
    row = AuditLog.objects.latest("pk")
    assert NIK not in row.entry
    value = reveal(entry=row, by=make.staff(Role.AUDITOR), why=Why.SAMPLE)
    assert [(each.field, each.state, each.text) for each in value] == [("query", State.OPEN, NIK)]


@pytest.mark.parametrize("typed", [{"number": NIK}, {"number": PHONE}, {"name": "SITI", "birth_date": "1988-03-12"}])
def test_no_address_names_what_was_typed(client: Client, siti: Peserta, typed: dict[str, str]) -> None:
    answer = client.post(reverse(SEARCH), typed)
    for secret in (NIK, CARD, PHONE[3:], "SITI", "1988", str(siti.pk)):
        assert secret not in answer["Location"].partition("results/")[0]
    shown = text_of(client.get(answer["Location"]))
    links = [part.split('"')[0] for part in shown.split('href="')[1:]]
    assert any(str(siti.uuid) in link for link in links)
    for link in links:
        assert NIK not in link
        assert "SITI" not in link
    title = shown.split("<title>")[1].split("</title>")[0]
    assert "SITI" not in title
    assert NIK not in title


def test_an_id_of_a_search_is_random(client: Client, siti: Peserta) -> None:
    addresses = {client.post(reverse(SEARCH), {"number": NIK})["Location"] for _ in range(3)}
    assert len(addresses) == 3


def test_numbers_are_masked_among_the_results(client: Client, siti: Peserta) -> None:
    shown = text_of(search(client, number=NIK))
    for secret in (NIK, identifiers.show(NIK), PHONE, phone.show(PHONE), CARD, KK):
        assert secret not in shown
    for mask in (identifiers.mask(NIK), phone.mask(PHONE), siti.branch.name, "SITI NUR AMINAH", "Active"):
        assert mask in shown


def test_before_a_search_nobody_is_listed(client: Client, siti: Peserta) -> None:
    shown = text_of(client.get(reverse(SEARCH)))
    assert siti.name not in shown
    assert str(siti.uuid) not in shown
    assert not AuditLog.objects.filter(action__startswith="peserta.").exists()


def test_a_family_shares_a_number_and_all_of_it_is_found(client: Client) -> None:
    family = [make.peserta(name=f"ANAK {n}", kk_number=KK, phone=PHONE) for n in range(3)]
    assert found(search(client, number=KK)) == family
    assert found(search(client, number="081234567890")) == family
    assert last_entry()["subject"] not in {str(each.uuid) for each in family}


def test_at_most_fifty_are_shown_and_the_page_says_so(client: Client) -> None:
    branch = make.branch()
    for _ in range(MOST + 1):
        make.peserta(phone=PHONE, branch=branch)
    answer = search(client, number="081234567890")
    assert len(found(answer)) == MOST
    assert "More than 50 people fit" in text_of(answer)
    assert last_entry()["after"] == {"search": "by_phone", "count": MOST, "cut_off": True}


def test_a_number_that_can_be_read_in_two_ways_is_looked_for_in_both(client: Client) -> None:
    by_card = make.peserta(card_number="0812345678901", phone=None)
    assert found(search(client, number="0812345678901")) == [by_card]
    by_phone = make.peserta(phone="+62812345678902")
    assert found(search(client, number="0812345678902")) == [by_phone]
    by_other_card = make.peserta(card_number="0812345678902", phone=None)
    assert set(found(search(client, number="0812345678902"))) == {by_other_card, by_phone}
    assert last_entry()["after"] == {"search": "by_card", "count": 2, "cut_off": False}
    by_nik = make.peserta(nik=KK)
    relatives = [make.peserta(kk_number=KK) for _ in range(MOST)]
    assert len(set(found(search(client, number=KK))) & {by_nik, *relatives}) == MOST
    assert last_entry()["after"] == {"search": "by_nik", "count": MOST, "cut_off": True}


BAD_NUMBERS = [
    "",
    "12",
    "317101170590000",
    "٠٨١٢٣٤٥٦٧٨٩٠",
    "+6591234567",
    "0215201590",
    "a" * 10_000,
    "9" * 41,
    "\x00",
    "' OR 1=1",
]
BAD_NAMES = [
    ("", "1988-03-12", "name"),
    ("SI", "1988-03-12", "name"),
    ("A B C D", "1988-03-12", "name"),
    ("A" * 10_000, "1988-03-12", "name"),
    ("SITI\x00", "1988-03-12", "name"),
    ("SITI", "", "birth_date"),
    ("SITI", "1988-02-30", "birth_date"),
    ("SITI", "0000-00-00", "birth_date"),
    ("SITI", "0001-01-01", "birth_date"),
    ("SITI", "9999-12-31", "birth_date"),
    ("SITI", "1988-03-12\x00", "birth_date"),
    ("SITI", "99999-01-01", "birth_date"),
    ("SITI", "٠١-٠١-١٩٩٠٠", "birth_date"),
    ("SITI", "x" * 10_000, "birth_date"),
]


@pytest.mark.parametrize("number", BAD_NUMBERS, ids=lambda text: ascii(text)[:20])
def test_what_is_no_number_is_told_at_its_field(client: Client, number: str) -> None:
    answer = search(client, number=number)
    assert answer.status_code == 200
    assert answer.context["forms"][0].errors["number"]
    assert not AuditLog.objects.exists()


@pytest.mark.parametrize(("name", "birth_date", "field"), BAD_NAMES, ids=lambda text: ascii(text)[:20])
def test_what_is_no_name_with_a_date_is_told_at_its_field(
    client: Client, name: str, birth_date: str, field: str
) -> None:
    answer = search(client, name=name, birth_date=birth_date)
    assert answer.status_code == 200
    assert list(answer.context["forms"][1].errors) == [field]


def test_whoever_searches_too_often_waits_and_that_is_recorded(
    client: Client, user: User, siti: Peserta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "LIMIT", type(LIMIT)(name="test", most=2, window=timedelta(days=3650)))
    assert found(search(client, number=NIK)) == found(search(client, number=CARD)) == [siti]
    answer = search(client, number=NIK)
    assert "Wait ten minutes" in text_of(answer)
    entry = last_entry()
    assert (entry["action"], entry["reason"]) == ("peserta.search_refused", "too_many_searches")
    assert found(search(client_of(make.staff()), number=NIK)) == [siti]


def test_the_limit_is_sixty_in_ten_minutes() -> None:
    assert (LIMIT.most, LIMIT.window) == (60, timedelta(minutes=10))


def test_results_are_forgotten_after_fifteen_minutes(
    client: Client, siti: Peserta, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = client.post(reverse(SEARCH), {"number": NIK})["Location"]
    assert found(client.get(address)) == [siti]
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = client.get(address, follow=True)
    assert answer.redirect_chain == [(reverse(SEARCH), 302)]
    assert "no longer kept" in text_of(answer)


def test_results_belong_to_the_session_that_searched(client: Client, user: User, siti: Peserta) -> None:
    address = client.post(reverse(SEARCH), {"number": NIK})["Location"]
    for other in (client_of(make.staff()), client_of(user)):
        assert other.get(address)["Location"] == reverse(SEARCH)


def test_a_session_keeps_five_searches(client: Client, siti: Peserta) -> None:
    addresses = [client.post(reverse(SEARCH), {"number": NIK})["Location"] for _ in range(6)]
    assert client.get(addresses[0]).status_code == 302
    assert all(client.get(address).status_code == 200 for address in addresses[1:])


def test_a_session_never_holds_what_was_typed(client: Client, siti: Peserta) -> None:
    search(client, number=NIK)
    search(client, name="SITI NUR", birth_date="1988-03-12")
    stored = str(dict(client.session.items()))
    assert NIK not in stored
    assert "SITI" not in stored


@pytest.mark.parametrize("search_id", ["x", "%00", "..", "é" * 20, "a" * 5000])
def test_an_id_that_is_none_leads_to_a_new_search(client: Client, search_id: str) -> None:
    assert client.get(f"/admin/participants/peserta/results/{search_id}/").status_code in {302, 404}


def test_the_log_finds_a_persons_trail_by_their_numbers(siti: Peserta) -> None:
    for text in (NIK, "3171 0117 0590 0001", CARD, "081234567890"):
        assert find_subject(text) == finders.find(text) == siti.uuid
    for text in (KK, "3171011705909999", "SITI", "", "\x00"):
        assert find_subject(text) is None
    make.peserta(phone=PHONE)
    assert find_subject("081234567890") is None


def test_an_exact_search_uses_an_index(siti: Peserta) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for query in (
        Peserta.objects.filter(nik=NIK),
        Peserta.objects.filter(kk_number=KK),
        Peserta.objects.filter(card_number=CARD),
        Peserta.objects.filter(phone=PHONE),
        Peserta.objects.filter(birth_date=date(1988, 3, 12)),
    ):
        assert "Seq Scan" not in query.explain()
