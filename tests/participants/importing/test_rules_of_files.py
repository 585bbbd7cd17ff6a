"""What holds for whole files: their moment, who is missing, what else stands in them, and who may import them."""

import csv
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from jknoffice.audit.log import Thing
from jknoffice.hands import Hand
from participants import registry
from participants.importing import first_load, run_import
from participants.importing.columns import COLUMNS
from participants.models import ImportBatch, Peserta
from tests import make
from tests.hands import acting_as
from tests.participants.importing.files import BRANCH, BY, imported, person, rejected, table

pytestmark = pytest.mark.django_db

DECIDED = "+6285711112222"
PROVED = "siti@contoh.id"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make.branch(code=BRANCH)
    return tmp_path / "register.csv"


def decide(days_ago: float) -> None:
    """Let a request change the only participant's number."""
    at = timezone.now() - timedelta(days=days_ago)
    pk = Peserta.objects.get().pk
    registry.set_phone(peserta_id=pk, phone=DECIDED, by=BY, cause=Thing("verification.case", "1"), at=at)


def prove(days_ago: float) -> None:
    """Let the only participant change their e-mail address."""
    at = timezone.now() - timedelta(days=days_ago)
    pk = Peserta.objects.get().pk
    registry.set_email(peserta_id=pk, email=PROVED, by=BY, cause=Thing("participants.participantaccount", "1"), at=at)


# --- of when the file is ---


@pytest.mark.parametrize(("as_of_days_ago", "kept"), [(11, True), (9, False)])
def test_a_number_is_kept_that_a_request_changed_after_the_moment_of_the_file(
    path: Path, as_of_days_ago: int, kept: bool
) -> None:
    imported(path, person(1))
    decide(days_ago=10)
    result = imported(path, person(1), as_of=timezone.now() - timedelta(days=as_of_days_ago))
    assert (result.kept_phone, result.warnings, result.updated, result.unchanged) == (
        (1, 1, 0, 1) if kept else (0, 0, 1, 0)
    )
    assert (Peserta.objects.get().phone == DECIDED) == kept
    if kept:
        (row,) = rejected(path, "warnings.csv")
        assert (row["line"], row["column"], row["code"]) == ("2", "phone", "kept_phone")


@pytest.mark.parametrize(("as_of_days_ago", "kept"), [(11, True), (9, False)])
@pytest.mark.parametrize("old", ["", "lama@contoh.id"])
def test_an_email_is_kept_that_the_participant_changed_after_the_moment_of_the_file(
    path: Path, as_of_days_ago: int, kept: bool, old: str
) -> None:
    imported(path, person(1, email=old))
    prove(days_ago=10)
    at = Peserta.objects.get().email_changed_at
    result = imported(path, person(1, email=old), as_of=timezone.now() - timedelta(days=as_of_days_ago))
    assert (result.kept_email, result.kept_phone, result.warnings, result.updated, result.unchanged) == (
        (1, 0, 1, 0, 1) if kept else (0, 0, 0, 1, 0)
    )
    peserta = Peserta.objects.get()
    assert peserta.email == (PROVED if kept else old)
    assert (peserta.email_changed_at == at) == kept
    if kept:
        (row,) = rejected(path, "warnings.csv")
        assert (row["line"], row["column"], row["code"]) == ("2", "email", "kept_email")
        assert row["sentence"].startswith("Alamat e-mail ini sudah diubah sesudah tanggal berkas")


def test_an_email_that_a_file_changes_is_dated_and_a_later_file_changes_it_again(path: Path) -> None:
    imported(path, person(1, email="a@contoh.id"))
    assert Peserta.objects.get().email_changed_at is None
    assert imported(path, person(1, email="b@contoh.id")).updated == 1
    assert Peserta.objects.get().email_changed_at == ImportBatch.objects.latest("pk").imported_at
    result = imported(path, person(1, email="c@contoh.id"))
    assert (result.kept_email, Peserta.objects.get().email) == (0, "c@contoh.id")


def test_number_and_email_are_kept_each_for_itself_and_the_rest_is_written(path: Path) -> None:
    imported(path, person(1))
    decide(days_ago=20)
    prove(days_ago=10)
    result = imported(path, person(1, name="SITI"), as_of=timezone.now() - timedelta(days=15))
    peserta = Peserta.objects.get()
    assert (result.kept_phone, result.kept_email, result.updated) == (0, 1, 1)
    assert (peserta.name, peserta.phone, peserta.email) == ("SITI", "+6281200000001", PROVED)
    decide(days_ago=10)
    result = imported(path, person(1, name="SITI"), as_of=timezone.now() - timedelta(days=15))
    assert (result.kept_phone, result.kept_email, result.warnings, result.unchanged) == (1, 1, 2, 1)


def test_a_file_without_emails_keeps_none(path: Path) -> None:
    imported(path, person(1))
    prove(days_ago=1)
    result = imported(path, person(1), columns=[column for column in COLUMNS if column != "email"])
    assert (result.kept_email, result.unchanged, Peserta.objects.get().email) == (0, 1, PROVED)


@pytest.mark.parametrize(("modified_days_ago", "kept"), [(100, True), (10, False)])
def test_an_old_file_protects_numbers_since_it_was_modified(path: Path, modified_days_ago: int, kept: bool) -> None:
    imported(path, person(1))
    decide(days_ago=60)
    moment = (timezone.now() - timedelta(days=modified_days_ago)).timestamp()
    path.write_text(table([person(1)]))
    os.utime(path, (moment, moment))
    assert run_import(path=path, by=BY, user=None, rejects=None).kept_phone == int(kept)
    assert ImportBatch.objects.filter(as_of__lte=timezone.now() - timedelta(days=30)).count() == 2


