"""Objecting by the link in a notice."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from jknoffice.audit.models import AuditLog
from tests import cases, make
from tests.verification import said
from verification import changes
from verification.changes.not_me import NoSuchLink
from verification.desk.queue import Tab, cases_under, overview
from verification.models import PrivateLink
from verification.states import Status

pytestmark = pytest.mark.django_db


def test_a_held_change_is_frozen_at_once() -> None:
    request = cases.in_state(Status.ON_HOLD)
    assert changes.not_me(secret=said.secret_of(request)) is Status.FROZEN
    request.refresh_from_db()
    assert request.status == Status.FROZEN


def test_an_applied_change_is_disputed_and_supervisors_find_it() -> None:
    request = cases.in_state(Status.APPLIED)
    user = cases.reviewer(request)
    assert changes.not_me(secret=said.secret_of(request)) is Status.APPLIED
    request.refresh_from_db()
    assert request.disputed_at
    assert list(cases_under(Tab.DISPUTED, user=user, at=timezone.now())) == [request]
    assert overview(user=user, at=timezone.now()).counts[Tab.DISPUTED] == 1
    assert AuditLog.objects.filter(action="request.disputed", object_id=str(request.pk)).count() == 1


def test_a_change_that_waits_for_a_second_look_is_disputed_and_urgent() -> None:
    request = cases.in_state(Status.ON_HOLD)
    secret = said.secret_of(request)
    assert request.peserta
    request.peserta.phone_changed_at = timezone.now() - timedelta(days=1)
    request.peserta.save(update_fields=["phone_changed_at"])
    changes.apply_due(at=request.hold_until)
    request.refresh_from_db()
    assert request.status == Status.SECOND_REVIEW
    changes.not_me(secret=secret)
    user = cases.reviewer(request)
    assert list(cases_under(Tab.URGENT, user=user, at=timezone.now())) == [request]


def test_a_link_works_once() -> None:
    secret = said.secret_of(cases.in_state(Status.APPLIED))
    changes.not_me(secret=secret)
    with pytest.raises(NoSuchLink):
        changes.not_me(secret=secret)


def test_the_link_in_the_other_message_then_disputes_what_is_frozen() -> None:
    request = cases.in_state(Status.ON_HOLD, peserta=make.peserta(email="siti@example.org"))
    first, second = (said.link_of(message).rpartition("/")[2] for message in said.waiting(request, "hold_old"))
    assert first != second
    changes.not_me(secret=first)
    assert changes.not_me(secret=second) is Status.FROZEN


@pytest.mark.parametrize(("later", "works"), [(timedelta(), False), (timedelta(seconds=1), True)])
def test_a_link_works_until_thirty_days_after_the_change(later: timedelta, works: bool) -> None:
    request = cases.in_state(Status.APPLIED)
    secret = said.secret_of(request)
    assert request.applied_at
    at = request.applied_at + settings.UNDO_LIFETIME - later
    if works:
        changes.not_me(secret=secret, at=at)
    else:
        with pytest.raises(NoSuchLink):
            changes.not_me(secret=secret, at=at)


def test_a_change_that_came_to_nothing_cannot_be_stopped() -> None:
    request = cases.in_state(Status.ON_HOLD)
    secret = said.secret_of(request)
    changes.cancel(request=request)
    with pytest.raises(NoSuchLink):
        changes.not_me(secret=secret)


def test_only_a_hash_of_the_secret_is_kept() -> None:
    secret = said.secret_of(cases.in_state(Status.ON_HOLD))
    assert len(secret) == 22
    (link,) = PrivateLink.objects.filter(kind="objection")
    assert secret.encode() not in bytes(link.digest)
    assert len(bytes(link.digest)) == 32
