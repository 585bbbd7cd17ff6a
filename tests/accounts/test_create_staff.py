"""`manage.py create_staff`."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jknoffice.accounts.identity import person_id
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role, rights_of
from jknoffice.accounts.staff import StaffRefused, create_staff
from jknoffice.audit.actor import Actor
from jknoffice.audit.models import AuditLog
from tests import make
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db
NIK = "3171011705900001"


def run(**given: Any) -> dict[str, Any]:
    defaults = {"username": "rini", "full_name": "Rini Hapsari", "role": "auditor", "nik": NIK, "format": "json"}
    out = io.StringIO()
    call_command("create_staff", stdout=out, **(defaults | given))
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a passphrase from a pipe\n"))


@pytest.mark.parametrize("role", Role)
def test_an_account_for_every_role(role: Role) -> None:
    branch = make.branch() if rights_of(role).needs_branch else None
    said = run(role=role.value, branch=branch.code if branch else None)
    user = User.objects.get(username="rini")
    assert (user.role, user.branch, user.person_id) == (role, branch, person_id(NIK))
    assert user.check_password(said["password"])
    entry = AuditLog.objects.get(action="account.created").entry
    assert NIK not in entry
    assert "Rini" not in entry


def test_the_nik_is_kept_nowhere() -> None:
    run()
    assert NIK not in str(User.objects.values_list())


def test_a_password_from_a_pipe_is_not_printed() -> None:
    assert run(password_stdin=True)["password"] is None
    assert User.objects.get().check_password("a passphrase from a pipe")


def test_text_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_staff", username="rini", full_name="Rini", role="auditor", nik=NIK)
    assert "Password, shown only now: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"nik": "123"}, "16 digits"),
        ({"nik": "٣١٧١٠١١٧٠٥٩٠٠٠٠١"}, "16 digits"),
        ({"role": "operator"}, "branch"),
        ({"branch": "9999"}, "no branch 9999"),
        ({"username": "taken"}, "already exists"),
        ({"username": "not a name"}, "valid username"),
        ({"username": ""}, "User name: This field cannot be blank"),
        ({"full_name": ""}, "Full name: This field cannot be blank"),
        ({"full_name": "x" * 121}, "at most 120"),
        ({"full_name": "NUL \0"}, "without NUL"),
        ({"nik": "\udcff"}, "16 digits"),
        ({"full_name": "\udcff"}, "UTF-8"),
        ({"email": "nowhere"}, "valid email"),
        ({"password_stdin": True, "stdin": "short\n"}, "too short"),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make.staff(username="taken")
    if "stdin" in given:
        monkeypatch.setattr("sys.stdin", io.StringIO(given.pop("stdin")))
    with pytest.raises(CommandError, match=sentence) as refusal:
        run(**given)
    assert refusal.value.returncode == 2
    assert not User.objects.filter(username="rini").exists()


def test_a_password_that_is_no_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe a passphrase\n"), "utf-8"))
    with pytest.raises(CommandError, match="not UTF-8"):
        run(password_stdin=True)


@pytest.mark.django_db(transaction=True)
def test_of_two_accounts_with_one_name_at_once_one_is_refused() -> None:
    def hire() -> User:
        return create_staff(
            username="rini",
            full_name="Rini Hapsari",
            role=Role.AUDITOR,
            branch=None,
            nik=NIK,
            password="a made-up passphrase",
            by=Actor.system("test"),
        )

    answers = at_once(*[hire] * 4)
    assert sum(isinstance(answer, StaffRefused) for answer in answers) == 3
    assert AuditLog.objects.filter(action="account.created").count() == 1


def test_a_password_may_be_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "a passphrase that was typed")
    assert run()["password"] is None
