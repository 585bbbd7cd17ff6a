"""The whole machine under a crowd: people of all kinds try all steps on all cases in any order.

`JKN_MACHINE_RUNS` says how many crowds there are (`make test-long`: 1,000, of 100 steps each).
"""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from jknoffice.accounts.identity import person_id
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from jknoffice.refusal import Refusal
from participants.models import Peserta
from participants.models.choices import Membership
from tests import cases, make
from tests.verification.test_states import ALLOWED
from verification import changes, signals
from verification.models import PhoneChangeRequest
from verification.models.choices import Channel, DocumentKind, Fault, RejectReason
from verification.states import Status

RUNS = int(os.environ.get("JKN_MACHINE_RUNS", "8"))
STEPS = 100 if RUNS > 100 else 60
PARTS = 10 if RUNS > 100 else 1
"""So that all processors share the crowds."""
EDGES = {tuple(line.split(":")[0].split(" > ")) for line in ALLOWED.strip().splitlines()}
APPROVALS = ("request.approved", "request.endorsed")

WHO = st.integers(0, 7)
WHICH = st.integers(0, 3)


class Crowd(RuleBasedStateMachine):
    """Eight people, four participants, and time that only moves on."""

    @initialize()
    def people(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.at = timezone.now()
        home = make.branch()
        self.peserta = [make.peserta(branch=home) for _ in range(4)]
        somebody = make.nik()
        operators = [make.staff(branch=home, nik=somebody), make.staff(branch=home), make.staff(branch=home)]
        supervisors = [make.staff(Role.SUPERVISOR, branch=home) for _ in range(3)]
        second_account = make.staff(Role.SUPERVISOR, branch=home, nik=somebody)
        about_themselves = make.staff(Role.SUPERVISOR, branch=home, nik=self.peserta[0].nik)
        self.staff: list[User] = [*operators, *supervisors, second_account, about_themselves]
        self.phones = {peserta.pk: peserta.phone for peserta in self.peserta}
        self.seen: dict[int, tuple[str, int]] = {}
        for which, by in ((1, operators[0]), (2, None), (3, operators[1])):
            cases.submitted(peserta=self.peserta[which], by=by, at=self.at)
            self.all_rules_hold()
            self.confirm(which=which, right=True)
            self.all_rules_hold()

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def _try(self, step: Callable[..., Any], which: int, **given: Any) -> None:
        """Take a step with the newest request of a participant, and let it be refused."""
        request = PhoneChangeRequest.objects.filter(peserta=self.peserta[which]).last()
        if request is None:
            return
        try:
            with transaction.atomic():
                step(request=request, at=self.at, **given)
        except Refusal:
            pass

    @rule(which=WHICH, who=WHO, channel=st.sampled_from([Channel.COUNTER, Channel.LOST_ACCESS]))
    def submit(self, which: int, who: int, channel: Channel) -> None:
        by = self.staff[who] if channel is Channel.COUNTER else None
        try:
            with transaction.atomic():
                cases.submitted(peserta=self.peserta[which], by=by, at=self.at)
        except Refusal:
            pass

    @rule(which=WHICH, right=st.booleans())
    def confirm(self, which: int, right: bool) -> None:
        request = PhoneChangeRequest.objects.filter(peserta=self.peserta[which], status=Status.AWAITING_CODE).last()
        if request:
            changes.confirm(request=request, typed=cases.code_of(request) if right else "000000", at=self.at)

    @rule(which=WHICH, who=WHO)
    def claim(self, which: int, who: int) -> None:
        self._try(changes.claim, which, by=self.staff[who])

    @rule(who=WHO)
    def take_next(self, who: int) -> None:
        changes.take_next(by=self.staff[who], at=self.at)

    @rule(which=WHICH, who=WHO, step=st.sampled_from([changes.approve, changes.endorse]), compared=st.just(True))
    def approve(self, which: int, who: int, step: Callable[..., Any], compared: bool) -> None:
        self._try(step, which, by=self.staff[who], compared=compared)

    @rule(which=WHICH, crew=st.lists(WHO, min_size=1, max_size=6), risky=st.booleans())
    def a_case_goes_its_way(self, which: int, crew: list[int], risky: bool) -> None:
        """Whoever is next in the crew does what an approval still needs: without this, few cases would get far."""
        if risky and not self._open(which):
            now = {"phone_changed_at": self.at - timedelta(days=1)}
            Peserta.objects.filter(pk=self.peserta[which].pk).update(**now)
        for who in crew:
            request = self._open(which)
            if request is None:
                self.submit(which=which, who=who, channel=Channel.COUNTER if who % 2 else Channel.LOST_ACCESS)
            elif request.status == Status.AWAITING_CODE:
                self.at += timedelta(minutes=2)
                self.confirm(which=which, right=True)
            elif request.claimed_by:
                for step in (changes.endorse, changes.approve):
                    self._try(step, which, by=request.claimed_by, compared=True)
            else:
                self._try(changes.claim, which, by=self.staff[who])
            self.all_rules_hold()

    def _open(self, which: int) -> PhoneChangeRequest | None:
        return PhoneChangeRequest.objects.open().filter(peserta=self.peserta[which]).first()

    @rule(which=WHICH, who=WHO)
    def reject(self, which: int, who: int) -> None:
        self._try(changes.reject, which, by=self.staff[who], reason=RejectReason.DATA_DIFFERS)

    @rule(which=WHICH, who=WHO)
    def ask(self, which: int, who: int) -> None:
        self._try(changes.ask, which, by=self.staff[who], document=DocumentKind.KTP, fault=Fault.BLURRED)

    @rule(which=WHICH)
    def resend(self, which: int) -> None:
        self._try(changes.resend, which, pictures={DocumentKind.KTP: cases.picture(99)})

    @rule(which=WHICH, who=WHO, step=st.sampled_from([changes.release, changes.unfreeze, changes.send_back]))
    def step_without_words(self, which: int, who: int, step: Callable[..., Any]) -> None:
        self._try(step, which, by=self.staff[who])

    @rule(which=WHICH, who=WHO)
    def escalate(self, which: int, who: int) -> None:
        self._try(changes.escalate, which, by=self.staff[who], note="?")

    @rule(which=WHICH, who=WHO)
    def snooze(self, which: int, who: int) -> None:
        self._try(changes.snooze, which, by=self.staff[who], until=self.at + timedelta(hours=2))

    @rule(which=WHICH, who=st.none() | WHO)
    def cancel(self, which: int, who: int | None) -> None:
        self._try(changes.cancel, which, by=None if who is None else self.staff[who])

    @rule(which=WHICH)
    def not_me(self, which: int) -> None:
        self._try(changes.freeze, which)

    @rule(which=WHICH, who=WHO, step=st.sampled_from([changes.ask_reversal, changes.reverse]))
    def undo(self, which: int, who: int, step: Callable[..., Any]) -> None:
        self._try(step, which, by=self.staff[who])

    @rule(which=WHICH, status=st.sampled_from([Membership.ACTIVE, Membership.DECEASED, Membership.SUSPENDED]))
    def the_register_changes(self, which: int, status: Membership) -> None:
        Peserta.objects.filter(pk=self.peserta[which].pk).update(status=status)

    @rule(minutes=st.sampled_from([1, 2, 3, 10, 25, 60 * 5, 60 * 25]), told=st.booleans())
    def time_passes(self, minutes: int, *, told: bool) -> None:
        self.at += timedelta(minutes=minutes)
        if told:
            cases.told()
        for work in (changes.apply_due, changes.release_stale, changes.expire_due):
            work(at=self.at)
            self.all_rules_hold()

    @invariant()
    def all_rules_hold(self) -> None:
        """Look at every request that has moved since the last look, and at what its move did."""
        rows = PhoneChangeRequest.objects.order_by("pk").select_related(
            "peserta", "entered_by", "reviewed_by", "second_by"
        )
        for request in rows:
            before, version = self.seen.get(request.pk, ("new", 0))
            if request.version == version:
                continue
            assert before == request.status or (before, request.status) in EDGES, (before, request.status)
            self.seen[request.pk] = (str(request.status), request.version)
            self._has_an_entry_for_each_version(request)
            self._was_decided_by_others(request)
            self._was_decided_by_two_if_risky(request)
            self._stands_in_the_register_if_applied(request)

    def _has_an_entry_for_each_version(self, request: PhoneChangeRequest) -> None:
        versions = _entries(request).filter(object_version__isnull=False).order_by("object_version")
        assert list(versions.values_list("object_version", flat=True)) == list(range(1, request.version + 1))

    def _was_decided_by_others(self, request: PhoneChangeRequest) -> None:
        approved_by = list(_entries(request).filter(action__in=APPROVALS).values_list("person", flat=True))
        assert len(approved_by) == len(set(approved_by))
        assert request.peserta
        assert person_id(request.peserta.nik) not in approved_by
        assert request.entered_by is None or request.entered_by.person_id not in approved_by

    def _was_decided_by_two_if_risky(self, request: PhoneChangeRequest) -> None:
        if request.status in {Status.ON_HOLD, Status.APPLIED, Status.REVERSED}:
            assert request.reviewed_by
            if signals.needs_second(signals.kept(request)):
                assert request.second_by
                assert request.second_by.person_id != request.reviewed_by.person_id

    def _stands_in_the_register_if_applied(self, request: PhoneChangeRequest) -> None:
        """The register has the number that this move gave it, or the one that it had before."""
        assert request.peserta_id
        phone = Peserta.objects.get(pk=request.peserta_id).phone
        if request.status in {Status.APPLIED, Status.REVERSED}:
            self.phones[request.peserta_id] = (
                request.new_phone if request.status == Status.APPLIED else request.old_phone
            )
        assert phone == self.phones[request.peserta_id]


def _entries(request: PhoneChangeRequest) -> QuerySet[AuditLog]:
    about = Thing.of(request)
    return AuditLog.objects.filter(object_type=about.type, object_id=about.id)


@pytest.mark.django_db
@pytest.mark.parametrize("_part", range(PARTS))
def test_no_crowd_gets_past_the_rules(_part: int) -> None:
    run_state_machine_as_test(
        Crowd,
        settings=settings(
            max_examples=RUNS // PARTS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=RUNS < 100,
            suppress_health_check=list(HealthCheck),
        ),
    )
