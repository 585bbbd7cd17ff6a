"""One `Idempotency-Key`, one piece of work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests import make
from tests.verification.api.partner import Partner
from verification import changes
from verification.api.once import KEPT
from verification.models import ApiAnswer, PhoneChangeRequest

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_key_and_body_get_the_first_answer() -> None:
    partner, peserta = Partner(), make.peserta()
    first, second = (partner.start(peserta, key="a") for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert PhoneChangeRequest.objects.count() == 1


def test_the_same_key_for_another_body_is_refused() -> None:
    partner = Partner()
    partner.start(key="a")
    answer = partner.start(key="a")
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")


def test_keys_of_partners_are_their_own() -> None:
    assert [
        Partner(name).start(key="a", new_phone=f"0812-9876-543{n}").status_code
        for n, name in enumerate(["one-", "two-"])
    ] == [201, 201]


def test_a_refusal_is_an_answer_too() -> None:
    partner, peserta = Partner(), make.peserta()
    partner.start(peserta)
    first, second = (partner.start(peserta, key="a") for _ in range(2))
    assert first.json()["code"] == "already_open"
    assert first.content == second.content


def test_answers_are_kept_for_a_day_and_cannot_be_read() -> None:
    partner = Partner()
    token = partner.start(key="a").json()["token"]
    assert token.encode() not in bytes(ApiAnswer.objects.get().sealed or b"")
    ApiAnswer.objects.update(asked_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert partner.start(key="a", new_phone="0812-9876-5434").status_code == 201


def test_work_that_counted_as_broken_off_may_still_end(monkeypatch: pytest.MonkeyPatch) -> None:
    partner, peserta = Partner(), make.peserta()
    real = changes.submit

    def slow(**given: Any) -> PhoneChangeRequest:
        case = real(**given)
        ApiAnswer.objects.all().delete()
        return case

    with monkeypatch.context() as patched:
        patched.setattr(changes, "submit", slow)
        first = partner.start(peserta, key="a")
    assert first.status_code == 201
    assert partner.start(peserta, key="a").json() == first.json()
    assert PhoneChangeRequest.objects.count() == 1


def test_of_many_at_the_same_time_one_does_the_work() -> None:
    partner, peserta = Partner(), make.peserta()

    def start(_: int) -> Any:
        try:
            return partner.start(peserta, key="a")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(start, range(8)))
    assert PhoneChangeRequest.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json().get("code") for answer in answers if answer.status_code == 409} <= {"in_progress"}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
