"""One person's page: masked, one value in full for a reason, with family, history and what other apps add."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit import reveals
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from participants import panels, person, registry
from participants.models import Peserta
from participants.person import RELATIVES, Why, masked_name
from participants.revealing import Field
from tests import make
from tests.participants.visits import client_of, page_of, text_of

pytestmark = pytest.mark.django_db

NIK = "3171011203880001"
SECRETS = (NIK, "3171 0112 0388 0001", "0001234567890", "0001 2345", "3171010101200007", "0812-3456-7890")
PERSONAL = ("BANDUNG", "12 March 1988", "siti@contoh.id")


@pytest.fixture
def siti() -> Peserta:
    return make.peserta(
        name="SITI NUR AMINAH",
        nik=NIK,
        card_number="0001234567890",
        kk_number="3171010101200007",
        phone="+6281234567890",
        email="siti@contoh.id",
        birth_place="BANDUNG",
        birth_date=date(1988, 3, 12),
        sex="M",
    )


@pytest.fixture
def user() -> User:
    return make.staff()


@pytest.fixture
def client(user: User) -> Client:
    return client_of(user)


def reveal(client: Client, peserta: Peserta, why: str = "on_the_line", field: str = "nik") -> Any:
    return client.post(reverse("admin:participants_peserta_reveal", args=[peserta.uuid]), {"why": why, "field": field})


def entries(peserta: Peserta) -> list[tuple[str, str, str]]:
    """Action, actor and reason of what was recorded about somebody, oldest first."""
    rows = [json.loads(row.entry) for row in AuditLog.objects.filter(subject=peserta.uuid).order_by("pk")]
    return [(row["action"], row["actor"], row["reason"]) for row in rows]


def test_a_person_is_masked_and_the_look_recorded(client: Client, user: User, siti: Peserta) -> None:
    shown = text_of(client.get(page_of(siti)))
    for secret in (*SECRETS, *PERSONAL):
        assert secret not in shown
    for mask in ("SITI NUR AMINAH", "3171 •••• •••• 0001", "0812-••••-•890", "s•••@contoh.id", siti.branch.name):
        assert mask in shown
    assert entries(siti) == [("peserta.viewed", user.username, "")]


OPEN = {
    Field.NIK: "3171 0112 0388 0001",
    Field.CARD_NUMBER: "0001 2345 6789 0",
    Field.KK_NUMBER: "3171 0101 0120 0007",
    Field.BORN: "BANDUNG, 12 March 1988",
    Field.PHONE: "0812-3456-7890",
    Field.EMAIL: "siti@contoh.id",
}


@pytest.mark.parametrize("field", Field)
def test_a_reason_opens_one_value_and_is_recorded(client: Client, user: User, siti: Peserta, field: Field) -> None:
    why = Why.values[list(Field).index(field) % len(Why.values)]
    shown = text_of(reveal(client, siti, why, field.value))
    assert [each for each in Field if OPEN[each] in shown] == [field]
    assert entries(siti) == [("peserta.revealed", user.username, why)]
    assert json.loads(AuditLog.objects.get(subject=siti.uuid).entry)["after"] == {"field": field.value}
    assert OPEN[field] not in text_of(client.get(page_of(siti)))


@pytest.mark.parametrize("field", ["", "name", "password", "x" * 10_000, "\x00"])
def test_a_value_that_is_not_on_the_page_is_not_opened(client: Client, siti: Peserta, field: str) -> None:
    answer = reveal(client, siti, field=field)
    assert answer.status_code == 200
    assert answer.context["reveal"].errors["field"]
    assert [action for action, _, _ in entries(siti)] == ["peserta.viewed"]


@pytest.mark.parametrize("why", ["", "curious", "x" * 10_000, "\x00"])
def test_without_a_reason_from_the_list_the_data_stay_masked(client: Client, siti: Peserta, why: str) -> None:
    answer = reveal(client, siti, why)
    assert answer.status_code == 200
    assert answer.context["reveal"].errors["why"]
    for secret in (*SECRETS, *PERSONAL):
        assert secret not in text_of(answer)
    assert [action for action, _, _ in entries(siti)] == ["peserta.viewed"]


def test_no_personal_value_stands_in_the_title_or_an_address(client: Client, siti: Peserta) -> None:
    shown = text_of(client.get(page_of(siti)))
    title = shown.split("<title>")[1].split("</title>")[0]
    links = [part.split('"')[0] for part in (*shown.split('href="')[1:], *shown.split('action="')[1:])]
    for text in (title, *links):
        assert "SITI" not in text
        assert NIK not in text


def test_a_page_is_not_kept_by_the_browser(client: Client, siti: Peserta) -> None:
    assert "no-store" in client.get(page_of(siti))["Cache-Control"]


def test_what_is_odd_about_a_nik_is_a_warning(client: Client, siti: Peserta) -> None:
    odd = "The sex inside the NIK differs from the register."
    assert odd not in text_of(client.get(page_of(siti)))
    Peserta.objects.filter(pk=siti.pk).update(sex="F")
    assert odd in text_of(client.get(page_of(siti)))


def test_a_person_with_hardly_any_data_is_shown(client: Client) -> None:
    bare = make.peserta(kk_number="", phone=None, email="", birth_place="", facility="")
    assert client.get(page_of(bare)).status_code == 200
    assert "17 May 1990" in text_of(reveal(client, bare, field="birth_date"))


def test_the_family_is_those_on_the_same_card_masked_and_by_age(client: Client, siti: Peserta) -> None:
    kk = siti.kk_number
    born = date(2015, 1, 1)
    child = make.peserta(name="BAYU PUTRA", kk_number=kk, birth_date=born, relation="CHILD", phone=siti.phone)
    husband = make.peserta(name="AGUS", kk_number=kk, birth_date=date(1985, 1, 1), relation="HUSBAND", phone=None)
    make.peserta(name="LAIN")
    answer = client.get(page_of(siti))
    assert [each.peserta for each in answer.context["family"]] == [husband, child]
    shown = text_of(answer)
    assert "Child: B••• P••••" in shown
    assert "BAYU" not in shown
    assert shown.count("same number") == 1
    assert page_of(child) in shown


def test_people_without_a_family_card_are_no_family(client: Client) -> None:
    first, _ = make.peserta(kk_number=""), make.peserta(kk_number="")
    assert "Nobody else stands on this family card." in text_of(client.get(page_of(first)))


def test_a_family_card_with_hundreds_of_people_is_cut_off(client: Client, siti: Peserta) -> None:
    for _ in range(RELATIVES + 1):
        make.peserta(kk_number=siti.kk_number, branch=siti.branch)
    assert len(client.get(page_of(siti)).context["family"]) == RELATIVES


def history(user: User, peserta: Peserta) -> str:
    """The history of a number, as staff see it."""
    return text_of(client_of(user).get(page_of(peserta))).split('id="register-history"')[1]


def test_the_history_tells_who_changed_the_number_and_why(user: User, siti: Peserta) -> None:
    cause = Thing("verification.phonechangerequest", "7")
    registry.set_phone(peserta_id=siti.pk, phone="+6281299999999", by=user.as_actor(), cause=cause)
    shown = history(user, siti)
    for text in ("Changed the registered number", user.username, "number change 7"):
        assert text in shown
    assert "0812-9999-9999" not in shown


def test_who_may_not_read_an_entry_of_the_log_sees_its_moment_and_branch_only(user: User, siti: Peserta) -> None:
    cause, supervisor = Thing("verification.phonechangerequest", "7"), make.staff(Role.SUPERVISOR, branch=user.branch)
    registry.set_phone(peserta_id=siti.pk, phone="+6281299999999", by=user.as_actor(), cause=cause)
    assert user.username in history(supervisor, siti)
    for reader in (make.staff(), make.staff(Role.SUPERVISOR), make.staff(Role.DATA_ADMIN)):
        shown = history(reader, siti)
        assert f"staff ({user.as_actor().branch})" in shown
        for text in (user.username, "number change", "Registered number"):
            assert text not in shown


def test_a_change_by_the_system_is_told_to_everybody(client: Client, user: User, siti: Peserta) -> None:
    cause = Thing("verification.phonechangerequest", "7")
    registry.set_phone(peserta_id=siti.pk, phone=None, by=Actor.system("worker"), cause=cause)
    assert "System (" in history(user, siti)


def test_somebody_who_may_not_read_the_log_sees_no_history(
    client: Client, siti: Peserta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(User, "has_perm", lambda _, perm: perm == "participants.view_peserta")
    assert "History of the number" not in text_of(client.get(page_of(siti)))


@pytest.fixture
def no_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", [])


@pytest.mark.usefixtures("no_panels")
def test_other_apps_put_panels_on_the_page(client: Client, user: User, siti: Peserta) -> None:
    def panel(request: HttpRequest, peserta: Peserta) -> str:
        return format_html("<section>{} looks at {} &amp; {}</section>", request.user, peserta.uuid, "<b>")

    panels.register(panel)
    panels.register(panel)
    panels.register(lambda *_: "")
    shown = text_of(client.get(page_of(siti)))
    assert shown.count(f"<section>{user.username} looks at {siti.uuid} &amp; &lt;b&gt;</section>") == 1


@pytest.mark.parametrize("subject", ["00000000-0000-0000-0000-000000000000", "x", "%00", "9" * 500])
def test_a_person_who_is_not_there_is_not_found(client: Client, subject: str) -> None:
    for rest in ("", "reveal/"):
        method = client.post if rest else client.get
        assert method(f"/admin/participants/peserta/{subject}/{rest}").status_code == 404


def test_when_the_look_cannot_be_recorded_nothing_is_shown(
    client: Client, siti: Peserta, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the log is away")

    monkeypatch.setattr(person, "record_alone", broken)
    monkeypatch.setattr(reveals, "record", broken)
    client.raise_request_exception = False
    for answer in (client.get(page_of(siti)), reveal(client, siti)):
        assert answer.status_code == 500
        assert siti.name not in text_of(answer)


def test_a_masked_name_keeps_the_first_letters() -> None:
    assert masked_name("SITI NUR 'AINI D'ARC") == "S••• N•• 'A••• D'A••"


def test_when_the_number_was_changed_stands_on_the_page(client: Client, siti: Peserta) -> None:
    at = timezone.now() - timedelta(days=3)
    Peserta.objects.filter(pk=siti.pk).update(phone_changed_at=at)
    assert f"{timezone.localtime(at):%H:%M}" in text_of(client.get(page_of(siti)))
