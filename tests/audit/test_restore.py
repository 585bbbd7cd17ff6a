"""A restore that lost what witnesses have seen: nothing is signed until all is back, or two officers act."""

import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from jknoffice.accounts.roles import Role
from jknoffice.audit import log, shredding
from jknoffice.audit.actor import Actor
from jknoffice.audit.export import folder
from jknoffice.audit.export.proof import proof_of
from jknoffice.audit.models import AuditCheckpoint, AuditHalt, AuditLeaf, AuditLog, AuditOrigin, AuditSubject
from jknoffice.audit.offline import audit_verify
from jknoffice.audit.sealing import keys, sealer
from jknoffice.audit.seals import seals_of
from jknoffice.audit.values import State, closed_values
from jknoffice.audit.verify import whole
from tests import make
from tests.accounts.typed import answers, run
from tests.audit.entries import SOMEBODY, tamper, write
from tests.audit.restoring import dump, restore

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")
NEW = "jkn-office.localhost/audit-2"


def entries(number: int) -> None:
    with transaction.atomic():
        for count in range(number):
            log.record("peserta.viewed", by=BY, after={"n": count})


@dataclass
class Lost:
    """A database that was restored to 12 sealed entries after witnesses had seen 19; `whole` is it as it was."""

    whole: Path
    proofs: list[str]
    officers: tuple[str, str]
    first_key: str
    subject: uuid.UUID
    monkeypatch: pytest.MonkeyPatch

    def open_origin(self, *arguments: str, name: str = NEW) -> tuple[int, str, list[str]]:
        first, second = self.officers
        given = ("--name", name, "--why", "restored", "--first", first, "--second", second, *arguments)
        return run(self.monkeypatch, self.proofs, "open_audit_origin", *given)

    def new_key(self) -> str:
        return keys.signer(AuditOrigin.objects.latest("id")).verifier.vkey

    def verified(self, out: Path, notes: Path, *given: str) -> dict[str, Any]:
        return audit_verify.verify(key=[self.first_key, self.new_key(), *given], export=out, notes=[notes])


@pytest.fixture
def lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lost:
    first, second = make.staff(Role.AUDITOR), make.staff(Role.ADMIN)
    proofs, subject = [*answers(first), *answers(second)], uuid.uuid4()
    write(subject=subject, pii={"note": "SITI"})
    entries(10)
    sealer.seal_all()
    before = dump(tmp_path / "before.dump")
    shredding.shred(subject=subject, why=shredding.Why.RETENTION, by=SOMEBODY, second=SOMEBODY)
    sealer.seal_all()
    shredded = dump(tmp_path / "backup.dump")
    entries(7)
    sealer.seal_all()
    later = dump(tmp_path / "later.dump")
    assert (AuditCheckpoint.objects.latest("size").size, before.exists()) == (19, True)
    restore(shredded)
    first_key = keys.signer(sealer.origin()).verifier.vkey
    return Lost(later, proofs, (first.username, second.username), first_key, subject, monkeypatch)


def test_after_a_restore_the_sealer_halts_signs_nothing_and_readiness_fails(lost: Lost) -> None:
    entries(3)
    with pytest.raises(sealer.Halted, match="has seen 19 entries"):
        sealer.seal_all()
    assert AuditCheckpoint.objects.latest("size").size == 12
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["audit_log"]) == (503, False)
    assert not whole.verify().ok


def test_way_a_the_log_goes_on_once_all_is_back(lost: Lost) -> None:
    with pytest.raises(sealer.Halted):
        sealer.seal_all()
    restore(lost.whole)
    entries(2)
    assert sealer.seal_all().size == 21
    assert whole.verify().ok
    assert Client().get("/readyz").status_code == 200


def test_way_b_two_officers_open_a_new_origin_and_all_of_it_verifies(lost: Lost, settings: Any, tmp_path: Path) -> None:
    with pytest.raises(sealer.Halted):
        sealer.seal_all()
    newest = AuditCheckpoint.objects.latest("size")
    status, said, _asked = lost.open_origin("--format", "json")
    assert status == 0, said
    opened = json.loads(said)
    assert (opened["origin"], opened["key"]) == (NEW, lost.new_key())
    sealer.seal_all()
    entries(4)
    assert sealer.seal_all().size == 17
    opening = AuditLog.objects.get(action=AuditOrigin.OPENED)
    after = json.loads(opening.entry)["after"]
    assert (opening.actor, opening.reason, after["second"]) == (lost.officers[0], "restored", lost.officers[1])
    assert (after["old_origin"], after["kept_size"], after["witnessed_size"]) == (newest.origin.name, 12, 19)
    assert AuditLeaf.objects.get(origin__name=NEW, seq=0).audit_id == opening.pk
    assert AuditHalt.objects.filter(ended_at=None).count() == 0
    assert Client().get("/readyz").status_code == 200
    assert whole.verify().problems == []
    folder.write(since=None, until=None, out=tmp_path / "export", by=BY)
    report = lost.verified(tmp_path / "export", settings.JKN_SEAL_FOLDER)
    assert (report["problems"], report["sealed"]) == ([], 17)


