"""Who shares a family card or a number with a person: shown masked, in pages, and recorded as a look at each."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.looks import who_saw
from jknoffice.audit.models import AuditLog
from participants import kin, phone
from participants.kin import SIZE
from participants.models import Peserta
from participants.searching import search as searching
from tests import make
from tests.participants.visits import client_of, page_of, search, text_of

pytestmark = pytest.mark.django_db

KK = "3171010101200007"
PHONE = "+6281234567890"


@pytest.fixture
def user() -> User:
    return make.staff()


@pytest.fixture
def client(user: User) -> Client:
    return client_of(user)


@pytest.fixture
def siti() -> Peserta:
    return make.peserta(name="SITI NUR AMINAH", kk_number=KK, phone=PHONE)


def visit(client: Client, tie: str, peserta: Peserta, **query: str) -> Any:
    return client.get(reverse(f"admin:participants_peserta_{tie}", args=[peserta.uuid]), query, follow=True)


def people(answer: Any) -> list[Peserta]:
    return [each.peserta for each in answer.context["circle"].people]


def test_the_family_is_everybody_else_on_the_card(client: Client, user: User, siti: Peserta) -> None:
    child = make.peserta(name="BAYU PUTRA", kk_number=KK, phone=PHONE, relation="CHILD")
    husband = make.peserta(name="AGUS", kk_number=KK, phone=None, relation="HUSBAND")
    make.peserta(name="LAIN", phone=PHONE)
    answer = visit(client, "family", siti)
    assert people(answer) == [child, husband]
    shown = text_of(answer)
    for text in ("B••• P••••", "A•••", "Child", "Husband", phone.mask(PHONE), page_of(child), siti.name):
        assert text in shown
    for secret in ("BAYU", "AGUS", KK, phone.show(PHONE), child.nik):
        assert secret not in shown
    assert shown.count("same number") == 1
    entry = json.loads(AuditLog.objects.latest("pk").entry)
    assert (entry["action"], entry["actor"], entry["subject"]) == (
        "peserta.family_viewed",
        user.username,
        str(siti.uuid),
    )
    assert entry["after"] == {"count": 2, "cut_off": False, "shown": sorted([str(child.uuid), str(husband.uuid)])}


def test_everybody_else_with_the_number_is_listed(client: Client, siti: Peserta) -> None:
    child = make.peserta(name="BAYU PUTRA", kk_number=KK, phone=PHONE)
    stranger = make.peserta(name="JOKO LAIN", phone=PHONE)
    make.peserta(kk_number=KK, phone=None)
    answer = visit(client, "number", siti)
    assert people(answer) == [child, stranger]
    assert text_of(answer).count("same family") == 1
    assert "J••• L•••" in text_of(answer)
    assert json.loads(AuditLog.objects.latest("pk").entry)["action"] == "peserta.number_viewed"


@pytest.mark.parametrize(
    ("tie", "empty"),
    [("family", "Nobody else stands on this family card."), ("number", "Nobody else has this number.")],
)
def test_without_a_card_or_number_there_is_nobody(client: Client, tie: str, empty: str) -> None:
    first, _ = make.peserta(kk_number="", phone=None), make.peserta(kk_number="", phone=None)
    answer = visit(client, tie, first)
    assert people(answer) == []
    assert empty in text_of(answer)
    assert json.loads(AuditLog.objects.latest("pk").entry)["after"]["shown"] == []


def test_pages_follow_each_other(client: Client, siti: Peserta) -> None:
    others = [make.peserta(phone=PHONE, branch=siti.branch) for _ in range(SIZE + 1)]
    first = visit(client, "number", siti)
    assert people(first) == others[:SIZE]
    after = str(first.context["circle"].after)
    assert f'href="?after={after}"' in text_of(first)
    assert people(visit(client, "number", siti, after=after)) == others[SIZE:]
    behind = visit(client, "number", siti, after=str(others[-1].pk))
    assert "There are no more." in text_of(behind)


@pytest.mark.parametrize("after", ["x", "-1", "٣", "9" * 30, "\x00", "1.5"])
def test_a_place_that_is_none_is_the_beginning(client: Client, siti: Peserta, after: str) -> None:
    other = make.peserta(kk_number=KK)
    assert people(visit(client, "family", siti, after=after)) == [other]


def test_looking_at_circles_counts_as_searching(client: Client, siti: Peserta, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = type(searching.LIMIT)(name="test", most=1, window=timedelta(days=3650))
    monkeypatch.setattr(searching, "LIMIT", limit)
    make.peserta(name="BAYU", kk_number=KK)
    visit(client, "family", siti)
    answer = visit(client, "number", siti)
    assert answer.redirect_chain == [(page_of(siti), 302)]
    assert "Wait ten minutes" in text_of(answer)


def test_the_persons_page_leads_there(client: Client, siti: Peserta) -> None:
    shown = text_of(client.get(page_of(siti)))
    for tie in ("family", "number"):
        assert f'href="{reverse(f"admin:participants_peserta_{tie}", args=[siti.uuid])}"' in shown
    without = text_of(client.get(page_of(make.peserta(phone=None))))
    assert "/number/" not in without


def test_when_the_look_cannot_be_recorded_nobody_is_shown(
    client: Client, siti: Peserta, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the log is away")

    make.peserta(name="BAYU PUTRA", kk_number=KK)
    monkeypatch.setattr(kin, "record_alone", broken)
    client.raise_request_exception = False
    answer = visit(client, "family", siti)
    assert answer.status_code == 500
    assert "B••• P••••" not in text_of(answer)


WAYS_TO_SEE = ["search with two hits", "family", "number", "relative on a person's page", "relative beside full data"]


@pytest.mark.parametrize("way", WAYS_TO_SEE)
def test_who_was_shown_somebody_among_others_is_found_in_the_log(
    client: Client, user: User, siti: Peserta, way: str
) -> None:
    child = make.peserta(name="BAYU PUTRA", kk_number=KK, phone=PHONE)
    match way:
        case "search with two hits":
            search(client, KK)
        case "family" | "number":
            visit(client, way, siti)
        case "relative on a person's page":
            client.get(page_of(siti))
        case _:
            client.post(
                reverse("admin:participants_peserta_reveal", args=[siti.uuid]), {"why": "on_the_line", "field": "nik"}
            )
    auditor = make.staff(Role.AUDITOR)
    for person in (siti, child):
        lookers = {each.actor: each.times for each in who_saw(subject=person.uuid, by=auditor)}
        assert lookers == {user.username: 1, auditor.username: 1}
    assert [each.actor for each in who_saw(subject=make.peserta().uuid, by=auditor)] == [auditor.username]
