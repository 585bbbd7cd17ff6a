"""Whole imports into a real register."""

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jknoffice.accounts.models import Branch
from jknoffice.accounts.roles import Role
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog, AuditValue
from participants import registry
from participants.importing import CannotRun, Phase, run_import
from participants.importing.columns import COLUMNS
from participants.models import ImportBatch, Peserta
from tests import make
from tests.participants.importing.files import BRANCH, BY, imported, person, rejected, table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def branch() -> Branch:
    return make.branch(code=BRANCH)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "register.csv"


def everybody() -> list[Any]:
    return list(Peserta.objects.order_by("nik").values())


def test_new_people_come_in_known_ones_change_and_the_others_stay(path: Path, branch: Branch) -> None:
    first = imported(path, person(1), person(2))
    assert (first.rows, first.created, first.updated, first.unchanged, first.refused) == (2, 2, 0, 0, 0)
    second = imported(path, person(1), person(2, care_class="1"), person(3))
    assert (second.rows, second.created, second.updated, second.unchanged, second.refused) == (3, 1, 1, 1, 0)
    assert [each["care_class"] for each in everybody()] == [3, 1, 3]
    stored = Peserta.objects.get(nik=person(1)["nik"])
    assert (stored.phone, stored.sex, stored.branch, stored.kk_number) == (
        "+6281200000001",
        "M",
        branch,
        "3171011010120001",
    )
    assert len({each["uuid"] for each in everybody()}) == 3


def test_the_same_file_again_changes_nothing(path: Path) -> None:
    imported(path, *(person(number) for number in range(1, 20)))
    before = everybody()
    again = imported(path, *(person(number) for number in range(1, 20)))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 19)
    assert everybody() == before


def test_a_column_that_the_file_lacks_stays_as_it_is(path: Path) -> None:
    imported(path, person(1, email="siti@surel.example.id"))
    needed = [column for column in COLUMNS if column not in {"phone", "email", "kk_number", "birth_place", "facility"}]
    result = imported(path, person(1, name="SITI"), person(2), columns=needed)
    assert (result.created, result.updated) == (1, 1)
    known, new = Peserta.objects.order_by("nik")
    assert (known.name, known.phone, known.email) == ("SITI", "+6281200000001", "siti@surel.example.id")
    assert (known.kk_number, known.birth_place, known.facility) == ("3171011010120001", "JAKARTA", "PUSKESMAS MELATI")
    assert (new.phone, new.email, new.kk_number) == (None, "", "")


def test_an_empty_cell_of_a_column_that_is_there_empties_the_value(path: Path) -> None:
    imported(path, person(1))
    assert imported(path, person(1, phone="", kk_number="")).updated == 1
    stored = Peserta.objects.get()
    assert (stored.phone, stored.kk_number) == (None, "")


def test_rows_that_contradict_each_other_are_all_refused_and_name_the_other_line(path: Path) -> None:
    result = imported(path, person(1), person(1, name="AGAIN"), person(2), person(3, card_number=f"{2:013}"), person(4))
    assert (result.created, result.refused) == (1, 4)
    assert [(row["line"], row["column"], row["code"]) for row in rejected(path)] == [
        ("2", "nik", "duplicate_nik"),
        ("3", "nik", "duplicate_nik"),
        ("4", "card_number", "duplicate_card"),
        ("5", "card_number", "duplicate_card"),
    ]
    for row, other in zip(rejected(path), ("3", "2", "5", "4"), strict=True):
        assert f" {other} " in row["sentence"]
    assert Peserta.objects.get().nik == person(4)["nik"]


def test_equal_rows_count_once_and_are_warned_of(path: Path) -> None:
    again = person(1, phone="+62 812 0000 0001", name="peserta  1")
    result = imported(path, person(1), again, person(2), person(1))
    assert (result.created, result.unchanged, result.refused, result.warnings) == (2, 2, 0, 2)
    warned = rejected(path, "warnings.csv")
    assert [(row["line"], row["column"], row["code"]) for row in warned] == [
        ("3", "nik", "repeated"),
        ("5", "nik", "repeated"),
    ]
    assert all(" 2 " in row["sentence"] for row in warned)


def test_a_refused_row_does_not_stand_in_the_way_of_a_good_one_with_its_nik(path: Path) -> None:
    assert imported(path, person(1, sex="?"), person(1)).created == 1


def test_a_card_that_belongs_to_somebody_else_is_refused(path: Path) -> None:
    imported(path, person(1))
    result = imported(path, person(2, card_number=f"{1:013}"))
    assert result.refused == 1
    assert rejected(path)[0]["code"] == "card_taken"
    assert Peserta.objects.count() == 1


def test_who_has_a_taken_card_is_named_where_they_are_in_the_file_too(path: Path) -> None:
    imported(path, person(1))
    imported(path, person(2, card_number=f"{1:013}"), person(1, card_number=f"{7:013}"))
    (row,) = rejected(path)
    assert (row["line"], row["code"]) == ("2", "card_taken")
    assert " 3" in row["sentence"]


