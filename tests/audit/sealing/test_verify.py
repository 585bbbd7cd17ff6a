"""`verify_audit`: what it counts, what it demands, and that it says so in its exit status."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from jknoffice.audit import log
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditCheckpoint, AuditHalt, AuditOrigin
from jknoffice.audit.sealing import census, keys, rotation, sealer
from jknoffice.audit.sealing.opening import kept_by
from jknoffice.audit.verify import report, whole
from jknoffice.audit.verify.streams import snapshot
from tests.audit.entries import tamper, write

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


def entries(number: int, **details: Any) -> None:
    with transaction.atomic():
        for _ in range(number):
            log.record("peserta.viewed", by=BY, **details)


def problems(**options: Any) -> str:
    return "\n".join(whole.verify(**options).problems)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    status = 0
    try:
        call_command("verify_audit", *arguments, format="json")
    except SystemExit as end:
        status = int(str(end.code))
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["ok"] is (status == 0)
    return found


def test_an_empty_log_verifies(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys) == {
        "entries": 0,
        "sealed": 0,
        "unsealed_oldest_seconds": 0,
        "checkpoints": 0,
        "ok": True,
        "problems": [],
    }


def test_a_sealed_log_verifies_and_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    for number in (3, 256, 300):
        entries(number)
        sealer.seal()
    entries(2)
    found = asked(capsys)
    assert (found["entries"], found["sealed"], found["checkpoints"], found["problems"]) == (561, 559, 3, [])


def test_it_says_so_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    entries(2)
    sealer.seal()
    call_command("verify_audit")
    assert "2 entries, 2 sealed in 1 checkpoints" in capsys.readouterr().out
    tamper("UPDATE audit_auditlog SET mac = %s", [b"x"])
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit")
    assert end.value.code == 1
    assert "its mac does not fit\n" in capsys.readouterr().out


def test_from_a_moment_on_only_what_is_younger_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    now = timezone.now()
    for age in (3, 2, 1):
        entries(10)
        sealer.seal(at=now - timedelta(days=age))
    moment = (now - timedelta(days=1, hours=1)).isoformat()
    assert asked(capsys, "--since", moment)["checkpoints"] == 1
    tamper("UPDATE audit_auditlog SET mac = %s WHERE id = (SELECT min(id) FROM audit_auditlog)", [b"x"])
    assert asked(capsys, "--since", moment)["ok"]
    tamper("UPDATE audit_auditlog SET mac = %s WHERE id = (SELECT max(id) FROM audit_auditlog)", [b"x"])
    assert len(asked(capsys, "--since", moment)["problems"]) == 1
    assert len(asked(capsys)["problems"]) == 2


@pytest.mark.parametrize("frontier", [bytes(64), bytes(32)])
def test_a_start_that_does_not_fit_is_not_trusted(frontier: bytes) -> None:
    entries(3)
    sealer.seal(at=timezone.now() - timedelta(days=1))
    tamper("UPDATE audit_auditcheckpoint SET frontier = %s", [frontier])
    assert "frontier of checkpoint 3" in problems(since=timezone.now())


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "", "0001-01-01T00:00"])
def test_a_moment_that_is_none_is_refused(moment: str) -> None:
    with pytest.raises(CommandError, match="since"):
        call_command("verify_audit", "--since", moment)


def test_what_waits_for_more_than_a_minute_is_told() -> None:
    now = timezone.now()
    entries(1, at=now - timedelta(seconds=50))
    assert whole.verify().ok
    entries(2, at=now - timedelta(seconds=200))
    found = whole.verify()
    assert 200 <= found.unsealed_oldest_seconds < 230
    assert "2 entries have not been sealed for more than a minute" in found.problems[0]


def test_versions_of_a_thing_are_dense() -> None:
    with transaction.atomic():
        for version in (1, 2, 4):
            log.record("thing.changed", by=BY, about=Thing("app.thing", "7"), version=version)
        log.record("thing.changed", by=BY, about=Thing("app.thing", "8"), version=1)
    assert whole.verify().problems == ["the versions of app.thing 7 are not dense from 1"]


def test_another_app_may_ask_its_own_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(census, "_registered", {})

    def lost() -> Iterator[str]:
        yield "version 3 of request 9 has no entry"

    census.register("requests", lost)
    assert whole.verify().problems == ["requests: version 3 of request 9 has no entry"]


def test_an_open_halt_is_told() -> None:
    AuditHalt.objects.create(reason="the root", halted_at=timezone.now())
    assert whole.verify().problems == ["the sealer has halted: the root"]


def test_a_thousand_problems_are_told_and_more_are_counted() -> None:
    found = report.Problems()
    for number in range(report.MOST + 5):
        found.add(str(number))
    assert found.sentences()[-2:] == [str(report.MOST - 1), "and 5 more"]


def test_a_log_that_was_handed_over_verifies_and_its_keys_are_followed(settings: Any, tmp_path: Path) -> None:
    entries(3)
    for name in ("one.key", "two.key"):
        rotation.rotate(new_seed=keys.new_seed(tmp_path / name), by=BY)
        assert "not the one in use" in problems()
        settings.JKN_SEAL_KEY_FILE = tmp_path / name
        sealer.seal_all()
    assert whole.verify().problems == []
    assert whole.verify(since=timezone.now()).problems == []


ROTATED = {
    "a key of their own": "UPDATE audit_auditkey SET vkey = vkey || 'A' WHERE from_size > 0",
    "the first key altered": "UPDATE audit_auditkey SET vkey = 'x' WHERE handover = ''",
    "a hand-over altered": "UPDATE audit_auditkey SET handover = replace(handover, 'hand-over', 'handover')",
    "a hand-over for the first key": "UPDATE audit_auditkey SET handover = 'x' WHERE handover = ''",
    "another size": "UPDATE audit_auditkey SET from_size = from_size + 1 WHERE from_size > 0",
    "the hand-over gone": "DELETE FROM audit_auditkey WHERE from_size > 0",
    "all keys gone": "DELETE FROM audit_auditkey",
    "the checkpoint of the hand-over gone": "DELETE FROM audit_auditcheckpoint WHERE size = 3",
    "its root altered": "UPDATE audit_auditcheckpoint SET root = decode(repeat('00', 32), 'hex') WHERE size = 3",
}


@pytest.mark.parametrize("attack", ROTATED)
def test_a_broken_chain_of_keys_is_found(attack: str, settings: Any, tmp_path: Path) -> None:
    entries(3)
    rotation.rotate(new_seed=keys.new_seed(tmp_path / "new.key"), by=BY)
    settings.JKN_SEAL_KEY_FILE = tmp_path / "new.key"
    sealer.seal_all()
    assert whole.verify().ok
    tamper(ROTATED[attack], [])
    assert problems()


def test_a_log_of_another_name_is_found() -> None:
    entries(1)
    sealer.seal()
    tamper("UPDATE audit_auditorigin SET name = 'another'", [])
    assert "another" in problems()


def test_without_the_private_key_the_rest_is_verified(settings: Any) -> None:
    entries(1)
    sealer.seal()
    settings.JKN_SEAL_KEY_FILE.unlink()
    assert whole.verify().ok
    assert not settings.JKN_SEAL_KEY_FILE.exists()


def test_a_checkpoint_may_be_unsigned_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sealer, "publish", lambda: None)
        entries(1)
        sealer.seal()
        assert whole.verify().ok
        tamper("UPDATE audit_auditcheckpoint SET sealed_at = %s", [timezone.now() - timedelta(seconds=70)])
    assert "checkpoint 1 is not signed" in problems()
    sealer.publish()
    assert whole.verify().ok


def test_a_note_between_signed_ones_that_is_gone_is_found() -> None:
    for _ in range(3):
        entries(1)
        sealer.seal()
    tamper("UPDATE audit_auditcheckpoint SET note = NULL WHERE size = 2", [])
    assert "checkpoint 2 is not signed, though a later one is" in problems()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_witness_that_does_not_answer_leaves_a_doubt(settings: Any) -> None:
    entries(1)
    sealer.seal()
    settings.JKN_SEAL_WITNESSES = ["http://127.0.0.1:9"]
    assert "cannot be asked" in problems()


def test_what_a_witness_has_seen_is_compared(settings: Any) -> None:
    for _ in range(3):
        entries(1)
        sealer.seal(at=timezone.now() - timedelta(hours=1))
    [first, second, third] = sorted(settings.JKN_SEAL_FOLDER.rglob("*.note"))
    second.chmod(0o644)
    second.write_text(first.read_text())
    assert "holds another note for 2 entries" in problems()
    second.unlink()
    assert whole.verify().ok
    lost = third.rename(third.with_name("00000000000000000007.note"))
    assert "has seen 7 entries" in problems()
    lost.unlink()
    assert "lacks the newest checkpoint, of 3 entries" in problems()
    lost.parent.joinpath("seven.note").write_text("")
    assert "cannot be read" in problems()


def test_what_is_sealed_while_the_log_is_verified_is_no_problem() -> None:
    entries(5)
    sealer.seal()

    def meanwhile(_entries: int) -> None:
        """Another connection seals on; a minute passes."""
        with ThreadPoolExecutor(1) as pool:
            pool.submit(seal_on).result()

    def seal_on() -> None:
        entries(1, at=timezone.now() - timedelta(minutes=5))
        sealer.seal()
        connection.close()

    assert whole.verify(progress=meanwhile).problems == []
    assert AuditCheckpoint.objects.count() == 6
    assert whole.verify().problems == []


def test_time_that_passes_while_verifying_makes_nothing_late(monkeypatch: pytest.MonkeyPatch) -> None:
    entries(1)
    sealer.seal()
    entries(1)
    real, minutes = timezone.now, [0]
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(minutes=minutes[0]))

    def pass_time(_entries: int) -> None:
        minutes[0] += 10

    assert whole.verify(progress=pass_time).problems == []


def test_a_second_origin_is_opened_by_its_entry_only() -> None:
    entries(3)
    sealer.seal()
    opening = write(AuditOrigin.OPENED, after={"origin": "second", **kept_by(sealer.origin())})
    AuditOrigin.objects.create(name="second", opened_at=timezone.now(), first_entry=opening.pk)
    sealer.seal_all()
    assert whole.verify().problems == []
    assert AuditCheckpoint.objects.filter(origin__name="second").last() is not None
    tamper("UPDATE audit_auditorigin SET first_entry = %s WHERE name = 'second'", [opening.pk - 1])
    assert "leaf 0 is not the entry that opened it" in problems()
    AuditOrigin.objects.create(name="third", opened_at=timezone.now())
    assert "third: no entry opened this origin" in problems()


def test_verifying_sees_one_moment_and_writes_nothing() -> None:
    entries(1)
    with snapshot(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)
