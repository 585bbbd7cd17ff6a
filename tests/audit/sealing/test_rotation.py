"""A new key takes over only with the signature of the one before it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.audit.actor import Actor
from jknoffice.audit.models import AuditCheckpoint, AuditKey, AuditLog
from jknoffice.audit.sealing import handover, keys, note, rotation, sealer
from jknoffice.audit.sealing.handover import Handover
from jknoffice.audit.sealing.note import Checkpoint, NoteError, Signer
from tests.audit.entries import tamper, write

NAME = "jkn.example/audit"
ONE, TWO, THREE = (Signer(NAME, bytes([number]) * 32) for number in (1, 2, 3))
EMPTY, LATER = Checkpoint(NAME, 0, b"\0" * 32), Checkpoint(NAME, 7, b"\7" * 32)
in_database = pytest.mark.django_db(transaction=True)


def test_the_keys_of_a_log_are_followed_from_the_first() -> None:
    notes = [handover.signed(EMPTY, old=ONE, new=TWO), handover.signed(LATER, old=TWO, new=THREE)]
    chain = handover.followed(ONE.verifier, notes)
    assert [key.verifier for key in chain] == [ONE.verifier, TWO.verifier, THREE.verifier]
    assert handover.key_at(chain, 0) == ONE.verifier
    assert {handover.key_at(chain, size) for size in (1, 7)} == {TWO.verifier}
    assert handover.key_at(chain, 8) == THREE.verifier


CHAINS = {
    "not signed by the old key": [note.signed(Handover(EMPTY, TWO.verifier).text(), TWO)],
    "not signed by the new key": [note.signed(Handover(EMPTY, TWO.verifier).text(), ONE)],
    "signed by a stranger": [handover.signed(EMPTY, old=THREE, new=TWO)],
    "back to a key that was given up": [
        handover.signed(EMPTY, old=ONE, new=TWO),
        handover.signed(LATER, old=TWO, new=ONE),
    ],
    "backwards": [handover.signed(LATER, old=ONE, new=TWO), handover.signed(EMPTY, old=TWO, new=THREE)],
    "of another log": [
        handover.signed(Checkpoint("other", 0, b"\0" * 32), old=ONE, new=Signer("other", bytes(32))),
    ],
    "a checkpoint": [note.signed(LATER.text(), ONE, TWO)],
}


@pytest.mark.parametrize("case", CHAINS)
def test_a_chain_that_does_not_hold_is_refused(case: str) -> None:
    with pytest.raises(NoteError):
        handover.followed(ONE.verifier, CHAINS[case])


@given(st.text())
def test_any_text_is_a_hand_over_or_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Handover.parse(text)


def test_a_hand_over_survives_its_text_and_is_no_checkpoint() -> None:
    given = Handover(LATER, TWO.verifier)
    assert Handover.parse(given.text()) == given
    with pytest.raises(NoteError):
        Checkpoint.parse(given.text())
    with pytest.raises(NoteError, match="this log"):
        Handover.parse(given.text().replace(NAME, "jkn.example/other", 1))


@in_database
@pytest.mark.parametrize("before", [0, 3])
def test_the_new_key_signs_what_comes_after(before: int, settings: Any, tmp_path: Path) -> None:
    for _ in range(before):
        write()
    new = tmp_path / "new.key"
    call_command("rotate_audit_key", new)
    assert new.stat().st_mode & 0o077 == 0
    first, second = AuditKey.objects.all()
    assert second.from_size == before
    settings.JKN_SEAL_KEY_FILE = new
    assert sealer.seal_all().size == before + 1
    last = AuditCheckpoint.objects.latest("size")
    note.opened(last.note or "", note.Verifier.parse(second.vkey))
    chain = handover.followed(note.Verifier.parse(first.vkey), [second.handover])
    assert chain[1].after == Checkpoint(sealer.origin().name, before, chain[1].after.root if chain[1].after else b"")
    assert AuditLog.objects.get(action="audit.key_rotated").reason == ""


@in_database
def test_the_sealer_halts_until_the_settings_name_the_new_key(settings: Any, tmp_path: Path) -> None:
    call_command("rotate_audit_key", tmp_path / "new.key")
    with pytest.raises(sealer.Halted, match="settings follow"):
        sealer.seal()
    settings.JKN_SEAL_KEY_FILE = tmp_path / "new.key"
    assert sealer.seal().entries == 1


@in_database
def test_one_rotation_after_another_leads_to_the_last_key(settings: Any, tmp_path: Path) -> None:
    for name in ("one.key", "two.key"):
        rotation.rotate(new_seed=keys.new_seed(tmp_path / name), by=Actor.system("test"))
        settings.JKN_SEAL_KEY_FILE = tmp_path / name
    assert sealer.seal_all().size == 2


@in_database
def test_a_key_that_has_signed_before_is_refused(settings: Any) -> None:
    with pytest.raises(CommandError, match="before"):
        call_command("rotate_audit_key", settings.JKN_SEAL_KEY_FILE)


@in_database
def test_a_file_without_a_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.key"
    path.write_text("x")
    with pytest.raises(CommandError) as failed:
        call_command("rotate_audit_key", path)
    assert failed.value.returncode == 2


@in_database
def test_a_log_that_is_not_in_order_is_not_handed_over(tmp_path: Path) -> None:
    write()
    tamper("UPDATE audit_auditlog SET mac = %s", [b"x"])
    with pytest.raises(CommandError, match="halted"):
        call_command("rotate_audit_key", tmp_path / "new.key")
    assert AuditKey.objects.count() == 0
