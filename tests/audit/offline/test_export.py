"""An export verifies offline, whole or in part, and no line of it can be changed unseen."""

import csv
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit import log
from jknoffice.audit.actor import Actor
from jknoffice.audit.export import folder
from jknoffice.audit.export.proof import proof_of
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from jknoffice.audit.offline import audit_verify
from jknoffice.audit.sealing import keys, rotation, sealer
from tests import make
from tests.audit.entries import tamper, write

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")
NOW = timezone.now()


def day(number: int) -> Any:
    return NOW - timedelta(days=100 - number)


@pytest.fixture
def log_of_days(settings: Any, tmp_path: Path) -> str:
    """Ten days of 30 entries, sealed daily, handed to another key on the fifth day. Returns the first key."""
    key = ""
    for number in range(10):
        with transaction.atomic():
            for count in range(30):
                thing = Thing("app.thing", str(count))
                log.record("thing.changed", by=BY, at=day(number), about=thing, version=number + 1)
        if number == 5:
            rotation.rotate(new_seed=keys.new_seed(tmp_path / "new.key"), by=BY, at=day(number))
            settings.JKN_SEAL_KEY_FILE = tmp_path / "new.key"
        sealer.seal_all()
        key = key or keys.signer(sealer.origin()).verifier.vkey
    return key


def exported(out: Path, since: Any = None, until: Any = None) -> Path:
    folder.write(since=since, until=until, out=out, by=BY)
    return out


def verified(out: Path, key: str, *notes: Path) -> dict[str, Any]:
    return audit_verify.verify(key=key, export=out, notes=list(notes))


def test_a_whole_export_verifies_with_the_witness_s_own_notes(log_of_days: str, tmp_path: Path, settings: Any) -> None:
    out = exported(tmp_path / "out")
    report = verified(out, log_of_days, settings.JKN_SEAL_FOLDER)
    assert report == {
        "entries": 302,
        "sealed": 301,
        "unsealed_oldest_seconds": 0,
        "checkpoints": 11,
        "ok": True,
        "problems": [],
    }
    assert (out / "key.txt").read_text().strip() == log_of_days


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 4), (3, 7), (5, 5), (9, 9), (2, 50), (-50, 3)])
def test_a_part_verifies_and_holds_every_entry_between_its_moments(
    log_of_days: str, tmp_path: Path, settings: Any, first: int, last: int
) -> None:
    since, until = day(first), day(last) + timedelta(hours=1)
    out = exported(tmp_path / "out", since, until)
    report = verified(out, log_of_days, settings.JKN_SEAL_FOLDER)
    assert (report["ok"], report["sealed"], report["problems"]) == (True, 301, [])
    shown = {json.loads(line)["id"] for line in (out / "entries.jsonl").read_text().splitlines()}
    within = AuditLog.objects.filter(action="thing.changed")
    wanted = [row.pk for row in within if since <= row.at < until]
    assert shown.issuperset(wanted)
    assert len(shown) <= len(wanted) + 31


def test_a_part_without_entries_verifies(log_of_days: str, tmp_path: Path, settings: Any) -> None:
    out = exported(tmp_path / "out", day(300), day(301))
    report = verified(out, log_of_days, settings.JKN_SEAL_FOLDER)
    assert (report["ok"], report["entries"], report["sealed"]) == (True, 0, 301)


