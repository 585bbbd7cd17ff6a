"""How requests come in."""

import uuid
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from participants.models import Peserta
from tests import cases, make
from verification import changes, reference
from verification.changes import intake as intakes
from verification.changes import people
from verification.codes import Outcome, TooManyCodes
from verification.models import Document, PhoneChangeRequest
from verification.models.choices import Channel
from verification.states import NotAllowed, Status

pytestmark = pytest.mark.django_db


def test_a_request_keeps_what_was_there_and_tells_nobody_in_clear() -> None:
    peserta = make.peserta()
    request = changes.submit(intake=cases.intake(peserta))
    assert (request.status, request.old_phone, request.branch) == ("awaiting_code", peserta.phone, peserta.branch)
    entry = AuditLog.objects.get(action="request.submitted").entry
    for secret in (peserta.nik, peserta.phone or "", cases.NEW_PHONE, peserta.name):
        assert secret not in entry


@pytest.mark.parametrize("identifier", ["nik", "card_number"])
def test_a_participant_is_known_by_nik_or_card_number_with_the_birth_date(identifier: str) -> None:
    peserta = make.peserta()
    request = changes.submit(intake=cases.intake(peserta, identifier=getattr(peserta, identifier)))
    assert request.peserta == peserta


def test_a_wrong_birth_date_matches_nobody() -> None:
    request = changes.submit(intake=cases.intake(make.peserta(), birth_date=date(1980, 1, 1)))
    assert (request.peserta, request.branch) == (None, None)


def test_a_form_sent_twice_makes_one_request() -> None:
    given = cases.intake(make.peserta(), submission=uuid.uuid4())
    assert changes.submit(intake=given) == changes.submit(intake=given)
    assert PhoneChangeRequest.objects.count() == 1


def test_a_reference_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, free = cases.submitted().reference, reference.new()
    drawn = iter([taken, free])
    field = PhoneChangeRequest._meta.get_field("reference")
    monkeypatch.setitem(field.__dict__, "_get_default", lambda: next(drawn))
    assert changes.submit(intake=cases.intake(make.peserta())).reference == free


def test_a_second_request_is_told_the_reference_of_the_first() -> None:
    peserta = make.peserta()
    first = cases.queued(peserta=peserta)
    with pytest.raises(intakes.AlreadyOpen) as refusal:
        changes.submit(intake=cases.intake(peserta))
    assert refusal.value.reference == first.reference
    assert PhoneChangeRequest.objects.count() == 1


def test_a_closed_request_does_not_stand_in_the_way() -> None:
    request = cases.in_state(Status.REJECTED)
    assert request.peserta is not None
    assert changes.submit(intake=cases.intake(request.peserta)).pk != request.pk


def test_at_the_counter_the_registered_number_is_no_change() -> None:
    operator = make.staff()
    peserta = make.peserta(branch=operator.branch)
    with pytest.raises(intakes.SameNumber):
        cases.submitted(peserta=peserta, new_phone=peserta.phone, by=operator)


def test_from_outside_nobody_learns_which_number_is_registered() -> None:
    peserta = make.peserta()
    assert changes.submit(intake=cases.intake(peserta, new_phone=peserta.phone)).status == Status.AWAITING_CODE


def test_a_refused_code_leaves_neither_request_nor_photo() -> None:
    for _ in range(settings.CODES_PER_HOUR):
        cases.submitted(new_phone=cases.NEW_PHONE, at=timezone.now() - timedelta(minutes=30 - _ * 2))
    before = (PhoneChangeRequest.objects.count(), Document.objects.count())
    with pytest.raises(TooManyCodes):
        cases.submitted(new_phone=cases.NEW_PHONE)
    assert (PhoneChangeRequest.objects.count(), Document.objects.count()) == before


def test_nobody_in_the_register_goes_the_same_way_and_ends_unmatched_without_photos() -> None:
    stranger = Peserta(nik=make.nik(), birth_date=date(1990, 5, 17))
    request = cases.submitted(peserta=stranger)
    assert request.documents.count() == 2
    assert cases.confirmed(request).outcome is Outcome.CONFIRMED
    request.refresh_from_db()
    assert (request.status, request.documents.count()) == (Status.UNMATCHED, 0)
    assert request.messages.filter(template="received_new").exists()


def test_at_the_counter_an_unknown_participant_is_refused() -> None:
    stranger = Peserta(nik=make.nik(), birth_date=date(1990, 5, 17))
    with pytest.raises(intakes.UnknownParticipant):
        cases.submitted(peserta=stranger, by=make.staff())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_only_operators_enter_requests_at_the_counter(role: Role) -> None:
    with pytest.raises(people.OutOfReach):
        changes.submit(intake=cases.intake(make.peserta(), channel=Channel.COUNTER), by=make.staff(role))


def test_a_counter_case_belongs_to_the_branch_that_entered_it() -> None:
    operator = make.staff()
    request = cases.submitted(peserta=make.peserta(), by=operator)
    assert (request.branch, request.entered_by, request.channel) == (operator.branch, operator, Channel.COUNTER)


def test_a_logged_in_participant_without_risk_changes_the_number_at_once() -> None:
    request = cases.queued(channel=Channel.SELF_SERVICE)
    assert request.status == Status.APPLIED
    assert request.peserta is not None
    assert request.peserta.phone == request.new_phone


def test_a_logged_in_participant_with_risk_waits_for_an_operator() -> None:
    peserta = make.peserta(phone_changed_at=timezone.now() - timedelta(days=1))
    request = cases.queued(channel=Channel.SELF_SERVICE, peserta=peserta)
    assert (request.status, [sign["code"] for sign in request.signals]) == (Status.QUEUED, ["changed_recently"])


def test_a_right_code_typed_twice_is_confirmed_twice_and_counts_once() -> None:
    request = cases.submitted()
    code = cases.code_of(request)
    for _ in range(2):
        assert changes.confirm(request=request, typed=code).outcome is Outcome.CONFIRMED
    assert AuditLog.objects.filter(action="request.confirmed").count() == 1


def test_a_cancelled_request_takes_no_code() -> None:
    request = cases.submitted()
    code = cases.code_of(request)
    changes.cancel(request=request)
    with pytest.raises(intakes.NotWaiting):
        changes.confirm(request=request, typed=code)
    with pytest.raises(intakes.NotWaiting):
        changes.send_code(request=request, at=timezone.now() + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("status", "lifetime"),
    [(Status.AWAITING_CODE, settings.UNCONFIRMED_LIFETIME), (Status.NEEDS_INFO, settings.CORRECTION_LIFETIME)],
)
def test_what_never_came_expires(status: Status, lifetime: timedelta) -> None:
    at = timezone.now()
    request = cases.in_state(status, at=at)
    assert changes.expire_due(at=at + lifetime - timedelta(seconds=1)) == 0
    assert changes.expire_due(at=at + lifetime) == 1
    request.refresh_from_db()
    assert request.status == Status.EXPIRED


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.APPLIED, Status.REJECTED])
def test_a_participant_does_not_cancel_what_is_being_decided_or_over(status: Status) -> None:
    with pytest.raises(NotAllowed):
        changes.cancel(request=cases.in_state(status))


def test_an_operator_cancels_on_the_participants_word() -> None:
    request = cases.queued()
    operator = cases.reviewer(request)
    changes.cancel(request=request, by=operator)
    assert AuditLog.objects.get(action="request.cancelled").actor == operator.username
