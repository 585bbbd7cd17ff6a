"""`manage.py import_peserta`, as people and programs call it."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from jknoffice.accounts.roles import Role
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from participants import registry
from participants.models import ImportBatch, Peserta
from tests import make
from tests.participants.importing.files import BRANCH, BY, person, table

KEYS = "rows created updated unchanged refused warnings kept_phone kept_email seconds rows_per_second batch".split()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make.branch(code=BRANCH)
    file = tmp_path / "register.csv"
    file.write_text(table([person(1), person(2)]))
    return file


def run(*arguments: str | Path) -> tuple[int, str]:
    """Exit status and output."""
    output = StringIO()
    try:
        call_command("import_peserta", *map(str, arguments), stdout=output)
    except SystemExit as end:
        return int(end.code or 0), output.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, output.getvalue()


@pytest.mark.django_db
def test_all_rows_in_is_0(path: Path) -> None:
    status, output = run(path)
    assert status == 0
    assert output.startswith("2 rows in ")
    assert output.endswith("/s): 2 created, 0 updated, 0 unchanged, 0 refused\n")


@pytest.mark.django_db
def test_some_refused_is_1_and_they_stand_beside_the_file(path: Path) -> None:
    path.write_text(table([person(1), person(2, sex="?")]))
    status, output = run(path)
    assert status == 1
    assert f"Refused rows: 1, see {path}.rejects.csv" in output
    assert "unknown_code" in Path(f"{path}.rejects.csv").read_text()


@pytest.mark.django_db
def test_the_rejects_go_where_they_are_told_to(path: Path, tmp_path: Path) -> None:
    path.write_text(table([person(1, sex="?")]))
    assert run(path, "--rejects", tmp_path / "other.csv")[0] == 1
    assert "unknown_code" in (tmp_path / "other.csv").read_text()
    assert not Path(f"{path}.rejects.csv").exists()


@pytest.mark.django_db
def test_machines_get_json_with_these_keys_and_nothing_else(path: Path) -> None:
    path.write_text(table([person(1), person(2, sex="?")]))
    status, output = run(path, "--format", "json")
    counts = json.loads(output)
    assert status == 1
    assert list(counts) == KEYS
    assert {key: counts[key] for key in KEYS[:8]} == {
        "rows": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "refused": 1,
        "warnings": 0,
        "kept_phone": 0,
        "kept_email": 0,
    }
    assert counts["batch"] == ImportBatch.objects.get().pk


@pytest.mark.django_db
def test_a_dry_run_says_so_and_keeps_nothing(path: Path) -> None:
    status, output = run(path, "--dry-run")
    assert status == 0
    assert "2 created" in output
    assert "nothing was kept" in output
    assert not Peserta.objects.exists()


@pytest.mark.django_db
def test_kept_numbers_are_told_to_people(path: Path) -> None:
    run(path)
    pk = Peserta.objects.earliest("pk").pk
    registry.set_phone(peserta_id=pk, phone="+6285711112222", by=BY, cause=Thing("verification.case", "1"))
    assert "1 numbers were changed by a request since and are kept." in run(path)[1]


@pytest.mark.django_db
def test_kept_email_addresses_are_told_to_people(path: Path) -> None:
    run(path)
    pk = Peserta.objects.earliest("pk").pk
    registry.set_email(peserta_id=pk, email="siti@contoh.id", by=BY, cause=Thing("verification.case", "1"))
    assert "1 e-mail addresses were changed by their holders since and are kept." in run(path)[1]


@pytest.mark.django_db
def test_an_import_can_be_made_in_a_data_admin_s_name(path: Path) -> None:
    admin = make.staff(Role.DATA_ADMIN)
    assert run(path, "--by", admin.username)[0] == 0
    assert ImportBatch.objects.get().imported_by == admin
    assert AuditLog.objects.get(action="import.finished").actor == admin.username


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DATA_ADMIN])
def test_nobody_else_imports(path: Path, role: Role) -> None:
    status, output = run(path, "--by", make.staff(role).username)
    assert status == 2
    assert output.startswith("no_permission: ")
    assert not Peserta.objects.exists()


@pytest.mark.django_db
def test_neither_does_who_has_left_or_never_was(path: Path) -> None:
    gone = make.staff(Role.DATA_ADMIN, is_active=False)
    assert run(path, "--by", gone.username)[0] == run(path, "--by", "nobody")[0] == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, "unreadable: The file cannot be read: No such file or directory."),
        (b"", "empty: The file is empty."),
        (b"nik,nama\n1,2\n", "missing_column: These columns are missing: card_number, birth_date, sex,"),
        (b"nik,NIK\n", "duplicate_column: Two columns are nik."),
        (b"nik\x81\n", "encoding: The file is neither UTF-8 nor Windows text."),
        (b"nik\0\n", "no_text: The file is no text"),
        (b'"nik\n', "no_csv: From line 1 on the file is no CSV: unexpected end of data."),
    ],
)
def test_what_cannot_run_is_2_with_a_named_error(path: Path, content: bytes | None, error: str) -> None:
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    status, output = run(path, "--format", "json")
    assert status == 2
    assert output.startswith(error)
    assert not Peserta.objects.exists()


def in_its_own_process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "import_peserta", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_database_that_is_away_is_2_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text(table([person(1)]))
    ended = in_its_own_process(str(tmp_path / "register.csv"), DATABASE_URL="postgres://jkn:secret@127.0.0.1:1/jkn")
    assert ended.returncode == 2
    assert "database: " in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret" not in ended.stderr
    assert ended.stdout == ""