def test_the_program_verifies_without_django(log_of_days: str, tmp_path: Path, settings: Any) -> None:
    out = exported(tmp_path / "out")
    command = [sys.executable, "-I", str(out / "audit_verify.py"), "--key", log_of_days]
    whole = [*command, "--export", str(out / "entries.jsonl"), "--notes", str(settings.JKN_SEAL_FOLDER)]
    done = subprocess.run(whole, capture_output=True, text=True, env={}, cwd="/", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "302 entries shown, 301 leaves, 11 signed roots.\nAll fits.\n"
    (out / "leaves.hashes").write_bytes(b"")
    done = subprocess.run([*whole, "--format", "json"], capture_output=True, text=True, env={}, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)["ok"] is False


@pytest.mark.parametrize("arguments", [[], ["--key", "x", "--proof", "x"], ["--key", "x"]])
def test_the_program_says_when_it_is_wrongly_called(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        audit_verify.main(arguments)
    assert end.value.code == 2


def test_another_key_than_the_published_one_is_refused(log_of_days: str, tmp_path: Path) -> None:
    out = exported(tmp_path / "out")
    other = keys.signer(sealer.origin()).verifier.vkey
    assert not verified(out, other)["ok"]


def test_an_export_is_recorded_before_it_is_written(log_of_days: str, tmp_path: Path) -> None:
    auditor = make.staff(Role.AUDITOR)
    call_command("export_audit", "--from", "2026-01-01", out=tmp_path / "out", by=auditor.username, reason="sample")
    entry = AuditLog.objects.get(action="audit.exported")
    assert (entry.actor, entry.reason) == (auditor.username, "sample")
    assert json.loads(entry.entry)["after"] == {"from": "2025-12-31T17:00:00+00:00", "to": None}


def test_only_auditors_are_given_an_export(log_of_days: str, tmp_path: Path) -> None:
    operator = make.staff(Role.OPERATOR)
    with pytest.raises(CommandError, match="auditor"):
        call_command("export_audit", out=tmp_path / "out", by=operator.username)
    assert not (tmp_path / "out").exists()
    assert AuditLog.objects.get(action="audit.export_refused").actor == operator.username


def test_an_export_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="seal_audit"):
        call_command("export_audit", out=tmp_path / "out")
    with pytest.raises(CommandError, match="There is no nobody"):
        call_command("export_audit", out=tmp_path / "out", by="nobody")
    (tmp_path / "out" / "something").touch()
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_audit", out=tmp_path / "out")


def test_single_proofs_verify_by_themselves(log_of_days: str, tmp_path: Path, settings: Any) -> None:
    out = exported(tmp_path / "out")
    report = audit_verify.verify(key=log_of_days, proof=out / "proofs.jsonl", notes=[settings.JKN_SEAL_FOLDER])
    assert (report["entries"], report["problems"]) == (301, [])
    entry = AuditLog.objects.earliest("pk")
    single = tmp_path / "proof.json"
    single.write_text(json.dumps(proof_of(entry)))
    assert audit_verify.verify(key=log_of_days, proof=single)["ok"]
    changed = {"entry": entry.entry.replace("thing.changed", "thing.refused"), "seq": 1, "proof": [], "note": "x"}
    for field, value in [*changed.items(), ("seq", "1"), ("handovers", []), ("handovers", ["x"])]:
        single.write_text(json.dumps({**(proof_of(entry) or {}), field: value}))
        assert not audit_verify.verify(key=log_of_days, proof=single)["ok"], field
    single.write_text("")
    assert not audit_verify.verify(key=log_of_days, proof=single)["ok"]


def test_an_entry_that_is_not_sealed_has_no_proof(log_of_days: str) -> None:
    assert proof_of(write()) is None
    tamper("DELETE FROM audit_auditorigin", [])
    assert proof_of(AuditLog.objects.earliest("pk")) is None


def test_the_moment_of_an_export_is_when_it_began(log_of_days: str, tmp_path: Path) -> None:
    out = exported(tmp_path / "out")
    at_us = json.loads((out / "manifest.json").read_text())["exported_at_us"]
    assert at_us * 1000 < (out / "entries.jsonl").stat().st_mtime_ns


def test_proofs_may_be_left_out(log_of_days: str, tmp_path: Path) -> None:
    call_command("export_audit", "--without-proofs", out=tmp_path / "out")
    assert (tmp_path / "out" / "proofs.jsonl").read_text() == ""


def test_a_broken_tree_is_exported_as_it_is_and_found(log_of_days: str, tmp_path: Path) -> None:
    tamper("DELETE FROM audit_auditleaf WHERE seq = 7", [])
    out = exported(tmp_path / "out")
    assert not verified(out, log_of_days)["ok"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str, tmp_path: Path) -> None:
    write("thing.seen", reason=text)
    sealer.seal_all()
    out = exported(tmp_path / "out")
    with (out / "entries.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["reason"] == f"'{text}"


def test_what_waited_too_long_at_the_time_of_the_export_is_told(log_of_days: str, tmp_path: Path) -> None:
    write(at=timezone.now() - timedelta(seconds=90))
    report = verified(exported(tmp_path / "out"), log_of_days)
    assert report["unsealed_oldest_seconds"] >= 90
    assert "more than a minute" in report["problems"][0]


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


def drop(path: Path, chance: random.Random) -> None:
    lines = lines_of(path)
    del lines[chance.randrange(len(lines))]
    path.write_text("".join(lines), encoding="utf-8")


def swap(path: Path, chance: random.Random) -> None:
    lines = lines_of(path)
    one, two = chance.sample(range(len(lines)), 2)
    lines[one], lines[two] = lines[two], lines[one]
    path.write_text("".join(lines), encoding="utf-8")


def repeat(path: Path, chance: random.Random) -> None:
    lines = lines_of(path)
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    path.write_text("".join(lines), encoding="utf-8")


def garbage(path: Path, chance: random.Random) -> None:
    lines = lines_of(path)
    junk = ["{}", "[]", "null", "1", '"x"', "{" * 5000, "[" * 100_000, "\0", '{"seq":null}', "9" * 5000]
    lines.insert(chance.randrange(len(lines)), chance.choice(junk) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


def flip(path: Path, chance: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(7)
    path.write_bytes(raw)


CHANGES: list[Callable[[Path, random.Random], None]] = [drop, swap, repeat, garbage]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_no_line_can_be_changed(log_of_days: str, tmp_path: Path, settings: Any, change: Any) -> None:
    whole = exported(tmp_path / "whole")
    sealed = [line for line in lines_of(whole / "entries.jsonl") if json.loads(line)["seq"] is not None]
    chance = random.Random(7)
    for number in range(12):
        out = tmp_path / f"{number}"
        shutil.copytree(whole, out)
        (out / "entries.jsonl").write_text("".join(sealed), encoding="utf-8")
        change(out / "entries.jsonl", chance)
        assert not verified(out, log_of_days, settings.JKN_SEAL_FOLDER)["ok"]


@pytest.mark.parametrize("name", ["entries.jsonl", "leaves.hashes", "handovers.json"])
def test_no_bit_can_be_changed(log_of_days: str, tmp_path: Path, settings: Any, name: str) -> None:
    out = exported(tmp_path / "whole")
    original = (out / name).read_bytes()
    if name == "entries.jsonl":
        # The one entry that waits is not sealed yet: nothing keeps it.
        original = original[: original.rindex(b'{"seq":null')]
    chance = random.Random(8)
    for _ in range(40):
        (out / name).write_bytes(original)
        flip(out / name, chance)
        report = verified(out, log_of_days, settings.JKN_SEAL_FOLDER)
        changed = (out / name).read_bytes()
        place = next(at for at, pair in enumerate(zip(original, changed, strict=True)) if pair[0] != pair[1])
        assert not report["ok"] or b'"id":' in original[max(0, place - 12) : place + 5], original[
            place - 30 : place + 30
        ]


@pytest.mark.parametrize(
    "name", ["manifest.json", "handovers.json", "leaves.hashes", "entries.jsonl", "consistency.jsonl"]
)
def test_no_file_can_be_left_out(log_of_days: str, tmp_path: Path, name: str) -> None:
    out = exported(tmp_path / "out")
    (out / name).unlink()
    assert not verified(out, log_of_days)["ok"]


def test_a_cut_tail_is_found_by_the_notes_of_the_witness(log_of_days: str, tmp_path: Path, settings: Any) -> None:
    kept = tmp_path / "usb"
    shutil.copytree(settings.JKN_SEAL_FOLDER, kept)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in (
            "DELETE FROM audit_auditlog WHERE id IN (SELECT audit_id FROM audit_auditleaf WHERE seq >= 271)",
            "DELETE FROM audit_auditleaf WHERE seq >= 271",
            "DELETE FROM audit_auditcheckpoint WHERE size > 271",
        ):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
    out = exported(tmp_path / "out")
    assert verified(out, log_of_days)["ok"]
    assert "a note tells of 301 entries" in verified(out, log_of_days, kept)["problems"][0]
