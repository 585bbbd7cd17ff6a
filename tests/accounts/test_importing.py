"""Branches and staff from files."""

import csv
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jknoffice.accounts.identity import person_id
from jknoffice.accounts.models import Branch, StaffLetter, User
from jknoffice.accounts.models.branch import Zone
from jknoffice.accounts.models.user import State
from jknoffice.audit.models import AuditLog
from jknoffice.hands import Hand
from tests import make
from tests.accounts.door import is_in
from tests.accounts.life import walk
from tests.hands import acting_as

pytestmark = pytest.mark.django_db

STAFF = "username,full_name,nik,branch,role,email\n"
SITI = "siti,Siti Aminah,3171011705900001,0901,operator,\n"
BUDI = "budi,Budi Santoso,3171011705900002,,auditor,budi@example.org\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def run(command: str, path: Path, text: str, *options: str) -> None:
    path.write_text(text)
    with acting_as(Hand.WORKER):
        call_command(command, str(path), *options)


def test_branches_are_created_renamed_and_left(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make.branch(code="0901", name="Jakarta", region="IV")
    make.branch(code="0902", name="Bogor", region="IV")
    text = "Kode;Nama;Wilayah\n0901;Jakarta Pusat;IV\n0902;Bogor;IV\n0903;Depok;IV\n"
    run("import_branches", path, text, "--format", "json")
    assert json.loads(capsys.readouterr().out) == {"created": 1, "updated": 1, "unchanged": 1}
    assert list(Branch.objects.values_list("code", "name")) == [
        ("0901", "Jakarta Pusat"),
        ("0902", "Bogor"),
        ("0903", "Depok"),
    ]
    assert AuditLog.objects.get().action == "branch.imported"
    with CaptureQueriesContext(connection) as queries:
        run("import_branches", path, text)
    assert not [query for query in queries if 'UPDATE "accounts_branch" SET' in query["sql"]]
    capsys.readouterr()
    run("import_branches", path, text)
    assert "0 created, 0 updated, 3 unchanged" in capsys.readouterr().out


def test_a_file_may_say_the_time_zones_of_branches(path: Path) -> None:
    make.branch(code="0901", name="a", region="IV", time_zone=Zone.WIT)
    make.branch(code="0902", name="a", region="IV", time_zone=Zone.WIT)
    run("import_branches", path, "kode,nama,wilayah,zona_waktu\n0901,a,IV,\n0902,a,IV,wita\n0903,a,IV,\n")
    assert [*Branch.objects.values_list("time_zone", flat=True)] == [Zone.WIT, Zone.WITA, Zone.WIB]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "empty"),
        ("code,name\n", "region"),
        ("code,name,region,kode\n", "one column"),
        ("code,name,region\n1,a\n", "Line 2: The row has more"),
        ("code,name,region\n1,a,b\n1,c,d\n", "Line 3: Line 2 has the same code"),
        ("code,name,region\n,a,b\n", "Line 2"),
        ("code,name,region\n123456789,a,b\n", "Line 2"),
        ("code,name,region\n1," + "a" * 99 + ",b\n", "Line 2"),
        ("code,name,region,time_zone\n1,a,b,GMT\n", "Line 2"),
    ],
)
def test_a_file_of_branches_with_a_fault_changes_nothing(path: Path, text: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as failed:
        run("import_branches", path, text)
    assert failed.value.returncode == 2
    assert not Branch.objects.exists()
    assert not AuditLog.objects.exists()


def test_staff_get_accounts_and_first_passwords(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make.branch(code="0901")
    run("import_staff", path, STAFF + SITI + BUDI)
    assert "2 accounts created" in capsys.readouterr().out
    passwords = path.with_name("file.csv.passwords.csv")
    assert passwords.stat().st_mode & 0o777 == 0o600
    with passwords.open() as file:
        made = {row["username"]: row["password"] for row in csv.DictReader(file)}
    siti, budi = User.objects.get(username="siti"), User.objects.get(username="budi")
    assert siti.check_password(made["siti"])
    assert budi.check_password(made["budi"])
    assert (siti.branch, siti.person_id) == (Branch.objects.get(), person_id("3171011705900001"))
    assert AuditLog.objects.filter(action="account.created").count() == 2


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (BUDI + "x,X,1,,auditor,\n", "Line 3: The NIK must have 16 digits"),
        (BUDI + BUDI, "Line 3: .*already exists"),
        (BUDI + SITI, "Line 3: There is no branch"),
        (BUDI.replace("auditor", "king"), "Line 2: The role is one of"),
        (SITI.replace("0901", ""), "Line 2: This role works at a branch"),
        (BUDI.replace("budi@", "budi"), "Line 2: "),
    ],
)
def test_a_file_of_staff_with_a_fault_creates_nobody(path: Path, rows: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as failed:
        run("import_staff", path, STAFF + rows)
    assert failed.value.returncode == 2
    assert not User.objects.exists()
    assert not path.with_name("file.csv.passwords.csv").exists()


@pytest.mark.parametrize(
    ("command", "text"), [("import_branches", "code,name,region\n1,a,b\n"), ("import_staff", STAFF + BUDI)]
)
def test_a_dry_run_keeps_nothing(path: Path, command: str, text: str) -> None:
    run(command, path, text, "--dry-run")
    assert not Branch.objects.exists()
    assert not User.objects.exists()
    assert not AuditLog.objects.exists()
    assert [one.name for one in path.parent.iterdir()] == ["file.csv"]


def test_passwords_never_overwrite_a_file(path: Path) -> None:
    kept = path.with_name("kept.csv")
    kept.write_text("mine")
    with pytest.raises(CommandError, match="cannot be written"):
        run("import_staff", path, STAFF + BUDI, "--passwords", str(kept))
    assert kept.read_text() == "mine"
    assert not User.objects.exists()


def test_staff_is_invited_by_links_that_let_nobody_in_by_a_password(path: Path) -> None:
    make.branch(code="0901")
    run("import_staff", path, STAFF + SITI + BUDI, "--invite")
    links = path.with_name("file.csv.links.csv")
    assert links.stat().st_mode & 0o777 == 0o600
    rows = {row["username"]: row["link"] for row in csv.DictReader(links.read_text().splitlines())}
    siti = User.objects.get(username="siti")
    assert (siti.has_usable_password(), siti.state) == (False, State.INVITED)
    client, page = walk.opened(rows["siti"].rsplit("/", 1)[1])
    assert "siti" in page.content.decode()
    walk.choose(client)
    walk.set_up(client)
    assert is_in(client)
    assert StaffLetter.objects.get().user.username == "budi"


def test_an_administrator_is_not_invited_by_a_file(path: Path) -> None:
    with pytest.raises(CommandError, match="a second one confirms"):
        run("import_staff", path, STAFF + SITI.replace("0901,operator", ",admin"), "--invite")
    assert not User.objects.exists()
