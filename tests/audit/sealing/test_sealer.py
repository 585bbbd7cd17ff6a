"""The sealer: everything gets its leaf once, and nothing is signed that does not fit."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jknoffice.audit import log
from jknoffice.audit.actor import Actor
from jknoffice.audit.models import AuditCheckpoint, AuditHalt, AuditKey, AuditLeaf, AuditLog, AuditOrigin
from jknoffice.audit.sealing import keys, merkle, note, proofs, sealer
from jknoffice.audit.sealing.note import Checkpoint
from jknoffice.audit.sealing.witnesses.base import Disagreement, Unreachable
from jknoffice.audit.sealing.witnesses.folder import Folder

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


def entries(number: int) -> list[AuditLog]:
    with transaction.atomic():
        return [log.record("peserta.viewed", by=BY, after={"n": n}) for n in range(number)]


def as_superuser(statement: str, *values: Any) -> None:
    """What somebody who owns the database can do: the triggers do not fire."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = origin")


def test_entries_become_leaves_in_their_order_and_the_root_follows_from_them() -> None:
    rows = entries(20)
    assert sealer.seal(batch=8) == sealer.Sealed(8, 8)
    assert [sealer.seal(batch=8).entries for _ in range(3)] == [8, 4, 0]
    leaves = list(AuditLeaf.objects.order_by("seq").values_list("seq", "audit_id", "hash"))
    assert [(seq, audit_id) for seq, audit_id, _hash in leaves] == [(n, row.pk) for n, row in enumerate(rows)]
    hashes = [merkle.leaf_hash(row.entry.encode()) for row in rows]
    assert bytes(AuditCheckpoint.objects.latest("size").root) == merkle.root_of(hashes)


def test_every_checkpoint_is_signed_and_written_once(settings: Any) -> None:
    entries(3)
    sealer.seal()
    checkpoint = AuditCheckpoint.objects.get()
    text = note.opened(checkpoint.note or "", keys.signer(sealer.origin()).verifier)
    assert Checkpoint.parse(text) == Checkpoint("jkn-office.localhost/audit", 3, bytes(checkpoint.root))
    [file] = Path(settings.JKN_SEAL_FOLDER).rglob("*.note")
    assert file.read_text() == checkpoint.note
    assert file.stat().st_mode & 0o222 == 0


def test_a_crash_between_commit_and_signature_is_made_up_for_with_the_same_bytes(monkeypatch: Any) -> None:
    entries(3)
    with monkeypatch.context() as patch:
        patch.setattr(sealer, "publish", lambda: None)
        sealer.seal()
    assert AuditCheckpoint.objects.get().note is None
    sealer.seal()
    first = AuditCheckpoint.objects.get().note
    as_superuser("UPDATE audit_auditcheckpoint SET note = NULL")
    sealer.publish()
    assert AuditCheckpoint.objects.get().note == first


def test_an_entry_that_is_committed_late_gets_a_later_leaf() -> None:
    early, late = threading.Event(), threading.Event()

    def write_slowly() -> int:
        try:
            with transaction.atomic():
                row = log.record("peserta.viewed", by=BY)
                early.set()
                late.wait(10)
                return row.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(write_slowly)
        early.wait(10)
        entries(3)
        sealer.seal()
        late.set()
        slow_id = slow.result()
    assert slow_id < AuditLeaf.objects.earliest("seq").audit_id
    assert sealer.seal().entries == 1
    assert AuditLeaf.objects.latest("seq").audit_id == slow_id


def test_a_straggler_below_the_floor_is_found_by_the_nightly_search() -> None:
    now = timezone.now()
    rows = entries(3)
    sealer.seal(at=now - timedelta(hours=3))
    as_superuser("DELETE FROM audit_auditleaf WHERE audit_id = %s", rows[2].pk)
    as_superuser("UPDATE audit_auditcheckpoint SET size = 2, root = %s, frontier = %s",
                 merkle.root_of([merkle.leaf_hash(row.entry.encode()) for row in rows[:2]]),
                 merkle.root_of([merkle.leaf_hash(row.entry.encode()) for row in rows[:2]]))  # fmt: skip
    assert sealer._floor(sealer.origin(), now) == rows[2].pk
    assert sealer._waiting(sealer.origin(), AuditCheckpoint.objects.get(), rows[2].pk, 10) == []
    assert len(sealer._waiting(sealer.origin(), AuditCheckpoint.objects.get(), 0, 10)) == 1


def test_a_rolled_back_entry_leaves_a_gap_in_ids_and_none_in_leaves() -> None:
    entries(2)
    with transaction.atomic():
        log.record("peserta.viewed", by=BY)
        transaction.set_rollback(True)
    entries(2)
    sealer.seal()
    assert list(AuditLeaf.objects.order_by("seq").values_list("seq", flat=True)) == [0, 1, 2, 3]


def test_sealers_at_once_seal_everything_once() -> None:
    entries(200)

    def run(_number: int) -> int:
        try:
            return sum(sealer.seal(batch=10).entries for _ in range(8))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 200
    assert list(AuditLeaf.objects.order_by("seq").values_list("seq", flat=True)) == list(range(200))


