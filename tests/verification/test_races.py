"""Two at the same moment, with real threads, real connections and real locks."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from jknoffice.refusal import Refusal
from participants import registry
from tests import cases, make
from tests.verification import said
from verification import changes, outbox
from verification.changes import intake as intakes
from verification.changes import objection, people
from verification.codes import Outcome
from verification.models import PhoneChangeRequest
from verification.models.choices import RejectReason
from verification.sms.gateways import memory
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("JKN_RACE_ROUNDS", "20"))
"""How often the same race is run; `make test-long`: 200 times."""


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run jobs in threads that start together; return what each returned, or the refusal that it raised."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return job()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_approvals_of_one_person_apply_once() -> None:
    request = cases.queued(by=make.staff())
    reviewer = cases.reviewer(request)
    changes.claim(request=request, by=reviewer)
    answers = at_once(*[lambda: changes.approve(request=request, by=reviewer, compared=True)] * 4)
    won = [answer for answer in answers if isinstance(answer, PhoneChangeRequest)]
    assert len(won) == 1
    assert sum(isinstance(answer, people.Involved) for answer in answers) == 3
    assert AuditLog.objects.filter(action="peserta.phone_changed").count() == 1


def test_approve_and_reject_at_once_end_in_one_of_the_two_each_time() -> None:
    ended_in = {"request.approved": Status.ON_HOLD, "request.rejected": Status.REJECTED}
    branch = make.branch()
    reviewer = make.staff(branch=branch)
    for _ in range(ROUNDS):
        request = cases.queued(peserta=make.peserta(branch=branch))
        changes.claim(request=request, by=reviewer)
        answers = at_once(
            partial(changes.approve, request=request, by=reviewer, compared=True),
            partial(changes.reject, request=request, by=reviewer, reason=RejectReason.DATA_DIFFERS),
        )
        assert sum(isinstance(answer, Refusal) for answer in answers) == 1
        (entry,) = AuditLog.objects.filter(action__in=ended_in, object_id=str(request.pk))
        request.refresh_from_db()
        assert request.status == ended_in[entry.action]


def test_two_operators_claim_and_the_slower_is_told_who_has_it() -> None:
    request = cases.queued()
    operators = [cases.reviewer(request) for _ in range(4)]
    answers = at_once(*[lambda by=by: changes.claim(request=request, by=by) for by in operators])
    request.refresh_from_db()
    assert request.claimed_by is not None
    losers = [answer for answer in answers if isinstance(answer, people.ClaimedByOther)]
    assert len(losers) == 3
    assert all(request.claimed_by.full_name in str(loser) for loser in losers)


def test_two_who_take_the_next_get_two_cases() -> None:
    first = cases.queued()
    operator = cases.reviewer(first)
    second = cases.queued(peserta=make.peserta(branch=first.branch))
    taken = at_once(lambda: changes.take_next(by=operator), lambda: changes.take_next(by=cases.reviewer(first)))
    assert {request.pk for request in taken} == {first.pk, second.pk}


def test_twenty_who_take_the_next_at_once_get_twenty_cases() -> None:
    branch = make.branch()
    waiting = {cases.queued(peserta=make.peserta(branch=branch)).pk for _ in range(20)}
    operators = [make.staff(branch=branch) for _ in range(20)]
    taken = at_once(*[partial(changes.take_next, by=operator) for operator in operators])
    assert {request.pk for request in taken} == waiting
    holders = PhoneChangeRequest.objects.values_list("claimed_by", flat=True)
    assert sorted(holders) == sorted(operator.pk for operator in operators)


def test_one_who_clicks_take_next_twice_gets_one_case() -> None:
    first = cases.queued()
    operator = cases.reviewer(first)
    cases.queued(peserta=make.peserta(branch=first.branch))
    taken = at_once(*[lambda: changes.take_next(by=operator)] * 3)
    assert len({request.pk for request in taken}) == 1


def test_two_endorsements_at_once_apply_once() -> None:
    request = cases.in_state(Status.SECOND_REVIEW)
    supervisor = cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=supervisor)
    answers = at_once(*[lambda: changes.endorse(request=request, by=supervisor, compared=True)] * 3)
    assert sum(isinstance(answer, PhoneChangeRequest) for answer in answers) == 1


def test_a_hold_that_ends_and_a_holder_who_objects_do_not_both_win() -> None:
    request = cases.in_state(Status.ON_HOLD)
    cases.told()
    assert request.hold_until is not None
    end = request.hold_until
    at_once(lambda: changes.apply_due(at=end), lambda: changes.freeze(request=request, at=end))
    changes.apply_due(at=end)
    request.refresh_from_db()
    assert request.peserta is not None
    expected = request.new_phone if request.status == Status.APPLIED else request.old_phone
    assert request.status in {Status.APPLIED, Status.FROZEN}
    assert request.peserta.phone == expected


def test_two_sweeps_apply_a_hold_once() -> None:
    request = cases.in_state(Status.ON_HOLD)
    cases.told()
    end = request.hold_until
    assert sum(at_once(*[lambda: changes.apply_due(at=end)] * 3)) == 1


def test_two_requests_for_one_participant_at_once_make_one() -> None:
    peserta = make.peserta()
    answers = at_once(
        *[lambda n=n: changes.submit(intake=cases.intake(peserta, new_phone=f"+628130000000{n}")) for n in range(4)]
    )
    assert sum(isinstance(answer, PhoneChangeRequest) for answer in answers) == 1
    assert sum(isinstance(answer, intakes.AlreadyOpen) for answer in answers) == 3
    assert PhoneChangeRequest.objects.count() == 1


def test_a_double_click_makes_one_request() -> None:
    given = cases.intake(make.peserta())
    answers = at_once(*[lambda: changes.submit(intake=given)] * 4)
    assert len({answer.pk for answer in answers}) == 1


def test_a_click_that_overtakes_another_between_its_looks_makes_one_request() -> None:
    given = cases.intake(make.peserta())
    clicks: list[Any] = []

    def overtake(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "participants_peserta" in sql and not clicks:
            clicks.append(None)
            clicks.append(changes.submit(intake=given))
        return execute(sql, *rest)

    with connection.execute_wrapper(overtake):
        slower = changes.submit(intake=given)
    assert clicks == [None, slower]
    assert PhoneChangeRequest.objects.count() == 1


def test_guesses_at_once_are_all_counted() -> None:
    request = cases.submitted()
    wrong = f"{(int(cases.code_of(request)) + 1) % 10**6:06}"
    answers = at_once(*[lambda: changes.confirm(request=request, typed=wrong)] * 8)
    assert sum(answer.outcome is Outcome.WRONG for answer in answers) == 4
    assert sum(answer.outcome is Outcome.SPENT for answer in answers) == 4


def test_of_two_hundred_guesses_at_once_five_are_judged() -> None:
    request = cases.submitted()
    right = cases.code_of(request)
    wrong = [f"{(int(right) + number) % 10**6:06}" for number in range(1, 201)]

    def guess(start: int) -> list[Outcome]:
        return [changes.confirm(request=request, typed=typed).outcome for typed in wrong[start::20]]

    answers = [outcome for some in at_once(*[partial(guess, start) for start in range(20)]) for outcome in some]
    assert (answers.count(Outcome.WRONG), answers.count(Outcome.SPENT)) == (4, 196)
    assert request.codes.get().tries == 5
    assert changes.confirm(request=request, typed=right).outcome is Outcome.SPENT


def test_twenty_identical_forms_at_once_make_one_request() -> None:
    given = cases.intake(make.peserta())
    answers = at_once(*[lambda: changes.submit(intake=given)] * 20)
    assert len({request.pk for request in answers}) == 1
    assert PhoneChangeRequest.objects.count() == 1


def test_one_objection_sent_many_times_at_once_counts_once() -> None:
    secret = said.secret_of(cases.in_state(Status.APPLIED))
    answers = at_once(*[lambda: changes.not_me(secret=secret)] * 8)
    assert sum(answer == Status.APPLIED for answer in answers) == 1
    assert AuditLog.objects.filter(action="request.disputed").count() == 1


def test_codes_for_one_number_at_once_keep_the_pause() -> None:
    participants = [make.peserta() for _ in range(4)]
    answers = at_once(
        *[lambda peserta=peserta: changes.submit(intake=cases.intake(peserta)) for peserta in participants]
    )
    assert sum(isinstance(answer, PhoneChangeRequest) for answer in answers) == 1


def test_two_workers_send_a_message_once(sms: list[memory.Message]) -> None:
    message = cases.submitted().messages.get()
    at_once(*[lambda: outbox.deliver(message_id=message.pk)] * 4)
    assert len(sms) == 1


def test_a_stale_claim_and_a_decision_do_not_both_win() -> None:
    request = cases.in_state(Status.IN_REVIEW)
    assert request.claimed_by is not None
    reviewer = request.claimed_by
    later = timezone.now() + timedelta(hours=1)
    released, answer = at_once(
        lambda: changes.release_stale(at=later),
        lambda: changes.approve(request=request, by=reviewer, compared=True, at=later),
    )
    assert (released == 1) is isinstance(answer, Refusal)


def test_a_reversal_waits_for_a_change_under_way_and_does_not_overwrite_it() -> None:
    request = cases.in_state(Status.APPLIED)
    peserta = request.peserta
    assert peserta is not None
    changes.ask_reversal(request=request, by=cases.reviewer(request, Role.SUPERVISOR))
    second = cases.reviewer(request, Role.SUPERVISOR)

    def undo() -> Any:
        try:
            return changes.reverse(request=request, by=second)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            registry.set_phone(
                peserta_id=peserta.pk, phone="+6281299990000", by=second.as_actor(), cause=Thing.of(request)
            )
            answer = pool.submit(undo)
            time.sleep(0.5)
        assert isinstance(answer.result(timeout=20), objection.ChangedSince)
    peserta.refresh_from_db()
    assert peserta.phone == "+6281299990000"