def test_the_seal_of_an_entry_is_found_where_it_is(lost: Lost) -> None:
    rows = list(AuditLog.objects.order_by("id"))
    assert lost.open_origin()[0] == 0
    sealer.seal()
    assert [seal.size for seal in seals_of(rows).values()] == [11] * 11 + [12]
    proof = proof_of(rows[3])
    assert proof is not None
    assert proof["seq"] == 3
    sealer.seal_all()
    assert {seal.size for seal in seals_of(rows).values()} == {13}
    newer = proof_of(rows[3])
    assert newer is not None
    assert newer["seq"] == 4
    for each, key in ((proof, lost.first_key), (newer, lost.new_key())):
        file = Path(lost.whole.parent / "proof.json")
        file.write_text(json.dumps(each))
        assert audit_verify.verify(key=[key], proof=file)["ok"]


@pytest.fixture
def two_origins(lost: Lost) -> Lost:
    assert lost.open_origin()[0] == 0
    sealer.seal()
    sealer.seal_all()
    assert whole.verify().ok
    return lost


OLD = "origin_id = (SELECT min(id) FROM audit_auditorigin)"
NEWEST = "origin_id = (SELECT max(id) FROM audit_auditorigin)"
MUTATIONS = {
    "old leaf": ["UPDATE audit_auditleaf SET hash = sha256('x') WHERE seq = 4 AND", OLD],
    "old leaf gone": ["DELETE FROM audit_auditleaf WHERE seq = 4 AND", OLD],
    "old root": ["UPDATE audit_auditcheckpoint SET root = sha256('x') WHERE size = 11 AND", OLD],
    "old note gone": ["DELETE FROM audit_auditcheckpoint WHERE size = 12 AND", OLD],
    "old tail gone": [
        "WITH gone AS (DELETE FROM audit_auditcheckpoint WHERE size = 12 AND", OLD,
        ") DELETE FROM audit_auditleaf WHERE seq = 11 AND", OLD,
    ],
    "old name": ["UPDATE audit_auditorigin SET name = 'another' WHERE first_entry IS NULL"],
    "new leaf": ["UPDATE audit_auditleaf SET hash = sha256('x') WHERE seq = 4 AND", NEWEST],
    "entry gone": ["DELETE FROM audit_auditlog WHERE id = (SELECT min(id) + 2 FROM audit_auditlog)"],
    "opening": ["UPDATE audit_auditorigin SET first_entry = first_entry - 1 WHERE first_entry IS NOT NULL"],
}  # fmt: skip


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_what_is_changed_in_either_origin_or_between_them_is_found(two_origins: Lost, mutation: str) -> None:
    tamper(" ".join(MUTATIONS[mutation]), [])
    assert not whole.verify().ok


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-32])


def _turn(path: Path) -> None:
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])


CHANGES: dict[str, Any] = {
    "older gone": lambda out: shutil.rmtree(out / "older"),
    "leaf of older": lambda out: _turn(out / "older/0001/leaves.hashes"),
    "leaf of newer": lambda out: _turn(out / "leaves.hashes"),
    "tail of older": lambda out: _cut(out / "older/0001/leaves.hashes"),
    "note of older": lambda out: max((out / "older/0001/notes").rglob("*.note")).unlink(),
    "opening": lambda out: (out / "older/0001/opening.json").write_text('{"after":{"witnessed_size":99}}'),
    "manifest": lambda out: (out / "older/0001/manifest.json").write_text('{"origin":"another"}'),
    "no manifest": lambda out: (out / "older/0001/manifest.json").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_offline_what_is_changed_in_an_older_log_is_found(
    two_origins: Lost, settings: Any, tmp_path: Path, change: str
) -> None:
    out = tmp_path / "export"
    folder.write(since=None, until=None, out=out, by=BY)
    assert two_origins.verified(out, settings.JKN_SEAL_FOLDER)["ok"]
    CHANGES[change](out)
    assert not two_origins.verified(out, settings.JKN_SEAL_FOLDER)["ok"]


def test_offline_the_key_of_each_name_is_needed(two_origins: Lost, tmp_path: Path) -> None:
    folder.write(since=None, until=None, out=tmp_path / "export", by=BY)
    report = audit_verify.verify(key=two_origins.new_key(), export=tmp_path / "export")
    assert report["problems"] == ["0001: give --key of jkn-office.localhost/audit as well"]


def test_shredding_is_applied_again_to_keys_that_came_back(lost: Lost, capsys: pytest.CaptureFixture[str]) -> None:
    entry = AuditLog.objects.filter(subject=lost.subject).order_by("id")[0]
    wrapped = subject_key_in(lost.whole.parent / "before.dump", lost)
    tamper("UPDATE audit_auditsubject SET wrapped_key = %s WHERE uuid = %s", [wrapped, lost.subject])
    assert closed_values(entry)[0].state is State.CLOSED
    call_command("reapply_shredding")
    assert closed_values(entry)[0].state is State.SHREDDED
    assert capsys.readouterr().out == "1 keys emptied again.\n"


def subject_key_in(path: Path, lost: Lost) -> bytes:
    """The key as an older back-up holds it; the database is what it was before."""
    present = dump(path.parent / "present.dump")
    restore(path)
    wrapped = bytes(AuditSubject.objects.get(uuid=lost.subject).wrapped_key)
    restore(present)
    return wrapped
