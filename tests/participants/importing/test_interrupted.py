"""Imports that are killed, stopped or refused half-way: the register is as before, and --resume goes on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from benchmarks.generate_register import open_branches, write_file
from participants.importing import CannotRun, Phase, filling, run_import, staging
from participants.models import ImportBatch, Peserta
from tests import make
from tests.participants.importing import killing
from tests.participants.importing.files import BRANCH, BY, imported, person, table

ROWS = 20_000

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(filling, "CHUNK", 4_000)
    yield
    staging.clear()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A register, and a later state of it."""
    folder = tmp_path_factory.mktemp("registers")
    write_file(folder / "old.csv", ROWS, seed=7)
    write_file(folder / "new.csv", ROWS, seed=7, changed=0.05)
    return folder / "old.csv", folder / "new.csv"


def staged() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM participants_staged")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("phase", "rows", "kept"),
    [(Phase.READING, 10_000, 8_000), (Phase.COMPARING, 0, ROWS), (Phase.INDEXING, 0, ROWS), (Phase.REPORTING, 0, ROWS)],
)
def test_a_killed_import_leaves_the_register_as_it_was_and_is_gone_on_with(
    files: tuple[Path, Path], phase: Phase, rows: int, kept: int
) -> None:
    open_branches()
    old, new = files
    killing.import_until(old, phase, rows)
    assert not Peserta.objects.exists()
    seen: list[int] = []
    result = run_import(
        path=old, by=BY, user=None, rejects=None, resume=True, progress=lambda rows, *_rest: seen.append(rows)
    )
    assert min(seen) >= kept, "what was staged is not read again"
    assert (result.rows, result.created, result.refused) == (ROWS, 19_368, 606)
    after_resuming = killing.digest()
    assert staged() == 0
    Peserta.objects.all().delete()
    assert run_import(path=old, by=BY, user=None, rejects=None).created == 19_368
    assert killing.digest() == after_resuming
    if phase is Phase.REPORTING:  # once: a refresh that is killed after writing
        killing.import_until(new, phase)
        assert killing.digest() == after_resuming
        assert 0 < run_import(path=new, by=BY, user=None, rejects=None, resume=True).updated < 2_000
        assert run_import(path=new, by=BY, user=None, rejects=None).changed_nothing


def test_another_file_or_other_columns_begin_anew(tmp_path: Path) -> None:
    make.branch(code=BRANCH)
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text(table([person(number) for number in range(1, 9_000)]))
    other.write_text(table([person(1)]))
    killing.import_until(one, Phase.COMPARING)
    assert staged() == 8_999
    assert run_import(path=other, by=BY, user=None, rejects=None, resume=True).rows == 1
    assert Peserta.objects.count() == 1


def test_without_resume_an_import_begins_anew(tmp_path: Path) -> None:
    make.branch(code=BRANCH)
    path = tmp_path / "one.csv"
    path.write_text(table([person(number) for number in range(1, 9_000)]))
    killing.import_until(path, Phase.COMPARING)
    seen: list[int] = []
    run_import(path=path, by=BY, user=None, rejects=None, progress=lambda rows, *_rest: seen.append(rows))
    assert min(seen) == filling.BLOCK


def test_ctrl_c_writes_nothing_and_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make.branch(code=BRANCH)
    path = tmp_path / "one.csv"
    path.write_text(table([person(1)]))

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("participants.importing.comparing.compare", stop)
        with pytest.raises(CommandError, match="--resume") as ended:
            call_command("import_peserta", str(path))
    assert ended.value.returncode == 2
    assert (Peserta.objects.count(), staged()) == (0, 1)
    call_command("import_peserta", str(path), "--resume")
    assert (Peserta.objects.count(), staged(), ImportBatch.objects.count()) == (1, 0, 1)


def test_a_fault_of_the_file_leaves_nothing_in_staging(tmp_path: Path) -> None:
    make.branch(code=BRANCH)
    path = tmp_path / "one.csv"
    path.write_bytes(table([person(number) for number in range(1, 9_000)]).encode() + b'"')
    with pytest.raises(CannotRun):
        run_import(path=path, by=BY, user=None, rejects=None)
    assert staged() == 0


@pytest.mark.parametrize("parallel_from", [0, 2**40])
def test_one_connection_or_two_come_to_the_same(
    files: tuple[Path, Path], parallel_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "PARALLEL_FROM", parallel_from)
    open_branches()
    result = run_import(path=files[0], by=BY, user=None, rejects=None)
    assert (result.created, result.unchanged, result.refused, result.warnings) == (19_368, 26, 606, 52)


def test_a_fault_in_the_second_connection_ends_the_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make.branch(code=BRANCH)
    monkeypatch.setattr(filling, "PARALLEL_FROM", 0)
    monkeypatch.setattr("participants.importing.checking.statement", lambda _columns: "SELECT 1/0")
    with pytest.raises(Exception, match="division by zero"):
        imported(tmp_path / "one.csv", person(1))
    assert not Peserta.objects.exists()


def test_two_imports_never_run_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make.branch(code=BRANCH)
    monkeypatch.setattr(staging, "PATIENCE", 0.3)

    def second() -> None:
        try:
            with pytest.raises(CannotRun) as refused:
                imported(tmp_path / "two.csv", person(2))
            assert refused.value.fault == "busy"
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        result = imported(
            tmp_path / "one.csv",
            person(1),
            progress=lambda _rows, phase, _all: phase is Phase.WRITING and pool.submit(second).result(),
        )
    assert result.created == 1
    assert imported(tmp_path / "two.csv", person(2)).created == 1
