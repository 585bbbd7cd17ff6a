"""A dispute that turns out to be none is closed by a supervisor who had no part in the change."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from jknoffice.refusal import Refusal
from tests import cases, make
from tests.verification import said
from verification import changes
from verification.changes.dispute import NotDisputed
from verification.changes.objection import ReversalNotAsked
from verification.changes.people import DecidedByYou, EnteredByYou, OutOfReach
from verification.desk.queue import Tab, cases_under
from verification.models import PhoneChangeRequest
from verification.models.choices import Finding
from verification.states import NotAllowed, Status

pytestmark = pytest.mark.django_db


def disputed(status: Status = Status.APPLIED) -> PhoneChangeRequest:
    request = cases.in_state(status)
    if status is Status.APPLIED:
        changes.not_me(secret=said.secret_of(request))
    else:
        PhoneChangeRequest.objects.filter(pk=request.pk).update(disputed_at=timezone.now())
    request.refresh_from_db()
    return request


def close(request: PhoneChangeRequest, by: User | None = None) -> None:
    by = by or cases.reviewer(request, Role.SUPERVISOR)
    changes.close_dispute(request=request, by=by, finding=Finding.HOLDER_AGREES, note="Ditelepon pukul 10.")
    request.refresh_from_db()


def test_the_change_stands_and_who_objected_is_told() -> None:
    request = disputed()
    user = cases.reviewer(request, Role.SUPERVISOR)
    close(request, user)
    assert request.peserta
    assert (request.status, request.disputed_at, request.peserta.phone) == (Status.APPLIED, None, request.new_phone)
    assert [note.text for note in request.notes.all()] == ["Ditelepon pukul 10."]
    assert list(cases_under(Tab.DISPUTED, user=user, at=timezone.now())) == []
    assert len(said.waiting(request, "stands_old")) == 1 + bool(request.peserta.email)
    entry = AuditLog.objects.get(action="request.dispute_closed", object_id=str(request.pk))
    assert '"reason":"holder_agrees"' in entry.entry
    assert "Ditelepon" not in entry.entry


def test_a_reversal_that_was_asked_for_is_off() -> None:
    request = disputed()
    changes.ask_reversal(request=request, by=cases.reviewer(request))
    close(request)
    assert request.reversal_by is None
    with pytest.raises(ReversalNotAsked):
        changes.reverse(request=request, by=cases.reviewer(request, Role.SUPERVISOR))


def test_it_is_closed_once_and_the_link_in_another_message_opens_it_anew() -> None:
    request = cases.in_state(Status.APPLIED, peserta=make.peserta(email="siti@example.org"), by=make.staff())
    first, second = (said.link_of(message).rpartition("/")[2] for message in said.waiting(request, "applied_old"))
    changes.not_me(secret=first)
    close(request)
    with pytest.raises(NotDisputed):
        close(request)
    changes.not_me(secret=second)
    request.refresh_from_db()
    assert request.disputed_at


def entered(request: PhoneChangeRequest) -> User:
    assert request.entered_by
    return request.entered_by


def approved(request: PhoneChangeRequest) -> User:
    assert request.reviewed_by
    return request.reviewed_by


def as_supervisor(find: Callable[[PhoneChangeRequest], User]) -> Callable[[PhoneChangeRequest], User]:
    def promoted(request: PhoneChangeRequest) -> User:
        user = find(request)
        User.objects.filter(pk=user.pk).update(role=Role.SUPERVISOR)
        return User.objects.get(pk=user.pk)

    return promoted


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (cases.reviewer, NotAllowed),
        (as_supervisor(entered), EnteredByYou),
        (as_supervisor(approved), DecidedByYou),
        (lambda _request: make.staff(Role.SUPERVISOR), OutOfReach),
    ],
    ids=["an operator", "who entered it", "who approved it", "another branch"],
)
def test_who_may_not_close_it(who: Callable[[PhoneChangeRequest], User], refusal: type[Refusal]) -> None:
    request = disputed()
    with pytest.raises(refusal):
        close(request, who(request))
    request.refresh_from_db()
    assert request.disputed_at


@pytest.mark.parametrize("status", [status for status in Status if status not in {Status.APPLIED, Status.UNMATCHED}])
def test_before_and_after_the_change_there_is_nothing_to_close(status: Status) -> None:
    with pytest.raises(NotAllowed):
        close(disputed(status))
