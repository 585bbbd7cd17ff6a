"""Each signal: when it is there, when it is not, and what it tells."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import pytest
from django.conf import settings
from django.utils import timezone, translation

from participants.models import Peserta
from participants.models.choices import Membership
from tests import cases, make
from verification import changes, signals
from verification.models import DocumentLikeness, PhoneChangeRequest
from verification.signals import Code, Sign, conduct, number, person
from verification.states import Status

pytestmark = pytest.mark.django_db

Make: TypeAlias = Callable[[], PhoneChangeRequest]

NOW = timezone.now()
SHARED = "+6281300000001"
KK = "3171010101200001"


def _calm(**given: Any) -> Peserta:
    """A participant about whom nothing is odd."""
    return make.peserta(**({"kk_number": KK} | given))


def _changed(days: int) -> PhoneChangeRequest:
    return cases.submitted(peserta=_calm(phone_changed_at=NOW - timedelta(days=days)), at=NOW)


def _shared_by(families: int, **given: Any) -> PhoneChangeRequest:
    for _family in range(families):
        make.peserta(phone=SHARED, **given)
    return cases.submitted(peserta=_calm(), new_phone=SHARED, at=NOW)


def _asked_by_another(**given: Any) -> PhoneChangeRequest:
    request = cases.submitted(peserta=_calm(), new_phone=SHARED, at=NOW)
    cases.submitted(peserta=make.peserta(**given), new_phone=SHARED, at=NOW + timedelta(minutes=2))
    return request


def _of_staff(*, is_active: bool) -> PhoneChangeRequest:
    colleague = make.peserta(phone=SHARED)
    make.staff(nik=colleague.nik, is_active=is_active)
    return cases.submitted(peserta=_calm(), new_phone=SHARED, at=NOW)


def _status(status: Membership) -> PhoneChangeRequest:
    return cases.submitted(peserta=_calm(status=status), at=NOW)


def _asked(times: int, days: int = 10) -> PhoneChangeRequest:
    peserta = _calm()
    for nth in range(times):
        at = NOW - timedelta(days=days + nth)
        changes.cancel(request=cases.submitted(peserta=peserta, at=at), at=at)
    return cases.submitted(peserta=peserta, at=NOW)


def _from_one_address(people: int, address: str = "203.0.113.7") -> PhoneChangeRequest:
    for nth in range(people):
        cases.submitted(address="203.0.113.7", at=NOW - timedelta(minutes=nth))
    return cases.submitted(peserta=_calm(), address=address, at=NOW)


def _guessed(times: int) -> PhoneChangeRequest:
    request = cases.submitted(peserta=_calm(), at=NOW)
    wrong = "000000" if cases.code_of(request) != "000000" else "111111"
    for _guess in range(times):
        changes.confirm(request=request, typed=wrong, at=NOW)
    return request


def _counter(seconds: int) -> PhoneChangeRequest:
    by = make.staff()
    return cases.submitted(peserta=_calm(branch=by.branch), by=by, at=NOW - timedelta(seconds=seconds))


def _born(nik_date: str, **given: Any) -> PhoneChangeRequest:
    return cases.submitted(peserta=_calm(nik=f"317101{nik_date}0001", birth_date=date(1990, 5, 17), **given), at=NOW)


def _same_photo(*, copied: bool) -> PhoneChangeRequest:
    request, other = cases.submitted(peserta=_calm(), at=NOW), cases.submitted(at=NOW - timedelta(days=200))
    if copied:
        earlier, later = sorted(
            (request.documents.earliest("pk"), other.documents.earliest("pk")), key=lambda one: one.pk
        )
        DocumentLikeness.objects.create(earlier=earlier, later=later, alike=97, found_at=NOW)
    return request


def _held(ago: timedelta, *, told: bool = False) -> PhoneChangeRequest:
    request = cases.in_state(Status.ON_HOLD, peserta=_calm(), at=NOW - ago)
    if told:
        cases.told()
    return request


CASES: list[tuple[Code, Make, Make]] = [
    (Code.CHANGED_RECENTLY, lambda: _changed(89), lambda: _changed(91)),
    (Code.NUMBER_SHARED, lambda: _shared_by(3), lambda: _shared_by(2)),
    (Code.NUMBER_SHARED, lambda: _shared_by(4), lambda: _shared_by(5, kk_number=KK)),
    (Code.NUMBER_IN_OTHER_CASE, _asked_by_another, lambda: _asked_by_another(kk_number=KK)),
    (Code.STAFF_NUMBER, lambda: _of_staff(is_active=True), lambda: _of_staff(is_active=False)),
    (Code.DECEASED, lambda: _status(Membership.DECEASED), lambda: _status(Membership.ACTIVE)),
    (Code.NOT_ACTIVE, lambda: _status(Membership.SUSPENDED), lambda: _status(Membership.DECEASED)),
    (Code.ASKS_OFTEN, lambda: _asked(2), lambda: _asked(1)),
    (Code.ASKS_OFTEN, lambda: _asked(3), lambda: _asked(3, days=91)),
    (Code.SAME_ADDRESS, lambda: _from_one_address(5), lambda: _from_one_address(4)),
    (Code.SAME_ADDRESS, lambda: _from_one_address(6), lambda: _from_one_address(6, address="203.0.113.8")),
    (Code.WRONG_CODES, lambda: _guessed(4), lambda: _guessed(3)),
    (Code.SAME_PHOTO, lambda: _same_photo(copied=True), lambda: _same_photo(copied=False)),
    (Code.HASTE, lambda: _counter(59), lambda: _counter(60)),
    (Code.NOT_TOLD, lambda: _held(settings.HOLD), lambda: _held(settings.HOLD - timedelta(minutes=1))),
    (Code.NOT_TOLD, lambda: _held(settings.HOLD), lambda: _held(settings.HOLD, told=True)),
    (Code.NIK_DISAGREES, lambda: _born("180590", sex="M"), lambda: _born("170590", sex="M")),
    (Code.NIK_DISAGREES, lambda: _born("170590", sex="F"), lambda: _born("570590", sex="F")),
]


def _codes(request: PhoneChangeRequest, at: datetime = NOW) -> list[str]:
    return [sign.code for sign in signals.look(request=request, at=at)]


@pytest.mark.parametrize(("code", "there", "not_there"), CASES)
def test_a_signal_is_seen_when_it_is_there(code: Code, there: Make, not_there: Make) -> None:
    assert _codes(there()) == [code]


@pytest.mark.parametrize(("code", "there", "not_there"), CASES)
def test_a_signal_is_not_seen_just_short_of_it(code: Code, there: Make, not_there: Make) -> None:
    assert code not in _codes(not_there())


@pytest.mark.parametrize(("code", "there", "not_there"), CASES)
def test_a_sign_is_told_in_both_languages_from_what_was_stored(code: Code, there: Make, not_there: Make) -> None:
    [stored] = signals.stored(signals.look(request=there(), at=NOW))
    told = []
    for language in ("en", "id"):
        with translation.override(language):
            told.append(signals.told(Sign(**json.loads(json.dumps(stored)))))
    english, indonesian = told
    assert english
    assert indonesian
    assert english != indonesian


def test_every_signal_has_a_case_and_a_weight() -> None:
    assert {code for code, *_ in CASES} == set(Code) == set(signals.SIGNALS)
    assert all(signal.weight > 0 for signal in signals.SIGNALS.values())


def test_a_sign_of_a_kind_that_is_looked_for_no_more_weighs_and_says_nothing() -> None:
    old = Sign("given_up", {})
    assert (signals.weight_of([old]), signals.told(old)) == (0, "")


def test_a_request_that_matched_nobody_shows_nothing() -> None:
    stranger = Peserta(nik=make.nik(), birth_date=date(1990, 5, 17))
    assert signals.look(request=cases.submitted(peserta=stranger), at=NOW) == []


@pytest.mark.parametrize(
    ("codes", "second"),
    [([], False), (["not_active"], False), (["not_active", "nik_disagrees"], False), (["deceased"], True),
     (["asks_often"], False), (["asks_often", "not_active"], True), (["wrong_codes", "same_address"], True)],
)  # fmt: skip
def test_the_sum_decides_whether_a_second_person_is_needed(codes: list[str], second: bool) -> None:
    assert signals.needs_second([Sign(code, {}) for code in codes]) is second


def test_the_sum_that_asks_for_a_second_person_is_a_setting(settings: Any) -> None:
    settings.SECOND_APPROVAL_WEIGHT = 1
    assert signals.needs_second([Sign("not_active", {})])
    settings.SECOND_APPROVAL_WEIGHT = 4
    assert not signals.needs_second([Sign("deceased", {})])


def test_what_was_seen_stays_with_the_request() -> None:
    request = _changed(89)
    cases.confirmed(request, at=NOW)
    assert request.peserta is not None
    Peserta.objects.filter(pk=request.peserta.pk).update(phone_changed_at=None)
    request.refresh_from_db()
    [sign] = signals.kept(request)
    assert (sign.code, sign.facts["days"]) == ("changed_recently", 89)


def test_limits_are_those_of_the_documents() -> None:
    assert (timedelta(days=90), 3, timedelta(minutes=1)) == (person.RECENT, number.FAMILIES, conduct.HASTE)
    assert settings.SECOND_APPROVAL_WEIGHT == 3