def test_a_person_may_get_a_new_card(path: Path) -> None:
    imported(path, person(1))
    assert imported(path, person(1, card_number="0000000000099")).updated == 1
    assert Peserta.objects.get().card_number == "0000000000099"


def test_the_rejects_file_says_why_and_can_be_corrected_and_imported(path: Path) -> None:
    strange = person(2, nik="3.17E+15", name='=HYPERLINK("x")')
    result = imported(path, person(1), strange, person(3, phone="tidak ada"))
    assert (result.rows, result.created, result.refused) == (3, 1, 2)
    first, second = rejected(path)
    assert {column: first[column] for column in COLUMNS} == strange | {"name": '\'=HYPERLINK("x")'}
    assert (first["line"], first["column"], first["code"]) == ("3", "nik", "mangled")
    assert "membulatkan" in first["sentence"]
    assert (second["line"], second["column"], second["code"]) == ("4", "phone", "phone")
    rejects = path.with_name("rejects.csv")
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    corrected = rejects.read_text().replace("3.17E+15", person(2)["nik"]).replace("tidak ada", "")
    path.write_text(corrected)
    assert run_import(path=path, by=BY, user=None, rejects=rejects, dry_run=False).created == 2
    assert not rejects.exists(), "nothing is refused any more"
    assert Peserta.objects.get(nik=person(2)["nik"]).name == '=HYPERLINK("X")'


def test_the_line_is_that_on_which_a_row_begins(path: Path) -> None:
    rows = person(1, facility="PUSKESMAS\nMELATI"), person(2, sex="?")
    imported(path, *rows)
    assert [row["line"] for row in rejected(path)] == ["4"]


def test_a_row_with_too_few_or_too_many_values_is_refused(path: Path) -> None:
    path.write_text(table([person(1)]) + "only,three,values\n\n" + ",".join([*person(2).values(), "more"]) + "\n")
    result = run_import(path=path, by=BY, user=None, rejects=path.with_name("rejects.csv"), dry_run=False)
    assert (result.rows, result.created, result.refused) == (3, 1, 2)
    assert [(row["line"], row["code"]) for row in rejected(path)] == [("3", "columns"), ("5", "columns")]


def test_a_dry_run_counts_and_keeps_nothing(path: Path) -> None:
    imported(path, person(1))
    entries, before = AuditLog.objects.count(), everybody()
    result = imported(path, person(1, care_class="1"), person(2), person(3, sex="?"), dry_run=True)
    assert (result.created, result.updated, result.refused) == (1, 1, 1)
    assert everybody() == before
    assert (ImportBatch.objects.count(), AuditLog.objects.count()) == (1, entries)
    assert len(rejected(path)) == 1


def test_an_import_is_in_the_log_without_personal_data(path: Path) -> None:
    admin = make.staff(Role.DATA_ADMIN)
    path.write_text(table([person(1), person(2, sex="?")]))
    result = run_import(path=path, by=admin.as_actor(), user=admin, rejects=None, dry_run=False)
    batch = ImportBatch.objects.get()
    assert (batch.rows, batch.created, batch.updated, batch.unchanged, batch.refused) == (2, 1, 0, 0, 1)
    assert (batch.file_name, batch.imported_by, result.refused) == ("register.csv", admin, 1)
    entry = AuditLog.objects.get(action="import.finished")
    assert (entry.actor, entry.object_type, entry.object_id) == (
        admin.username,
        "participants.importbatch",
        str(batch.pk),
    )
    content = json.loads(entry.entry)
    counts = {"rows": 2, "created": 1, "updated": 0, "unchanged": 0, "refused": 1}
    counts |= {"warnings": 0, "kept_phone": 0, "kept_email": 0, "changed_phone": 0}
    assert (result.batch, batch.reasons, result.reasons) == (batch.pk, {"unknown_code": 1}, {"unknown_code": 1})
    assert content["after"] == {"sha256": batch.sha256, **counts}
    assert content["pii"] == {}
    assert not AuditValue.objects.exists()
    assert str(batch).startswith("register.csv (")


# --- numbers ---


def test_a_number_that_the_file_changes_is_dated(path: Path) -> None:
    imported(path, person(1), person(2))
    assert imported(path, person(1, phone="081311112222"), person(2, name="OTHER")).kept_phone == 0
    changed, same = Peserta.objects.order_by("nik")
    assert (changed.phone, same.phone) == ("+6281311112222", "+6281200000002")
    assert changed.phone_changed_at == ImportBatch.objects.latest("imported_at").imported_at
    assert same.phone_changed_at is None
    assert imported(path, person(1, phone="081333334444")).updated == 1
    assert Peserta.objects.get(nik=person(1)["nik"]).phone == "+6281333334444", "a newer file wins over an older one"