def test_a_dry_run_foresees_what_is_kept_and_what_is_written(path: Path) -> None:
    imported(path, person(1))
    decide(days_ago=1)
    prove(days_ago=1)
    rows = person(1, name="SITI"), person(2)
    foreseen = imported(path, *rows, dry_run=True)
    done = imported(path, *rows)
    for count in ("rows", "created", "updated", "unchanged", "refused", "warnings", "kept_phone", "kept_email"):
        assert getattr(foreseen, count) == getattr(done, count), count
    assert (done.created, done.updated, done.kept_phone, done.kept_email) == (1, 1, 1, 1)
    assert (foreseen.batch, done.batch) == (None, ImportBatch.objects.latest("pk").pk)


def test_a_batch_counts_the_numbers_it_changed_and_their_owners_can_be_found(path: Path) -> None:
    imported(path, person(1), person(2), person(3))
    imported(path, person(1, phone=""), person(2, phone="081311112222"), person(3, name="OTHER"))
    batch = ImportBatch.objects.latest("pk")
    assert (batch.changed_phone, batch.updated) == (2, 3)
    assert Peserta.objects.filter(phone_changed_at=batch.imported_at).count() == 2


# --- everybody ---


def test_a_full_file_tells_who_is_missing_and_deletes_nobody(path: Path) -> None:
    imported(path, person(1), person(2), person(3, name="=SUM(A1)"), person(4))
    missing = path.with_name("missing.csv")
    result = imported(path, person(1), person(2, sex="?"), full=True, missing=missing)
    assert (result.missing, result.refused, Peserta.objects.count()) == (2, 1, 4)
    with missing.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == [
        {"nik": person(number)["nik"], "card_number": f"{number:013}", "name": name, "branch": BRANCH}
        for number, name in ((3, "'=SUM(A1)"), (4, "PESERTA 4"))
    ]
    assert missing.stat().st_mode & 0o777 == 0o600


def test_nobody_is_missing_from_a_part(path: Path) -> None:
    imported(path, person(1), person(2))
    missing = path.with_name("missing.csv")
    assert imported(path, person(1), missing=missing).missing == 0
    assert not missing.exists()
    assert imported(path, person(1), person(2), full=True, missing=missing).missing == 0
    assert not missing.exists()


# --- what else stands in a file ---


def test_rejects_hold_all_cells_in_their_order_also_those_we_do_not_know(path: Path) -> None:
    columns = ["catatan", *COLUMNS[::-1], "petugas"]
    text = table([person(1, sex="?") | {"catatan": 'a "b"\t\\c', "petugas": "=1+1"}, person(2)], columns=columns)
    path.write_text(text + "kurang,satu\n")
    rejects = path.with_name("rejects.csv")
    assert run_import(path=path, by=BY, user=None, rejects=rejects).created == 1
    with rejects.open(newline="") as file:
        header, sex, short = csv.reader(file)
    assert header == ["line", "column", "code", "sentence", *columns]
    assert [sex[0], *sex[4:]] == ["2", 'a "b"\t\\c', *list(person(1, sex="?").values())[::-1], "'=1+1"]
    assert (short[0], short[2], short[4:]) == ("4", "columns", ["kurang", "satu"])


def test_an_apostrophe_goes_only_where_it_guards_a_formula(path: Path) -> None:
    imported(path, person(1, name="'=A1", facility="'t Hooft", phone="'+6281200000001"))
    stored = Peserta.objects.get()
    assert (stored.name, stored.facility, stored.phone) == ("=A1", "'t Hooft", "+6281200000001")


def test_tabs_newlines_and_backslashes_come_through(path: Path) -> None:
    rejects = path.with_name("rejects.csv")
    path.write_text(table([person(1, sex="?", facility="A\tB\nC\\N\rD"), person(2, facility="\\N")]))
    assert run_import(path=path, by=BY, user=None, rejects=rejects).created == 1
    assert rejected(path)[0]["facility"] == "A\tB\nC\\N\rD"
    assert Peserta.objects.get().facility == "\\N"


# --- hands ---


def test_the_worker_s_hand_is_enough(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_load, "WORTH_FROM", 1)
    with acting_as(Hand.WORKER):
        assert imported(path, person(1), person(2, sex="?")).created == 1
        assert imported(path, person(1, name="SITI"), full=True, missing=path.with_name("m.csv")).updated == 1
        assert imported(path, person(1, name="BUDI"), dry_run=True).updated == 1


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'participants_peserta'")
        found = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT conname || pg_get_constraintdef(oid) || convalidated FROM pg_constraint"
            " WHERE conrelid = 'participants_peserta'::regclass"
        )
        return found | {row[0] for row in cursor.fetchall()}


def test_a_first_load_leaves_the_indexes_and_constraints_that_there_were(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_load, "WORTH_FROM", 1)
    before = indexes()
    phases: list[str] = []
    rows = person(1), person(2)
    assert imported(path, *rows, progress=lambda _rows, phase, _all: phases.append(phase)).created == 2
    assert indexes() == before
    assert "indexing" in phases
    phases.clear()
    assert imported(path, *rows, person(3), progress=lambda _rows, phase, _all: phases.append(phase)).created == 1
    assert "indexing" not in phases, "the register is no longer empty"
