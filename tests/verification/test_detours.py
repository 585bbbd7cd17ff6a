"""What is not decided at once: handed to a supervisor, put off, stopped at the end of a hold."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from participants.models import Peserta
from tests import cases, make
from verification import changes, signals
from verification.changes.decision import NotCompared
from verification.changes.passing import TooLong
from verification.changes.people import NotClaimed
from verification.models import PhoneChangeRequest
from verification.states import NotAllowed, Status

pytestmark = pytest.mark.django_db


def _escalated(**given: Any) -> PhoneChangeRequest:
    request = cases.queued(**given)
    user = cases.reviewer(request)
    changes.claim(request=request, by=user)
    changes.escalate(request=request, by=user, note="Foto tampak disunting.")
    request.refresh_from_db()
    return request


def test_a_supervisors_approval_of_an_escalated_case_is_the_first_one() -> None:
    request = _escalated()
    assert (request.status, request.reviewed_by, request.claimed_by) == (Status.SECOND_REVIEW, None, None)
    supervisor = cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=supervisor)
    with pytest.raises(NotAllowed):
        changes.endorse(request=request, by=supervisor, compared=True)
    decided = changes.approve(request=request, by=supervisor, compared=True)
    assert (decided.status, decided.reviewed_by, decided.second_by) == (Status.ON_HOLD, supervisor, None)


def test_an_escalated_case_with_signals_still_needs_two_approvals() -> None:
    request = _escalated(peserta=make.peserta(phone_changed_at=timezone.now()))
    first, second = (cases.reviewer(request, Role.SUPERVISOR) for _ in range(2))
    changes.claim(request=request, by=first)
    assert changes.approve(request=request, by=first, compared=True).status == Status.SECOND_REVIEW
    changes.claim(request=request, by=second)
    with pytest.raises(NotAllowed):
        changes.approve(request=request, by=second, compared=True)
    decided = changes.endorse(request=request, by=second, compared=True)
    assert (decided.status, decided.reviewed_by, decided.second_by) == (Status.ON_HOLD, first, second)


def test_an_approval_that_was_sent_back_counts_for_nothing_after_an_escalation() -> None:
    request = cases.in_state(Status.SECOND_REVIEW)
    sender = cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=sender)
    changes.send_back(request=request, by=sender)
    user, supervisor = cases.reviewer(request), cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=user)
    changes.escalate(request=request, by=user, note="Lihat foto.")
    changes.claim(request=request, by=supervisor)
    with pytest.raises(NotAllowed):
        changes.endorse(request=request, by=supervisor, compared=True)


@pytest.mark.parametrize("step", [changes.approve, changes.endorse])
def test_nobody_approves_without_having_compared(step: object) -> None:
    status = Status.IN_REVIEW if step is changes.approve else Status.SECOND_REVIEW
    request = cases.in_state(Status.QUEUED if status is Status.IN_REVIEW else status)
    user = cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=user)
    with pytest.raises(NotCompared):
        step(request=request, by=user, compared=False)  # type: ignore[operator]
    request.refresh_from_db()
    assert request.status == status


def test_a_case_that_is_put_off_is_offered_again_when_its_time_has_come() -> None:
    request = cases.queued()
    user = cases.reviewer(request)
    now = timezone.now()
    changes.claim(request=request, by=user, at=now - timedelta(minutes=1))
    changes.snooze(request=request, by=user, until=now + timedelta(hours=4), note="Menunggu.", at=now)
    assert changes.take_next(by=user, at=now + timedelta(hours=3)) is None
    taken = changes.take_next(by=user, at=now + timedelta(hours=4))
    assert taken == request
    request.refresh_from_db()
    assert request.snoozed_until is None
    assert request.notes.get().text == "Menunggu."


@pytest.mark.parametrize("hours", [-1, 0, 49])
def test_a_case_is_put_off_into_the_next_48_hours_only(hours: int) -> None:
    request = cases.queued()
    user = cases.reviewer(request)
    now = timezone.now()
    changes.claim(request=request, by=user)
    with pytest.raises(TooLong):
        changes.snooze(request=request, by=user, until=now + timedelta(hours=hours), at=now)


def test_only_who_holds_a_case_hands_it_on_or_puts_it_off() -> None:
    request = cases.in_state(Status.QUEUED)
    user = cases.reviewer(request)
    with pytest.raises(NotClaimed):
        changes.escalate(request=request, by=user, note="x")
    with pytest.raises(NotClaimed):
        changes.snooze(request=request, by=user, until=timezone.now() + timedelta(hours=1))


def test_a_hold_that_ends_with_new_signals_goes_to_a_supervisor_and_not_into_the_register() -> None:
    peserta = make.peserta()
    request = cases.in_state(Status.ON_HOLD, peserta=peserta)
    cases.told()
    Peserta.objects.filter(pk=peserta.pk).update(status="DECEASED")
    over = timezone.now() + settings.HOLD
    changes.apply_due(at=over)
    request.refresh_from_db()
    assert (request.status, request.hold_until, request.claimed_by) == (Status.SECOND_REVIEW, None, None)
    peserta.refresh_from_db()
    assert peserta.phone != request.new_phone
    assert "deceased" in AuditLog.objects.get(action="request.recalled").entry
    supervisor = cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=supervisor)
    changes.endorse(request=request, by=supervisor, compared=True, at=over)
    cases.told()
    changes.apply_due(at=over + settings.HOLD)
    request.refresh_from_db()
    assert request.status == Status.APPLIED


def test_a_hold_whose_signals_were_seen_when_it_was_approved_is_applied() -> None:
    request = cases.in_state(Status.SECOND_REVIEW)
    supervisor = cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=supervisor)
    changes.endorse(request=request, by=supervisor, compared=True)
    cases.told()
    changes.apply_due(at=timezone.now() + settings.HOLD)
    request.refresh_from_db()
    assert request.status == Status.APPLIED


def test_a_hold_of_which_nobody_was_told_goes_to_a_supervisor_and_once_seen_into_the_register() -> None:
    # Given a hold whose notices no gateway took
    request = cases.in_state(Status.ON_HOLD)
    over = timezone.now() + settings.HOLD
    # When it is over, then a supervisor is asked, and nothing is written
    changes.apply_due(at=over)
    request.refresh_from_db()
    assert (request.status, [sign["code"] for sign in request.signals]) == (Status.SECOND_REVIEW, ["not_told"])
    assert request.peserta is not None
    assert request.peserta.phone == request.old_phone
    # And when the supervisor, who sees that, approves, it is held anew, and ends whether or not the new notices go out
    assert [sign.code for sign in signals.look(request=request, at=over)] == ["not_told"]
    supervisor = cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=supervisor)
    changes.endorse(request=request, by=supervisor, compared=True, at=over)
    changes.apply_due(at=over + settings.HOLD)
    request.refresh_from_db()
    assert request.status == Status.APPLIED


def test_second_approvals_come_first_for_supervisors_and_not_at_all_for_operators() -> None:
    second = cases.in_state(Status.SECOND_REVIEW)
    queued = cases.queued(peserta=make.peserta(branch=second.branch), at=timezone.now() - timedelta(hours=5))
    supervisor, operator = cases.reviewer(second, Role.SUPERVISOR), cases.reviewer(second)
    assert changes.take_next(by=operator) == queued
    assert changes.take_next(by=supervisor) == second