@pytest.mark.parametrize(
    ("age", "kept"), [(timedelta(hours=1), True), (timedelta(days=29), True), (timedelta(days=31), False)]
)
def test_a_number_that_a_request_changed_lately_is_kept(path: Path, age: timedelta, kept: bool) -> None:
    imported(path, person(1), person(2))
    peserta = Peserta.objects.get(nik=person(1)["nik"])
    decided_at = timezone.now() - age
    registry.set_phone(
        peserta_id=peserta.pk, phone="+6285711112222", by=BY, cause=Thing("verification.case", "1"), at=decided_at
    )
    result = imported(path, person(1, care_class="1"), person(2))
    peserta.refresh_from_db()
    assert peserta.care_class == 1, "the other columns are written all the same"
    assert peserta.phone == ("+6285711112222" if kept else "+6281200000001")
    assert (peserta.phone_changed_at == decided_at) == kept
    assert (result.kept_phone, result.updated, result.unchanged) == (int(kept), 1, 1)


def test_a_kept_number_alone_leaves_the_row_unchanged(path: Path) -> None:
    imported(path, person(1))
    registry.set_phone(peserta_id=Peserta.objects.get().pk, phone=None, by=BY, cause=Thing("verification.case", "1"))
    before = everybody()
    result = imported(path, person(1))
    assert (result.kept_phone, result.updated, result.unchanged) == (1, 0, 1)
    assert everybody() == before


# --- files that cannot be imported ---

GOOD = table([person(1)])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty"),
        (b"\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (GOOD.partition("\n")[2].encode(), "missing_column"),
        (GOOD.replace(",sex,", ",gender,").encode(), "missing_column"),
        (GOOD.replace("birth_place", "Nama").encode(), "duplicate_column"),
        (GOOD.encode() + b"\x81", "encoding"),
        (GOOD.encode("utf-16")[:-1], "encoding"),
        (GOOD.encode("utf-16-le"), "no_text"),
        (GOOD.replace("PESERTA", "PE\0SERTA").encode(), "no_text"),
        (b"PK\x03\x04" + bytes(range(256)), "damaged"),
        (GOOD.replace("PESERTA 1", '"PESERTA').encode(), "no_csv"),
        (GOOD.replace("PESERTA 1", '"PESERTA"1').encode(), "no_csv"),
        (GOOD.replace("PESERTA", "P" * 200_000).encode(), "no_csv"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named_and_recorded(path: Path, content: bytes, fault: str) -> None:
    path.write_bytes(content)
    with pytest.raises(CannotRun) as refused:
        run_import(path=path, by=BY, user=None, rejects=path.with_name("rejects.csv"), dry_run=False)
    assert refused.value.fault == fault
    assert not Peserta.objects.exists()
    assert not path.with_name("rejects.csv").exists()
    entry = AuditLog.objects.get()
    assert (entry.action, entry.reason) == ("import.refused", fault)


def test_a_fault_at_the_end_of_a_file_leaves_the_register_as_it_was(path: Path) -> None:
    path.write_bytes(table([person(number) for number in range(1, 3000)]).encode() + b'"')
    with pytest.raises(CannotRun):
        run_import(path=path, by=BY, user=None, rejects=None, dry_run=False)
    assert not Peserta.objects.exists()


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotRun) as refused:
        run_import(path=tmp_path / name, by=BY, user=None, rejects=None, dry_run=False)
    assert refused.value.fault == "unreadable"


@pytest.mark.parametrize("rejects", ["register.csv", "./register.csv", "missing/rejects.csv"])
def test_rejects_that_cannot_be_written_stop_the_import(path: Path, rejects: str) -> None:
    path.write_text(table([person(1), person(2, sex="?")]))
    with pytest.raises(CannotRun) as refused:
        run_import(path=path, by=BY, user=None, rejects=path.parent / rejects, dry_run=False)
    assert refused.value.fault == "rejects"
    assert not Peserta.objects.exists()
    assert "PESERTA 1" in path.read_text()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + table([person(1)]).encode())
    assert b"\r\n" in path.read_bytes()
    assert run_import(path=path, by=BY, user=None, rejects=None, dry_run=False).created == 1


def test_twenty_thousand_rows_take_seconds(path: Path) -> None:
    seen: list[tuple[int, Phase]] = []
    people = [
        person(0, nik=f"32730117059{number:05}", card_number=f"{number:013}", phone=f"+62 812-{number:08}")
        for number in range(1, 20_001)
    ]
    path.write_text(table(people))
    result = run_import(
        path=path,
        by=BY,
        user=None,
        rejects=None,
        dry_run=False,
        progress=lambda rows, phase, _all: seen.append((rows, phase)),
    )
    assert (result.rows, result.created) == (20_000, 20_000)
    assert [rows for rows, _phase in seen] == sorted(rows for rows, _phase in seen)
    assert list(dict.fromkeys(phase for _rows, phase in seen)) == list(Phase)
    assert result.seconds < 30
    assert Peserta.objects.count() == 20_000
