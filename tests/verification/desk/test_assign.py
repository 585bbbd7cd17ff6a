"""A supervisor takes cases back and hands them over: all that are chosen, or none."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import cases, make
from tests.verification.desk.test_steps import said
from verification import changes
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db

ASSIGN = "admin:verification_assign"


@pytest.fixture
def supervisor() -> User:
    return make.staff(Role.SUPERVISOR)


def waiting(supervisor: User, **given: Any) -> PhoneChangeRequest:
    return cases.queued(peserta=make.peserta(branch=supervisor.branch), **given)


def assigned(client: Client, chosen: list[PhoneChangeRequest], to: str = "") -> str:
    client.post(reverse(ASSIGN), {"case": [case.reference for case in chosen], "to": to})
    for case in chosen:
        case.refresh_from_db()
    return said(client)


def test_chosen_cases_are_handed_to_a_colleague_by_name(supervisor: User) -> None:
    operator, other = (make.staff(branch=supervisor.branch) for _ in range(2))
    free, held = waiting(supervisor), waiting(supervisor)
    changes.claim(request=held, by=other)
    assert "mendapat tambahan 2 kasus" in assigned(make.logged_in(supervisor), [free, held], operator.username)
    assert {case.claimed_by for case in (free, held)} == {operator}
    entry = AuditLog.objects.filter(action="request.claimed").latest("pk")
    assert entry.actor == supervisor.username
    assert operator.username in entry.entry


def test_chosen_cases_are_taken_back(supervisor: User) -> None:
    held = waiting(supervisor)
    changes.claim(request=held, by=make.staff(branch=supervisor.branch))
    assert "sudah dilepas" in assigned(make.logged_in(supervisor), [held])
    assert (held.status, held.claimed_by) == (Status.QUEUED, None)


def test_one_that_cannot_be_handed_over_holds_back_all(supervisor: User) -> None:
    operator = make.staff(branch=supervisor.branch)
    fine, own = waiting(supervisor), waiting(supervisor, by=operator)
    message = assigned(make.logged_in(supervisor), [fine, own], operator.username)
    assert str(own) in message
    assert {fine.claimed_by, own.claimed_by} == {None}
    assert AuditLog.objects.get(action="request.refused").reason == "involved"


def test_a_case_that_nobody_holds_is_not_taken_back(supervisor: User) -> None:
    assert "Belum ada yang dilakukan" in assigned(make.logged_in(supervisor), [waiting(supervisor)])


@pytest.mark.parametrize("to", ["no such colleague", "\0"])
def test_nobody_is_handed_a_case_who_is_not_there(supervisor: User, to: str) -> None:
    case = waiting(supervisor)
    assert "kepada siapa" in assigned(make.logged_in(supervisor), [case], to)
    assert case.claimed_by is None


def test_nothing_chosen_does_nothing(supervisor: User) -> None:
    assert "pilih kasus" in assigned(make.logged_in(supervisor), [])


def test_a_case_of_another_branch_is_not_found(supervisor: User) -> None:
    answer = make.logged_in(supervisor).post(reverse(ASSIGN), {"case": [cases.queued().reference]})
    assert answer.status_code == 404


def test_an_operator_may_not(supervisor: User) -> None:
    case = waiting(supervisor)
    operator = make.staff(branch=supervisor.branch)
    assert make.logged_in(operator).post(reverse(ASSIGN), {"case": [case.reference]}).status_code == 403
    with pytest.raises(changes.assigning.OneOfThem):
        changes.assign(requests=[case], by=operator, to=operator)


def test_the_queue_offers_it_to_supervisors_only(supervisor: User) -> None:
    waiting(supervisor)
    operator = make.staff(branch=supervisor.branch)
    queue = reverse("admin:verification_queue")
    shown = make.logged_in(supervisor).get(queue).content.decode()
    assert f'value="{operator.username}"' in shown
    assert reverse(ASSIGN) in shown
    assert reverse(ASSIGN) not in make.logged_in(operator).get(queue).content.decode()
