"""How many values one person may reveal within an hour, and that none stands anywhere before."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.log import record, record_alone
from jknoffice.audit.models import AuditLog
from jknoffice.audit.reveals import TooManyReveals
from participants import revealing
from participants.models import Peserta
from participants.person import Why
from participants.revealing import Field
from tests import cases, make
from tests.participants.visits import client_of, page_of, search, text_of
from verification.models import PhoneChangeRequest

MOST = settings.REVEALS_PER_HOUR
NOW = timezone.now()


def reveal(peserta: Peserta, by: User, **given: Any) -> int:
    return revealing.reveal(peserta=peserta, field=Field.NIK, why=Why.ON_THE_LINE, relatives=(), by=by, **given)


def recorded(by: User, action: str = "peserta.revealed") -> int:
    return AuditLog.objects.filter(person=by.person_id, action=action).count()


@pytest.mark.django_db(transaction=True)
def test_the_cap_holds_per_person_and_hour_over_all_accounts_and_kinds_of_values() -> None:
    peserta, nik = make.peserta(), "3173010101010001"
    one, other = make.staff(nik=nik), make.staff(Role.AUDITOR, nik=nik)
    for minute in range(MOST - 1):
        record_alone("peserta.revealed", by=one.as_actor(), at=NOW + timedelta(minutes=minute))
    record_alone("audit.revealed", by=other.as_actor(), at=NOW + timedelta(minutes=MOST))
    an_hour_later = NOW + timedelta(hours=1)
    for by in (one, other):
        with pytest.raises(TooManyReveals):
            reveal(peserta, by, at=an_hour_later - timedelta(microseconds=1))
    assert recorded(one, "peserta.reveal_refused") == 2
    assert reveal(peserta, make.staff(), at=NOW) == 1
    assert reveal(peserta, one, at=an_hour_later) == MOST
    with pytest.raises(TooManyReveals):
        reveal(peserta, one, at=an_hour_later)


@pytest.mark.django_db(transaction=True)
def test_reveals_at_the_same_moment_do_not_slip_past_the_cap() -> None:
    peserta, by, at_once = make.peserta(), make.staff(), 8
    for _ in range(MOST - 3):
        record_alone("peserta.revealed", by=by.as_actor())
    gate = threading.Barrier(at_once)

    def attempt(_: int) -> bool:
        gate.wait()
        try:
            return bool(reveal(peserta, by))
        except TooManyReveals:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as pool:
        assert sum(pool.map(attempt, range(at_once))) == 3
    assert recorded(by) == MOST
    assert recorded(by, "peserta.reveal_refused") == at_once - 3


@pytest.mark.django_db
def test_beyond_the_cap_the_pages_say_so_and_show_nothing(settings: Any) -> None:
    settings.REVEALS_PER_HOUR = 1
    peserta, user = make.peserta(email="siti@contoh.id"), make.staff()
    address, client = reverse("admin:participants_peserta_reveal", args=[peserta.uuid]), client_of(user)
    given = {"why": "on_the_line", "field": "email"}
    assert "Value 1 of 1" in text_of(client.post(address, given))
    answer = client.post(address, given)
    assert answer.status_code == 429
    assert "You have revealed 1 values within an hour" in text_of(answer)
    assert "siti@contoh.id" not in text_of(answer)
    auditor = make.staff(Role.AUDITOR)
    row = record("test.done", by=auditor.as_actor(), pii={"note": "a made-up note"})
    address, client = reverse("admin:audit_reveal", args=[row.pk]), client_of(auditor)
    assert "a made-up note" in text_of(client.post(address, {"why": "sample"}))
    assert "a made-up note" not in text_of(client.post(address, {"why": "sample"}))
    assert recorded(auditor, "audit.reveal_refused") == 1


def pages(client: Client, case: PhoneChangeRequest, peserta: Peserta) -> list[str]:
    """What stands on every page that names the participant, before anything is revealed: markup and headers."""
    address = f"/admin/verification/case/{case.reference}/"
    found = [search(client, peserta.nik), client.get(page_of(peserta))]
    found += [client.get(f"{page_of(peserta)}{circle}/") for circle in ("family", "number")]
    found += [client.get(f"{address}{page}") for page in ("", "sheet/", "receipt/", "same-photos/")]
    found += [client.get(reverse("admin:verification_queue")), client.get(reverse("admin:verification_counter"))]
    assert {answer.status_code for answer in found} == {200}
    return [text_of(answer) + str(answer.headers) for answer in found]


@pytest.mark.django_db
def test_before_a_reveal_no_page_holds_a_value_in_any_spelling() -> None:
    siti = make.peserta(
        nik="3171011203770001",
        card_number="0001234567890",
        kk_number="3171010101200007",
        phone="+6281234567890",
        email="siti.nur@contoh.id",
        birth_place="BANDUNG",
        birth_date=date(1977, 3, 12),
    )
    case = cases.queued(peserta=siti, new_phone="+6281377778888")
    secrets = [siti.nik, siti.card_number, siti.kk_number, "siti.nur", "BANDUNG"]
    secrets += ["1977-03-12", "12-03-1977", "12/03/1977", "Mar 1977", "Maret 1977", "March 1977", "March 12, 1977"]
    secrets += ["3171 0112", "0001 2345", "3171 0101", "81234567890", "0812-3456", "81377778888", "0813-7777"]
    for page in pages(client_of(cases.reviewer(case)), case, siti):
        assert [secret for secret in secrets if secret in page] == []
