"""The search: by what it finds people, what it shows, what it records, and what it refuses."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit import finders
from jknoffice.audit.models import AuditLog
from jknoffice.audit.values import State, Why, reveal
from jknoffice.refusal import Refusal
from participants import identifiers, phone
from participants.fields import OLDEST
from participants.models import Peserta
from participants.searching import search as searching
from participants.searching.asked import Kind, Name, read
from participants.searching.finding import MOST
from participants.searching.patience import patience
from participants.searching.search import LIMIT, find_subject
from tests import make
from tests.participants.visits import SEARCH, client_of, found, search, text_of

pytestmark = pytest.mark.django_db

NIK = "3171011705900001"
CARD = "0001234567890"
KK = "3171010101200007"
PHONE = "+6281234567890"


@pytest.fixture
def user() -> User:
    return make.staff()


@pytest.fixture
def siti(user: User) -> Peserta:
    make.peserta(name="SITI LAIN")
    return make.peserta(
        name="SITI NUR AMINAH",
        nik=NIK,
        card_number=CARD,
        kk_number=KK,
        phone=PHONE,
        birth_date=date(1988, 3, 12),
        branch=user.branch,
    )


@pytest.fixture
def client(user: User) -> Client:
    return client_of(user)


def last_entry() -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(AuditLog.objects.latest("pk").entry)
    return entry


WAYS = {
    "nik": (NIK, Kind.NIK),
    "nik in groups": (" 3171 0117-0590.0001 ", Kind.NIK),
    "kk": (KK, Kind.KK),
    "card": (CARD, Kind.CARD),
    "phone": ("0812-3456-7890", Kind.PHONE),
    "phone with country": ("+62 812 3456 7890", Kind.PHONE),
    "phone without plus": ("6281234567890", Kind.PHONE),
    "name": ("siti nur aminah 1988-03-12", Kind.NAME),
    "name in another order": ("  AMIN   Siti 12-03-1988", Kind.NAME),
    "date first": ("12/3/1988 siti", Kind.NAME),
    "date in digits": ("Nur 12031988", Kind.NAME),
    "date in words": ("nur, 12 Maret 1988", Kind.NAME),
    "name in the branch": ("siti nur", Kind.BRANCH_NAME),
    "words left out, in the branch": ("siti aminah", Kind.BRANCH_NAME),
    "misspelt": ("sity nur amina 12-03-1988", Kind.SIMILAR),
    "misspelt in the branch": ("siti nuur aminnah", Kind.SIMILAR),
}


@pytest.mark.parametrize(("typed", "kind"), WAYS.values(), ids=WAYS)
def test_a_person_is_found_and_the_search_recorded(
    client: Client, user: User, siti: Peserta, typed: str, kind: Kind
) -> None:
    answer = search(client, typed)
    assert found(answer) == [siti]
    assert [way for _, way in answer.context["people"]] == [kind]
    assert str(kind.badge) in text_of(answer)
    entry = last_entry()
    assert entry["action"] == "peserta.searched"
    assert entry["actor"] == user.username
    assert entry["subject"] == str(siti.uuid)
    assert entry["after"] == {"search": kind.value, "count": 1, "cut_off": False, "shown": [str(siti.uuid)]}


MISSES = {
    "another nik": ("3171011705909999", Kind.NIK),
    "another card": ("0009999999999", Kind.CARD),
    "another phone": ("081299999999", Kind.PHONE),
    "another date": ("SITI NUR AMINAH 1988-03-13", Kind.NAME),
    "the middle of a word": ("ITIX 1988-03-12", Kind.NAME),
    "a name that nobody has": ("BAMBANG ZZZ 1988-03-12", Kind.NAME),
    "a name that nobody has in the branch": ("BAMBANG", Kind.BRANCH_NAME),
    "the end of the name, in the branch": ("aminah", Kind.BRANCH_NAME),
}


@pytest.mark.parametrize(("typed", "kind"), MISSES.values(), ids=MISSES)
def test_nobody_fits_and_that_is_recorded_too(client: Client, siti: Peserta, typed: str, kind: Kind) -> None:
    answer = search(client, typed)
    assert found(answer) == []
    assert "Nobody in the register fits" in text_of(answer)
    assert last_entry()["after"] == {"search": kind.value, "count": 0, "cut_off": False, "shown": []}


def test_a_name_alone_finds_nobody_of_another_branch(siti: Peserta) -> None:
    for name in ("siti nur aminah", "siti nuur aminnah"):
        assert found(search(client_of(make.staff()), name)) == []
        assert found(search(client_of(make.staff()), f"{name} 12-03-1988")) == [siti]


def test_who_has_no_branch_must_add_the_date_of_birth(siti: Peserta) -> None:
    client = client_of(make.staff(Role.DATA_ADMIN))
    answer = search(client, "siti nur aminah")
    assert "your account belongs to none" in text_of(answer)
    assert found(search(client, "siti nur aminah 12-03-1988")) == [siti]


def test_a_supervisor_searches_by_name_in_their_branch_only(siti: Peserta) -> None:
    there = make.branch(region=siti.branch.region)
    assert found(search(client_of(make.staff(Role.SUPERVISOR, branch=siti.branch)), "siti nur")) == [siti]
    assert found(search(client_of(make.staff(Role.SUPERVISOR, branch=there)), "siti nur")) == []


def test_similar_names_stand_in_the_order_of_likeness(client: Client, user: User) -> None:
    for name in ("SITI AMINATUN", "SITI AMINAH", "SUTRISNO", "SITI RAHAYU"):
        make.peserta(name=name, branch=user.branch)
    answer = search(client, "siti aminnah")
    assert [each.name for each in found(answer)] == ["SITI AMINAH", "SITI AMINATUN"]
    assert "Nobody is called exactly so" in text_of(answer)


def test_initials_need_the_next_word(client: Client, user: User) -> None:
    made = make.peserta(name="I MADE WIRAWAN", branch=user.branch)
    make.peserta(name="IWAN MADE", branch=user.branch)
    assert found(search(client, "i made")) == [made]


def test_what_was_typed_is_kept_for_auditors_only(client: Client, siti: Peserta) -> None:
    search(client, NIK)
    row = AuditLog.objects.latest("pk")
    assert NIK not in row.entry
    value = reveal(entry=row, by=make.staff(Role.AUDITOR), why=Why.SAMPLE)
    assert [(each.field, each.state, each.text) for each in value] == [("query", State.OPEN, NIK)]


@pytest.mark.parametrize("typed", [NIK, PHONE, "SITI 1988-03-12"])
def test_no_address_names_what_was_typed(client: Client, siti: Peserta, typed: str) -> None:
    answer = client.post(reverse(SEARCH), {"q": typed})
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
    addresses = {client.post(reverse(SEARCH), {"q": NIK})["Location"] for _ in range(3)}
    assert len(addresses) == 3


def test_numbers_are_masked_among_the_results(client: Client, siti: Peserta) -> None:
    shown = text_of(search(client, NIK))
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
    assert found(search(client, KK)) == family
    assert found(search(client, "081234567890")) == family
    assert last_entry()["subject"] not in {str(each.uuid) for each in family}


def walk(client: Client, typed: str) -> list[list[Peserta]]:
    """All pages of a search."""
    answer = search(client, typed)
    pages = [found(answer)]
    while answer.context["found"].place:
        more = reverse("admin:participants_peserta_more", args=[answer.context["search_id"]])
        answer = client.post(more, follow=True)
        pages.append(found(answer))
    return pages


@pytest.mark.parametrize("typed", ["081234567890", KK, "siti 12-03-1988", "siti"])
def test_pages_of_25_show_everybody_once(client: Client, user: User, typed: str) -> None:
    many = {
        make.peserta(
            name=f"SITI {number % 7}", kk_number=KK, phone=PHONE, birth_date=date(1988, 3, 12), branch=user.branch
        ).pk
        for number in range(2 * MOST + 1)
    }
    pages = walk(client, typed)
    assert [len(page) for page in pages] == [MOST, MOST, 1]
    assert sorted(each.pk for page in pages for each in page) == sorted(many)
    entries = [json.loads(row.entry)["after"] for row in AuditLog.objects.order_by("pk")]
    assert [entry["cut_off"] for entry in entries] == [True, True, False]
    assert [entry["shown"] for entry in entries] == [sorted(str(each.uuid) for each in page) for page in pages]


def test_the_first_page_estimates_how_many_there_are(client: Client) -> None:
    branch = make.branch()
    for _ in range(60):
        make.peserta(phone=PHONE, branch=branch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE participants_peserta")
    answer = search(client, "081234567890")
    assert answer.context["found"].about == 60
    assert "about 60 people in all (estimated)" in text_of(answer)
    more = reverse("admin:participants_peserta_more", args=[answer.context["search_id"]])
    assert "in all" not in text_of(client.post(more, follow=True))


def test_a_number_that_can_be_read_in_two_ways_is_looked_for_in_both(client: Client) -> None:
    by_card = make.peserta(card_number="0812345678901", phone=None)
    assert found(search(client, "0812345678901")) == [by_card]
    by_phone = make.peserta(phone="+62812345678902")
    assert found(search(client, "0812345678902")) == [by_phone]
    by_other_card = make.peserta(card_number="0812345678902", phone=None)
    answer = search(client, "0812345678902")
    assert found(answer) == [by_other_card, by_phone]
    assert [kind for _, kind in answer.context["people"]] == [Kind.CARD, Kind.PHONE]
    assert last_entry()["after"]["search"] == "by_card"
    by_nik = make.peserta(nik=KK, kk_number=KK)
    relatives = [make.peserta(kk_number=KK) for _ in range(MOST)]
    assert walk(client, KK) == [[by_nik, *relatives[:-1]], relatives[-1:]]


def test_a_deep_page_begins_in_the_middle_of_equal_names(client: Client, user: User) -> None:
    many = [make.peserta(name="SITI", branch=user.branch) for _ in range(MOST + 2)]
    assert walk(client, "siti") == [many[:MOST], many[MOST:]]


def test_the_next_page_counts_as_a_search(client: Client, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(MOST + 1):
        make.peserta(phone=PHONE, branch=user.branch)
    monkeypatch.setattr(searching, "LIMIT", type(LIMIT)(name="test", most=1, window=timedelta(days=3650)))
    answer = search(client, "081234567890")
    more = reverse("admin:participants_peserta_more", args=[answer.context["search_id"]])
    again = client.post(more, follow=True)
    assert "Wait ten minutes" in text_of(again)
    assert found(again) == found(answer)


def test_behind_the_last_page_there_is_nothing_to_ask_for(client: Client, siti: Peserta) -> None:
    answer = search(client, NIK)
    more = reverse("admin:participants_peserta_more", args=[answer.context["search_id"]])
    assert client.post(more)["Location"] == reverse(SEARCH)


def test_a_search_that_takes_too_long_is_broken_off_kindly(
    client: Client, user: User, siti: Peserta, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*args: Any, **kwargs: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr("participants.searching.patience.PATIENCE", timedelta(milliseconds=20))
    monkeypatch.setattr("participants.searching.finding.by_name", slow)
    assert "Add the date of birth or more of the name" in text_of(search(client, "siti"))
    entry = last_entry()
    assert (entry["action"], entry["reason"]) == ("peserta.search_refused", "search_too_slow")
    assert [*entry["pii"]] == ["query"]


def test_other_trouble_of_the_database_is_no_question_of_patience() -> None:
    with pytest.raises(OperationalError, match="no patience"), patience():
        raise OperationalError("no patience")


BAD = {
    "nothing": ("", ""),
    "two digits": ("12", "unreadable_search"),
    "fifteen digits": ("317101170590000", "unreadable_search"),
    "digits of another script": ("٠٨١٢٣٤٥٦٧٨٩٠", "unreadable_search"),
    "another country": ("+6591234567", "unreadable_search"),
    "a landline": ("0215201590", "unreadable_search"),
    "a rounded number": ("3.17E+15", "mangled"),
    "too much": ("a" * 10_000, ""),
    "too many digits": ("9" * 41, "unreadable_search"),
    "NUL": ("SITI\x00", ""),
    "quotation marks": ("' OR 1=1", "unreadable_search"),
    "wildcards": ("%%%", "unreadable_search"),
    "a wildcard in a name": ("SIT_ 12-03-1988", "unreadable_search"),
    "a number beside a name": ("siti 3171011705900001", "unreadable_search"),
    "two dates": ("siti 12-03-1988 13-03-1988", "unreadable_search"),
    "two letters": ("SI 12-03-1988", "name_too_short"),
    "two letters without a date": ("SI", "name_too_short"),
    "single letters": ("A B C D 12-03-1988", "name_too_short"),
    "a date in words alone": ("12 maret 1988", "name_too_short"),
    "a short year": ("siti 12-03-88", "short_year"),
    "a short year after a month": ("siti 12 Maret 88", "short_year"),
    "a short year without dashes": ("siti 120388", "short_year"),
    "no such day": ("siti 30-02-1988", "bad_birth_date"),
    "no such month": ("siti 12-13-1988", "bad_birth_date"),
    "day nought": ("siti 0000-00-00", "bad_birth_date"),
    "before anybody's birth": ("siti 0001-01-01", "bad_birth_date"),
    "after anybody's birth": ("siti 9999-12-31", "bad_birth_date"),
}


@pytest.mark.parametrize(("typed", "code"), BAD.values(), ids=BAD)
def test_what_cannot_be_searched_by_is_told_at_the_box(client: Client, typed: str, code: str) -> None:
    answer = search(client, typed)
    assert answer.status_code == 200
    assert answer.context["form"].errors["q"]
    assert not AuditLog.objects.exists()
    if code:
        with pytest.raises(Refusal) as refusal:
            read(typed)
        assert refusal.value.code == code


@given(st.text(max_size=130))
@example("A" * 121)
@example("1 mei 1")
@example("ß 12-03-1988")
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        asked = read(text)
    except Refusal:
        return
    if isinstance(asked, Name):
        assert asked.words == tuple(word.upper() for word in asked.words)
        assert not any(sign in word for word in asked.words for sign in "%_\\\0")
    else:
        assert asked


@given(
    born=st.dates(OLDEST, date(2026, 1, 1)),
    form=st.sampled_from(
        ["{d}-{m}-{y:04}", "{d:02}/{m:02}/{y:04}", "{y:04}-{m:02}-{d:02}", "{d} {w} {y:04}", "{d:02}{m:02}{y:04}"]
    ),
    first=st.booleans(),
)
def test_every_date_is_read_in_every_form(born: date, form: str, first: bool) -> None:
    months = "januari Februari MARET apr Mei juni juli agustus Sep oktober nopember des".split()
    written = form.format(d=born.day, m=born.month, y=born.year, w=months[born.month - 1])
    assert read(f"{written} siti m." if first else f"siti m. {written}") == Name(words=("SITI", "M."), born=born)


def test_whoever_searches_too_often_waits_and_that_is_recorded(
    client: Client, user: User, siti: Peserta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "LIMIT", type(LIMIT)(name="test", most=2, window=timedelta(days=3650)))
    assert found(search(client, NIK)) == found(search(client, CARD)) == [siti]
    answer = search(client, NIK)
    assert "Wait ten minutes" in text_of(answer)
    entry = last_entry()
    assert (entry["action"], entry["reason"]) == ("peserta.search_refused", "too_many_searches")
    assert found(search(client_of(make.staff()), NIK)) == [siti]


def test_the_limit_is_sixty_in_ten_minutes() -> None:
    assert (LIMIT.most, LIMIT.window) == (60, timedelta(minutes=10))


def test_results_are_forgotten_after_fifteen_minutes(
    client: Client, siti: Peserta, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = client.post(reverse(SEARCH), {"q": NIK})["Location"]
    assert found(client.get(address)) == [siti]
    now = timezone.now()
    for minutes in (10, 16):  # in between the session is used, or it would be over
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        client.get("/admin/")
    answer = client.get(address, follow=True)
    assert answer.redirect_chain == [(reverse(SEARCH), 302)]
    assert "no longer kept" in text_of(answer)


def test_results_belong_to_the_session_that_searched(client: Client, user: User, siti: Peserta) -> None:
    address = client.post(reverse(SEARCH), {"q": NIK})["Location"]
    for other in (client_of(make.staff()), client_of(user)):
        assert other.get(address)["Location"] == reverse(SEARCH)


def test_a_session_keeps_five_searches(client: Client, siti: Peserta) -> None:
    addresses = [client.post(reverse(SEARCH), {"q": NIK})["Location"] for _ in range(6)]
    assert client.get(addresses[0]).status_code == 302
    assert all(client.get(address).status_code == 200 for address in addresses[1:])


def test_a_session_never_holds_what_was_typed(client: Client, siti: Peserta) -> None:
    search(client, NIK)
    search(client, "SITI NUR 1988-03-12")
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