ATTACKS = {
    "an entry without our mac": ("UPDATE audit_auditlog SET entry = replace(entry, 'peserta', 'pesertb')", "mac"),
    "a root of their own": ("UPDATE audit_auditcheckpoint SET root = decode(repeat('00', 32), 'hex')", "frontier"),
    "a frontier of their own": ("UPDATE audit_auditcheckpoint SET frontier = decode(repeat('00', 64), 'hex')", "root"),
    "a cut tail": ("DELETE FROM audit_auditcheckpoint", "has seen 3"),
    "another key": ("UPDATE audit_auditkey SET vkey = 'x+00000000+AA=='", "key"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_sealer_halts_loudly_and_signs_nothing(attack: str) -> None:
    statement, _word = ATTACKS[attack]
    entries(3)
    if "mac" not in attack:
        sealer.seal()
    entries(2)
    as_superuser(statement)
    before = AuditCheckpoint.objects.count()
    for _ in range(2):
        with pytest.raises(sealer.Halted):
            sealer.seal()
    assert AuditCheckpoint.objects.count() == before
    assert AuditHalt.objects.get().ended_at is None


def test_the_sealer_goes_on_when_what_was_wrong_is_mended(settings: Any) -> None:
    entries(3)
    sealer.seal()
    [file] = Path(settings.JKN_SEAL_FOLDER).rglob("*.note")
    foreign = file.with_name(f"{9:020}.note")
    foreign.write_text(file.read_text().replace("\n3\n", "\n9\n"))
    with pytest.raises(sealer.Halted):
        sealer.seal()
    foreign.unlink()
    sealer.seal()
    assert AuditHalt.objects.get().ended_at is not None


def test_an_old_checkpoint_without_its_note_is_not_signed_again() -> None:
    for _ in range(2):
        entries(2)
        sealer.seal()
    forged = merkle.leaf_hash(b"forged")
    as_superuser("UPDATE audit_auditcheckpoint SET note = NULL, root = %s WHERE size = 2", forged)
    entries(1)
    sealer.seal()
    assert AuditCheckpoint.objects.get(size=2).note is None


def test_a_key_that_is_not_the_one_in_use_signs_nothing_after_a_crash(monkeypatch: Any, settings: Any) -> None:
    entries(1)
    with monkeypatch.context() as patch:
        patch.setattr(sealer, "publish", lambda: None)
        sealer.seal()
    settings.JKN_SEAL_KEY_FILE = settings.JKN_SEAL_KEY_FILE.with_name("other.key")
    with pytest.raises(sealer.Halted, match="another key"):
        sealer.publish()
    assert AuditCheckpoint.objects.get().note is None


def test_the_folder_knows_its_newest_note_over_many_folders(tmp_path: Path) -> None:
    folder, origin = Folder(tmp_path), AuditOrigin(name="jkn.example/audit")
    assert folder.newest(origin.name) is None
    for size in (7, 99_999, 100_000, 1_234_567):
        folder.take(AuditCheckpoint(origin=origin, size=size, note=str(size)), seen=0)
        assert folder.newest(origin.name) == str(size)
    assert len(list(tmp_path.glob("*/000000000000012/00000000000001234567.note"))) == 1


def test_the_folder_takes_a_note_once_and_no_other_for_the_same_size(tmp_path: Path) -> None:
    folder, checkpoint = Folder(tmp_path), AuditCheckpoint(origin=AuditOrigin(name="x"), size=7, note="one")
    folder.take(checkpoint, seen=0)
    folder.take(checkpoint, seen=0)
    checkpoint.note = "two"
    with pytest.raises(Disagreement):
        folder.take(checkpoint, seen=0)


def test_a_folder_that_cannot_be_written_or_read_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = Folder(tmp_path / "file")
    with pytest.raises(Unreachable):
        folder.take(AuditCheckpoint(origin=AuditOrigin(name="x"), size=7, note="one"), seen=0)


@pytest.mark.parametrize(
    ("seq", "statement"),
    [
        (5, "DELETE FROM audit_auditleaf WHERE seq = 3"),
        (5, "DELETE FROM audit_auditleaf WHERE seq = 299"),
        (290, "DELETE FROM audit_auditnode WHERE level = 8"),
    ],
)
def test_there_is_no_proof_over_a_hole(seq: int, statement: str) -> None:
    entries(300)
    sealer.seal()
    as_superuser(statement)
    with pytest.raises(merkle.Mismatch):
        proofs.inclusion(sealer.origin(), seq, 300)


def test_a_new_key_without_a_hand_over_is_not_used(settings: Any, tmp_path: Path) -> None:
    entries(1)
    sealer.seal()
    settings.JKN_SEAL_KEY_FILE = tmp_path / "other.key"
    entries(1)
    with pytest.raises(sealer.Halted, match="rotate"):
        sealer.seal()
    assert AuditKey.objects.count() == 1


@pytest.mark.parametrize("size", [1, 2, 7, 255, 256, 257, 600])
def test_proofs_from_the_database_lead_to_the_root(size: int) -> None:
    entries(size)
    sealer.seal()
    origin, root = sealer.origin(), bytes(AuditCheckpoint.objects.get().root)
    for leaf in AuditLeaf.objects.filter(seq__in={0, size // 2, size - 1}):
        path = proofs.inclusion(origin, leaf.seq, size)
        merkle.verify_inclusion(leaf=bytes(leaf.hash), index=leaf.seq, size=size, proof=path, root=root)


def test_the_tree_proves_that_it_grew() -> None:
    entries(300)
    sealer.seal()
    entries(500)
    sealer.seal()
    old, new = AuditCheckpoint.objects.order_by("size")
    proof = proofs.consistency(sealer.origin(), 300, 800)
    merkle.verify_consistency(old=300, new=800, old_root=bytes(old.root), new_root=bytes(new.root), proof=proof)
