"""Each operation of the API, through HTTP."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jknoffice.audit.actor import Actor
from jknoffice.audit.models import AuditLog
from participants.models import Peserta
from tests import cases, make, pictures
from tests.verification.api.partner import URL, Partner, sends_photo
from verification.api import partners
from verification.api.access import CALLS, WRONG
from verification.api.door import api
from verification.api.partners import Scope
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partner() -> Partner:
    return Partner()


def only() -> PhoneChangeRequest:
    return PhoneChangeRequest.objects.get()


def is_problem(answer: Any, status: int, code: str) -> bool:
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    said = answer.json()
    assert (answer.status_code, said["status"], said["code"]) == (status, status, code), said
    return True


def test_a_request_goes_from_the_start_into_the_queue(partner: Partner) -> None:
    answer = partner.start()
    assert answer.status_code == 201, answer.content
    begun = answer.json()
    assert partner.look(begun).json()["status"] == Status.AWAITING_CODE
    assert partner.post(begun, "code", {"code": cases.code_of(only())}).json()["status"] == Status.QUEUED
    assert PhoneChangeRequest.objects.filter(partner__name="Mobile JKN").exists()
    assert only().documents.count() == 2
    assert AuditLog.objects.filter(entry__contains='"api:mobile"').exists()


def test_who_is_not_in_the_register_gets_the_same_answer(partner: Partner) -> None:
    known = partner.start()
    stranger = partner.start(Peserta(nik=make.nik(), birth_date=make.peserta().birth_date), new_phone="0812-9876-5433")
    assert (known.status_code, known.json().keys()) == (stranger.status_code, stranger.json().keys())
    assert known.headers.keys() == stranger.headers.keys()


def test_a_wrong_code_is_told(partner: Partner) -> None:
    assert is_problem(partner.post(partner.start().json(), "code", {"code": "000000"}), 422, "wrong_code")


def test_another_code_has_to_wait(partner: Partner) -> None:
    answer = partner.post(partner.start().json(), "code/again")
    assert is_problem(answer, 429, "too_many_codes")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_better_photo_puts_the_case_back_into_the_queue() -> None:
    answer = sends_photo(Client())
    assert (answer.status_code, answer.json()["status"], only().documents.count()) == (200, Status.QUEUED, 3)


def test_a_request_can_be_withdrawn_once(partner: Partner) -> None:
    begun = partner.start().json()
    assert partner.post(begun, "withdraw").json()["status"] == Status.CANCELLED
    assert is_problem(partner.post(begun, "withdraw"), 409, "not_allowed")


def test_nobody_without_the_token_or_of_another_partner_sees_a_request(partner: Partner) -> None:
    begun = partner.start().json()
    assert is_problem(partner.look(begun, x_request_token="x"), 404, "no_such_request")
    assert is_problem(Partner("other").look(begun), 404, "no_such_request")


@pytest.mark.parametrize("name", [name for name in pictures.BAD if name != "50 MB"])
def test_a_bad_photo_is_refused(partner: Partner, name: str) -> None:
    file, content = pictures.BAD[name]
    answer = partner.start(ktp=pictures.upload(content(), name=file))
    assert answer.status_code == 422
    assert not PhoneChangeRequest.objects.exists()


def test_a_huge_photo_is_not_read(partner: Partner) -> None:
    assert is_problem(partner.start(ktp=pictures.upload(bytes(50 * 1024 * 1024))), 413, "too_large")


def test_a_nik_that_is_none_is_refused_and_not_repeated(partner: Partner) -> None:
    answer = partner.start(identifier="31710117\0")
    assert answer.status_code == 422
    assert b"31710117" not in answer.content


def test_what_is_missing_is_named(partner: Partner) -> None:
    answer = partner.start(birth_date="yesterday")
    assert is_problem(answer, 422, "not_valid")
    assert "birth_date" in answer.json()["errors"][0]["where"]


def test_errors_that_no_operation_makes_are_problems_too(partner: Partner) -> None:
    http, headers = partner.http, partner.headers()
    assert is_problem(http.get("/api/v1/nothing"), 404, "not_found")
    assert is_problem(http.put(URL, headers=headers), 405, "method_not_allowed")
    assert is_problem(http.post(URL, "x", content_type="text/plain", headers=headers), 415, "unsupported_media_type")
    long = http.post(f"{URL}/x/code", "x" * 70_000, content_type="application/json", headers=headers)
    assert is_problem(long, 413, "too_large")


def test_no_secret_no_answer() -> None:
    answer = Client().get(f"{URL}/AAAAAAAAA")
    assert is_problem(answer, 401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("client_id", ["mobile\0", "MOBILE", "möbile", "", "m" * 10_000])
def test_a_client_id_that_is_none_is_nobody(partner: Partner, client_id: str) -> None:
    partner.client_id = client_id
    assert is_problem(partner.start(), 401, "unauthorized")


@pytest.mark.parametrize("typed", ["%00", "7KM-2QX-9R%00", "x" * 2_000, "%F0%9F%92%A9"])
def test_a_reference_that_is_none_is_not_there(partner: Partner, typed: str) -> None:
    assert is_problem(partner.look({"reference": typed, "token": "a"}), 404, "no_such_request")


def test_the_logs_of_the_server_name_nobody(partner: Partner, caplog: pytest.LogCaptureFixture) -> None:
    peserta = make.peserta()
    with caplog.at_level("DEBUG"):
        partner.start(peserta)
        partner.start(peserta)
        partner.start(peserta, new_phone="0812-9876-543x", birth_date="17-05-1990")
    assert caplog.records
    for said in (peserta.nik, peserta.card_number, peserta.birth_date.isoformat(), "9876", "17-05-1990", peserta.name):
        assert said not in caplog.text


def test_the_desk_reads_which_partner_handed_a_case_in(partner: Partner) -> None:
    partner.start()
    cases.confirmed(only())
    page = make.logged_in(cases.reviewer(only())).get(reverse("admin:verification_case", args=[only().reference]))
    assert "Mobile JKN" in page.content.decode()


def test_a_partner_that_is_switched_off_is_out_at_once(partner: Partner) -> None:
    begun = partner.start().json()
    partners.switch(client_id="mobile", on=False, by=Actor.system("test"))
    assert is_problem(partner.look(begun), 401, "unauthorized")


def test_a_scope_that_is_missing_is_told() -> None:
    assert is_problem(Partner(scopes=[Scope.READ]).start(), 403, "no_scope")


def test_too_many_calls_have_to_wait(partner: Partner) -> None:
    begun = partner.start().json()
    object.__setattr__(CALLS, "most", 1)
    try:
        answer = partner.look(begun)
    finally:
        object.__setattr__(CALLS, "most", 600)
    assert is_problem(answer, 429, "too_many")
    assert 0 < int(answer.headers["Retry-After"]) <= 61


def test_guessing_secrets_ends() -> None:
    partner = Partner()
    partner.secret = "wrong"
    answers = [partner.look({"reference": "A", "token": "x"}).status_code for _ in range(WRONG.most + 1)]
    assert set(answers[:-1]) == {401}
    assert answers[-1] == 429
    assert AuditLog.objects.filter(action="partner.refused").count() == 1


def test_the_description_is_a_page_too_without_scripts_and_other_hosts() -> None:
    answer = Client().get(reverse("api_guide"))
    page = answer.content.decode()
    described = api.get_openapi_schema()["paths"]
    assert len(described) == 6
    for path, methods in described.items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in page
            assert operation["description"] in page
    assert "<script" not in page
    assert "://" not in page
    assert not answer.cookies


def test_the_schema_is_served_without_a_secret() -> None:
    schema = Client().get("/api/v1/openapi.json").json()
    assert "/api/v1/requests" in schema["paths"]
