"""Codes: how they are judged, and how often they may be sent."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from jknoffice.audit.models import AuditLog
from tests import cases, make
from verification import changes, codes
from verification.codes import Outcome, TooManyCodes
from verification.models import PhoneCode

pytestmark = pytest.mark.django_db


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_is_stored_as_a_keyed_hash_only() -> None:
    request = cases.submitted()
    code = cases.code_of(request)
    stored = PhoneCode.objects.get()
    assert code.encode() not in bytes(stored.digest)
    assert len(bytes(stored.digest)) == 32
    assert stored.expires_at - stored.sent_at == settings.CODE_LIFETIME


@pytest.mark.parametrize("spelling", ["{0}", " {0} ", "{1} {2}", "{1}-{2}"])
def test_a_code_is_understood_as_people_type_it(spelling: str) -> None:
    request = cases.submitted()
    code = cases.code_of(request)
    typed = spelling.format(code, code[:3], code[3:])
    assert changes.confirm(request=request, typed=typed).outcome is Outcome.CONFIRMED


@pytest.mark.parametrize("typed", ["", "abcdef", "٠١٢٣٤٥", "1" * 10_000, "12345", "\x00"])
def test_nonsense_is_a_wrong_guess(typed: str) -> None:
    request = cases.submitted()
    assert changes.confirm(request=request, typed=typed).outcome is Outcome.WRONG


def test_five_wrong_guesses_spend_the_code_even_for_the_right_one() -> None:
    request = cases.submitted()
    code, at = cases.code_of(request), timezone.now()
    answers = [changes.confirm(request=request, typed=_wrong(code), at=at) for _ in range(settings.CODE_TRIES)]
    assert [answer.tries_left for answer in answers] == [4, 3, 2, 1, 0]
    assert answers[-1].outcome is Outcome.SPENT
    right = changes.confirm(request=request, typed=code, at=at)
    assert (right.outcome, right.frozen_until) == (Outcome.SPENT, at + settings.CODE_FREEZE)


def test_wrong_guesses_are_in_the_log_without_what_was_typed() -> None:
    request = cases.submitted()
    wrong = _wrong(cases.code_of(request))
    for _ in range(settings.CODE_TRIES):
        changes.confirm(request=request, typed=wrong)
    entries = AuditLog.objects.filter(action="request.code_refused").order_by("id")
    assert [entry.reason for entry in entries] == [*["wrong"] * 4, "spent"]
    # As a number of its own: moments and identifiers have so many digits that each six stand in some of them.
    assert not any(re.search(rf"(?<!\w){wrong}(?!\w)", entry.entry) for entry in entries)


def test_a_wrong_code_at_the_counter_names_the_operator_who_typed_it() -> None:
    operator = make.staff()
    request = cases.submitted(by=operator)
    changes.confirm(request=request, typed=_wrong(cases.code_of(request)), by=operator)
    assert AuditLog.objects.get(action="request.code_refused").actor == operator.username


def test_after_five_wrong_guesses_no_code_is_sent_for_half_an_hour() -> None:
    request = cases.submitted()
    code, at = cases.code_of(request), timezone.now()
    for _ in range(settings.CODE_TRIES):
        changes.confirm(request=request, typed=_wrong(code), at=at)
    with pytest.raises(TooManyCodes):
        changes.send_code(request=request, at=at + settings.CODE_FREEZE - timedelta(seconds=1))
    changes.send_code(request=request, at=at + settings.CODE_FREEZE)
    assert changes.confirm(request=request, typed=cases.code_of(request)).outcome is Outcome.CONFIRMED


def test_a_code_expires() -> None:
    at = timezone.now()
    request = cases.submitted(at=at)
    code = cases.code_of(request)
    late = changes.confirm(request=request, typed=code, at=at + settings.CODE_LIFETIME)
    assert late.outcome is Outcome.EXPIRED


def test_a_new_code_voids_the_older_one_and_its_message() -> None:
    at = timezone.now()
    request = cases.submitted(at=at)
    old = cases.code_of(request)
    changes.send_code(request=request, at=at + settings.CODE_PAUSE)
    new = cases.code_of(request)
    assert request.messages.filter(template="code", status="waiting").count() == 1
    if new != old:
        assert changes.confirm(request=request, typed=old, at=at + settings.CODE_PAUSE).outcome is Outcome.WRONG
    assert changes.confirm(request=request, typed=new, at=at + settings.CODE_PAUSE).outcome is Outcome.CONFIRMED


def test_a_code_for_another_number_is_void() -> None:
    request = cases.submitted()
    code = cases.code_of(request)
    type(request).objects.filter(pk=request.pk).update(new_phone="+6281399998888")
    assert changes.confirm(request=request, typed=code).outcome is Outcome.EXPIRED


def test_a_code_of_another_request_does_not_fit() -> None:
    at = timezone.now()
    mine = cases.submitted(new_phone=cases.NEW_PHONE, at=at - timedelta(minutes=2))
    cases.submitted(new_phone=cases.NEW_PHONE, at=at)
    PhoneCode.objects.filter(request=mine).update(digest=PhoneCode.objects.exclude(request=mine).get().digest)
    other_code = cases.code_of(PhoneCode.objects.exclude(request=mine).get().request)
    assert changes.confirm(request=mine, typed=other_code, at=at).outcome is Outcome.WRONG


@pytest.mark.parametrize(
    ("sent_minutes_ago", "wait"),
    [
        ([], timedelta(0)),
        ([0.5], timedelta(seconds=30)),
        ([1], timedelta(0)),
        ([50, 30, 10], timedelta(minutes=10)),
        ([61, 30, 10], timedelta(0)),
        ([1200, 900, 600, 300, 100], timedelta(hours=4)),
        ([1441, 900, 600, 300, 100], timedelta(0)),
    ],
)
def test_how_long_a_number_waits_for_another_code(sent_minutes_ago: list[float], wait: timedelta) -> None:
    at = timezone.now()
    request = cases.submitted(at=at - timedelta(days=30))
    for minutes in sent_minutes_ago:
        sent_at = at - timedelta(minutes=minutes)
        PhoneCode.objects.create(
            request=request,
            number=request.new_phone,
            digest=b"",
            sent_at=sent_at,
            expires_at=sent_at + settings.CODE_LIFETIME,
        )
    assert codes.next_at(request=request, at=at) - at == wait


@override_settings(CODES_PER_HOUR_GLOBAL=1)
def test_the_whole_country_has_a_limit_against_sms_pumping() -> None:
    peserta = make.peserta()
    cases.submitted()
    with pytest.raises(TooManyCodes):
        cases.submitted(peserta=peserta)
