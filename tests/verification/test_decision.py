"""What an operator's decision leads to, and who may take it."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from participants import registry
from tests import cases, make
from verification import changes
from verification.changes import effect, people
from verification.changes.decision import EvidenceMissing
from verification.models import PhoneChangeRequest
from verification.models.choices import DocumentKind, Fault, RejectReason
from verification.states import NotAllowed, Status

pytestmark = pytest.mark.django_db


def test_a_counter_case_without_risk_is_applied_at_once() -> None:
    operator = make.staff()
    request = cases.queued(by=operator)
    reviewer = cases.reviewer(request)
    changes.claim(request=request, by=reviewer)
    decided = changes.approve(request=request, by=reviewer, compared=True)
    assert decided.status == Status.APPLIED
    assert decided.claimed_by is None
    peserta = decided.peserta
    assert peserta is not None
    peserta.refresh_from_db()
    assert peserta.phone == decided.new_phone
    assert peserta.phone_changed_at == decided.applied_at
    actions = list(AuditLog.objects.filter(subject=peserta.uuid).order_by("id").values_list("action", flat=True))
    assert actions[:1] == ["request.submitted"]
    assert actions[-2:] == ["request.approved", "peserta.phone_changed"]


def test_a_remote_case_is_held_for_a_day_and_both_numbers_are_told() -> None:
    request = cases.queued()
    reviewer = cases.reviewer(request)
    at = timezone.now()
    changes.claim(request=request, by=reviewer, at=at)
    decided = changes.approve(request=request, by=reviewer, compared=True, at=at)
    assert decided.status == Status.ON_HOLD
    assert decided.hold_until == at + settings.HOLD
    assert decided.peserta is not None
    assert decided.peserta.phone == request.old_phone
    told = {(message.template, message.to) for message in request.messages.all()}
    assert {("hold_new", request.new_phone), ("hold_old", request.old_phone)} <= told


def test_a_hold_that_is_over_is_applied_by_the_worker() -> None:
    request = cases.in_state(Status.ON_HOLD)
    cases.told()
    assert request.hold_until is not None
    assert changes.apply_due(at=request.hold_until - timedelta(seconds=1)) == 0
    assert changes.apply_due(at=request.hold_until) == 1
    request.refresh_from_db()
    assert request.status == Status.APPLIED
    assert request.peserta is not None
    assert request.peserta.phone == request.new_phone


def test_a_risky_case_needs_a_second_person_even_at_the_counter() -> None:
    now = timezone.now()
    operator = make.staff()
    peserta = make.peserta(branch=operator.branch, phone_changed_at=now - timedelta(days=3))
    request = cases.queued(by=operator, peserta=peserta)
    first, second = cases.reviewer(request), cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=first)
    assert changes.approve(request=request, by=first, compared=True).status == Status.SECOND_REVIEW
    changes.claim(request=request, by=second)
    decided = changes.endorse(request=request, by=second, compared=True)
    assert decided.status == Status.APPLIED
    assert (decided.reviewed_by, decided.second_by) == (first, second)


def test_a_second_approval_of_a_remote_case_holds_it() -> None:
    request = cases.in_state(Status.SECOND_REVIEW)
    supervisor = cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=supervisor)
    assert changes.endorse(request=request, by=supervisor, compared=True).status == Status.ON_HOLD


def test_a_case_sent_back_never_returns_to_the_first_person() -> None:
    request = cases.in_state(Status.SECOND_REVIEW)
    supervisor = cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=supervisor)
    changes.send_back(request=request, by=supervisor, note="Foto KTP tampak disunting.")
    request.refresh_from_db()
    first = request.reviewed_by
    assert request.status == Status.QUEUED
    assert first is not None
    with pytest.raises(people.DecidedByYou):
        changes.claim(request=request, by=first)
    assert changes.take_next(by=first) is None
    assert changes.take_next(by=cases.reviewer(request)) is not None


def test_whoever_approved_once_never_gives_the_second_approval_later_on() -> None:
    request = cases.queued(peserta=make.peserta(phone_changed_at=timezone.now()))
    first, sender, third = (cases.reviewer(request, Role.SUPERVISOR) for _ in range(3))
    changes.claim(request=request, by=first)
    changes.approve(request=request, by=first, compared=True)
    changes.claim(request=request, by=sender)
    changes.send_back(request=request, by=sender)
    changes.claim(request=request, by=third)
    changes.approve(request=request, by=third, compared=True)
    with pytest.raises(people.DecidedByYou):
        changes.claim(request=request, by=first)


def test_the_number_that_is_replaced_is_the_one_registered_now_and_its_holder_is_told() -> None:
    request = cases.queued()
    assert request.peserta_id is not None
    newer = "+6281355556666"
    registry.set_phone(peserta_id=request.peserta_id, phone=newer, by=Actor.system("test"), cause=Thing("test", "1"))
    first, second = cases.reviewer(request), cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=first)
    changes.approve(request=request, by=first, compared=True)
    changes.claim(request=request, by=second)
    decided = changes.endorse(request=request, by=second, compared=True)
    assert (decided.status, decided.old_phone) == (Status.ON_HOLD, newer)
    assert request.messages.get(template="hold_old").to == newer


def test_the_note_of_a_sent_back_case_is_personal() -> None:
    request = cases.in_state(Status.SECOND_REVIEW)
    supervisor = cases.reviewer(request, Role.SUPERVISOR)
    changes.claim(request=request, by=supervisor)
    changes.send_back(request=request, by=supervisor, note="Ibu SITI tidak mengenali nomor ini.")
    assert "SITI" not in AuditLog.objects.get(action="request.sent_back").entry


def test_a_rejection_names_its_reason_and_tells_the_new_number() -> None:
    request = cases.in_state(Status.REJECTED)
    assert request.decision_reason == RejectReason.DATA_DIFFERS
    assert request.closed_at is not None
    assert request.messages.filter(template="rejected_new", to=request.new_phone).exists()
    assert AuditLog.objects.get(action="request.rejected").reason == RejectReason.DATA_DIFFERS


def test_a_supervisor_rejects_a_frozen_case_without_a_claim() -> None:
    request = cases.in_state(Status.FROZEN)
    supervisor = cases.reviewer(request, Role.SUPERVISOR)
    changes.reject(request=request, by=supervisor, reason=RejectReason.HOLDER_OBJECTS)
    request.refresh_from_db()
    assert request.status == Status.REJECTED
    assert request.second_by == supervisor


def test_asking_for_a_better_photo_and_getting_it_keeps_the_place_in_the_queue() -> None:
    request = cases.in_state(Status.NEEDS_INFO)
    assert (request.asked_document, request.asked_fault) == (DocumentKind.KTP, Fault.BLURRED)
    changes.resend(request=request, pictures={DocumentKind.KTP: cases.picture(99)})
    submitted_at = request.submitted_at
    request.refresh_from_db()
    assert (request.status, request.submitted_at) == (Status.QUEUED, submitted_at)
    assert request.documents.filter(kind=DocumentKind.KTP).count() == 2


def test_a_photo_that_nobody_asked_for_is_refused_and_not_kept() -> None:
    request = cases.in_state(Status.QUEUED)
    with pytest.raises(NotAllowed):
        changes.resend(request=request, pictures={DocumentKind.KTP: cases.picture(99)})
    assert request.documents.count() == 2


@pytest.mark.parametrize("missing", [DocumentKind.KTP, DocumentKind.CARD])
def test_nobody_approves_without_both_photos(missing: DocumentKind) -> None:
    pictures = cases.both_photos()
    del pictures[missing]
    request = cases.queued(pictures=pictures)
    reviewer = cases.reviewer(request)
    changes.claim(request=request, by=reviewer)
    with pytest.raises(EvidenceMissing):
        changes.approve(request=request, by=reviewer, compared=True)


def test_nobody_claims_what_they_entered_not_even_with_another_account() -> None:
    operator = make.staff(nik="3171011705900001")
    other_account = make.staff(nik="3171011705900001", branch=operator.branch)
    request = cases.queued(by=operator)
    for account in (operator, other_account):
        with pytest.raises(people.EnteredByYou):
            changes.claim(request=request, by=account)
        assert changes.take_next(by=account) is None


def test_nobody_claims_their_own_case() -> None:
    operator = make.staff(nik="3171011705909999")
    peserta = make.peserta(nik="3171011705909999", branch=operator.branch)
    request = cases.queued(peserta=peserta)
    with pytest.raises(people.AboutYourself):
        changes.claim(request=request, by=operator)
    assert changes.take_next(by=operator) is None


def test_the_first_person_does_not_give_the_second_approval_with_another_account() -> None:
    request = cases.in_state(Status.SECOND_REVIEW)
    first = request.reviewed_by
    assert first is not None
    twin = make.staff(Role.SUPERVISOR, branch=request.branch)
    twin.person_id = first.person_id
    twin.save()
    with pytest.raises(people.DecidedByYou):
        changes.claim(request=request, by=twin)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DATA_ADMIN, Role.ADMIN])
def test_other_roles_work_no_cases(role: Role) -> None:
    request = cases.queued()
    with pytest.raises(people.OutOfReach):
        changes.claim(request=request, by=make.staff(role, branch=request.branch))


def test_an_operator_of_another_branch_is_out_of_reach_and_a_supervisor_of_the_region_is_not() -> None:
    request = cases.queued()
    assert request.branch is not None
    neighbour = make.branch(region=request.branch.region)
    with pytest.raises(people.OutOfReach):
        changes.claim(request=request, by=make.staff(branch=neighbour))
    changes.claim(request=request, by=make.staff(Role.SUPERVISOR, branch=neighbour))


def test_a_claimed_case_says_who_has_it_and_since_when() -> None:
    request = cases.in_state(Status.IN_REVIEW)
    assert request.claimed_by is not None
    with pytest.raises(people.ClaimedByOther, match=request.claimed_by.full_name):
        changes.claim(request=request, by=cases.reviewer(request))


def test_a_decision_needs_the_claim() -> None:
    request = cases.queued()
    with pytest.raises(people.NotClaimed):
        changes.approve(request=request, by=cases.reviewer(request), compared=True)


def test_the_slower_of_two_is_told_who_decided() -> None:
    request = cases.in_state(Status.ON_HOLD)
    assert request.reviewed_by is not None
    with pytest.raises(people.AlreadyDecided, match=request.reviewed_by.full_name):
        changes.approve(request=request, by=cases.reviewer(request), compared=True)


def test_taking_the_next_gives_the_oldest() -> None:
    old = cases.queued(at=timezone.now() - timedelta(hours=5))
    assert old.peserta is not None
    young = make.peserta(branch=old.branch)
    cases.queued(peserta=young, new_phone="+6281211112222")
    taken = changes.take_next(by=cases.reviewer(old))
    assert taken == old


def test_a_claim_taken_again_by_its_holder_is_renewed() -> None:
    request = cases.in_state(Status.IN_REVIEW, at=timezone.now() - timedelta(minutes=10))
    assert request.claimed_by is not None
    at = timezone.now()
    assert changes.claim(request=request, by=request.claimed_by, at=at).claimed_at == at


def test_a_supervisor_takes_a_case_back_and_an_operator_does_not() -> None:
    request = cases.in_state(Status.IN_REVIEW)
    with pytest.raises(people.ClaimedByOther):
        changes.release(request=request, by=cases.reviewer(request))
    changes.release(request=request, by=cases.reviewer(request, Role.SUPERVISOR))
    request.refresh_from_db()
    assert (request.status, request.claimed_by) == (Status.QUEUED, None)


def test_a_case_that_nobody_holds_cannot_be_released() -> None:
    request = cases.queued()
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        with pytest.raises(people.NotClaimed):
            changes.release(request=request, by=cases.reviewer(request, role))


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.SECOND_REVIEW])
def test_a_claim_left_lying_is_released(status: Status) -> None:
    request = cases.in_state(status)
    if status is Status.SECOND_REVIEW:
        changes.claim(request=request, by=cases.reviewer(request, Role.SUPERVISOR))
    now = timezone.now()
    assert changes.release_stale(at=now) == 0
    assert changes.release_stale(at=now + settings.CLAIM_LIFETIME) == 1
    request.refresh_from_db()
    assert request.claimed_by is None
    assert request.status == (Status.QUEUED if status is Status.IN_REVIEW else Status.SECOND_REVIEW)


def test_one_case_that_cannot_be_applied_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, free = cases.in_state(Status.ON_HOLD), cases.in_state(Status.ON_HOLD)
    cases.told()
    take = effect.take

    def take_most(request: PhoneChangeRequest, **given: Any) -> None:
        if request.pk == stuck.pk:
            raise DatabaseError("no")
        take(request, **given)

    monkeypatch.setattr(effect, "take", take_most)
    assert changes.apply_due(at=timezone.now() + settings.HOLD) == 1
    free.refresh_from_db()
    assert free.status == Status.APPLIED
    assert f"request {stuck.pk}" in caplog.text
