"""Freezing and undoing."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.log import Thing
from participants import registry
from tests import cases, make
from verification import changes
from verification.changes import objection, people
from verification.models import PhoneChangeRequest
from verification.states import NotAllowed, Status

pytestmark = pytest.mark.django_db


def _supervisor(request: PhoneChangeRequest) -> User:
    return cases.reviewer(request, Role.SUPERVISOR)


def test_a_frozen_change_is_not_applied_when_its_hold_is_over() -> None:
    request = cases.in_state(Status.FROZEN)
    assert request.hold_until is not None
    assert changes.apply_due(at=request.hold_until + timedelta(days=1)) == 0


def test_an_unfrozen_change_begins_its_hold_anew() -> None:
    request = cases.in_state(Status.FROZEN)
    at = timezone.now() + timedelta(hours=20)
    changes.unfreeze(request=request, by=_supervisor(request), at=at)
    request.refresh_from_db()
    assert (request.status, request.hold_until) == (Status.ON_HOLD, at + settings.HOLD)


def test_an_operator_does_not_unfreeze() -> None:
    request = cases.in_state(Status.FROZEN)
    with pytest.raises(NotAllowed):
        changes.unfreeze(request=request, by=cases.reviewer(request))


def test_two_people_put_the_old_number_back() -> None:
    request = cases.in_state(Status.REVERSED)
    assert request.peserta is not None
    assert request.peserta.phone == request.old_phone
    assert request.reversal_by != request.reversed_by


def test_one_person_does_not_reverse_alone() -> None:
    request = cases.in_state(Status.APPLIED)
    supervisor = _supervisor(request)
    with pytest.raises(objection.ReversalNotAsked):
        changes.reverse(request=request, by=supervisor)
    changes.ask_reversal(request=request, by=supervisor)
    changes.ask_reversal(request=request, by=supervisor)
    with pytest.raises(objection.AskedByYou):
        changes.reverse(request=request, by=supervisor)
    with pytest.raises(NotAllowed):
        changes.reverse(request=request, by=cases.reviewer(request))


def test_a_change_older_than_thirty_days_stays() -> None:
    request = cases.in_state(Status.APPLIED)
    late = timezone.now() + settings.UNDO_LIFETIME + timedelta(seconds=1)
    with pytest.raises(objection.TooLate):
        changes.ask_reversal(request=request, by=_supervisor(request), at=late)


def test_a_reversal_does_not_overwrite_a_later_change() -> None:
    request = cases.in_state(Status.APPLIED)
    changes.ask_reversal(request=request, by=cases.reviewer(request))
    assert request.peserta_id is not None
    registry.set_phone(
        peserta_id=request.peserta_id,
        phone="+6281311112222",
        by=_supervisor(request).as_actor(),
        cause=Thing.of(request),
    )
    with pytest.raises(objection.ChangedSince):
        changes.reverse(request=request, by=_supervisor(request))


def test_only_applied_changes_are_reversed() -> None:
    request = cases.in_state(Status.ON_HOLD)
    with pytest.raises(NotAllowed):
        changes.ask_reversal(request=request, by=_supervisor(request))


def test_nobody_reverses_a_change_of_their_own_number_or_asks_for_it() -> None:
    request = cases.in_state(Status.APPLIED)
    assert request.peserta is not None
    oneself = make.staff(Role.SUPERVISOR, branch=request.branch, nik=request.peserta.nik)
    with pytest.raises(people.AboutYourself):
        changes.ask_reversal(request=request, by=oneself)
    changes.ask_reversal(request=request, by=_supervisor(request))
    with pytest.raises(people.AboutYourself):
        changes.reverse(request=request, by=oneself)
