"""Shredding a person's values, and shredding again after a restore."""

import uuid

import pytest
from django.core.management import call_command

from jknoffice.audit import shredding, subjects
from jknoffice.audit.models import AuditLog, AuditSubject
from jknoffice.audit.sealing import sealer
from jknoffice.audit.values import State, closed_values
from tests.audit.entries import SOMEBODY, tamper, write

pytestmark = pytest.mark.django_db


def shred(subject: uuid.UUID) -> int:
    return shredding.shred(subject=subject, why=shredding.Why.RETENTION, by=SOMEBODY, second=SOMEBODY)


def state(entry: AuditLog) -> State:
    return closed_values(entry)[0].state


def test_the_values_of_one_person_are_gone_and_those_of_others_stay() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    gone, kept = write(subject=one, pii={"note": "SITI"}), write(subject=other, pii={"note": "BUDI"})
    assert shred(one) == 1
    assert (state(gone), state(kept)) == (State.SHREDDED, State.CLOSED)
    told = AuditLog.objects.get(action=shredding.SHREDDED)
    assert (told.subject, told.reason) == (one, "retention")
    assert "SITI" not in told.entry


def test_values_written_after_one_shredding_are_shredded_by_the_next() -> None:
    one = uuid.uuid4()
    write(subject=one, pii={"note": "SITI"})
    shred(one)
    later = write(subject=one, pii={"note": "AMINAH"})
    assert state(later) is State.CLOSED
    assert shred(one) == 1
    assert state(later) is State.SHREDDED


def test_a_person_without_a_key_is_told_apart_and_leaves_no_entry() -> None:
    with pytest.raises(subjects.Unknown):
        shred(uuid.uuid4())
    assert not AuditLog.objects.exists()


def test_what_a_restore_brings_back_is_shredded_again_and_later_values_stay(capsys: pytest.CaptureFixture[str]) -> None:
    one = uuid.uuid4()
    gone = write(subject=one, pii={"note": "SITI"})
    wrapped = bytes(AuditSubject.objects.get(uuid=one).wrapped_key)
    shred(one)
    later = write(subject=one, pii={"note": "AMINAH"})
    tamper("UPDATE audit_auditsubject SET wrapped_key = %s WHERE uuid = %s", [wrapped, one])
    assert state(gone) is State.CLOSED
    call_command("reapply_shredding")
    assert capsys.readouterr().out == "1 keys emptied again.\n"
    assert (state(gone), state(later)) == (State.SHREDDED, State.CLOSED)
    assert shredding.reapply() == 0


def test_the_log_seals_before_and_after_a_shredding() -> None:
    one = uuid.uuid4()
    write(subject=one, pii={"note": "SITI"})
    sealer.seal_all()
    shred(one)
    assert sealer.seal_all().size == 2
    call_command("verify_audit")
