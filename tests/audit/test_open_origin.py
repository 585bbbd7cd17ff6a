"""`manage.py open_audit_origin`: every refusal."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog, AuditOrigin
from jknoffice.audit.sealing import sealer
from jknoffice.audit.verify import whole
from tests import make
from tests.accounts.typed import answers, run
from tests.audit.entries import tamper, write

pytestmark = pytest.mark.django_db(transaction=True)
OLD = "jkn-office.localhost/audit"


def opened(monkeypatch: pytest.MonkeyPatch, name: str = "new", role: Role = Role.ADMIN) -> tuple[int, str]:
    first, second = make.staff(Role.AUDITOR), make.staff(role)
    names = ("--first", first.username, "--second", second.username, "--name", name, "--why", "restored")
    typed = [*answers(first), *answers(second)]
    return run(monkeypatch, typed, "open_audit_origin", *names)[:2]


@pytest.fixture
def cut() -> None:
    """A log that has lost its last checkpoint, which the folder has seen."""
    for _round in range(2):
        write()
        sealer.seal()
    tamper("DELETE FROM audit_auditcheckpoint WHERE size = 2", [])
    tamper("DELETE FROM audit_auditleaf WHERE seq = 1", [])


def reason() -> str:
    return str(AuditLog.objects.get(action="audit.origin_refused").reason)


def test_a_log_that_has_lost_nothing_goes_on_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    sealer.seal()
    assert opened(monkeypatch) == (1, "No witness has seen more than the log holds. The present origin goes on.")
    assert (reason(), AuditOrigin.objects.count()) == ("origin_not_needed", 1)


def test_a_log_that_was_never_sealed_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened(monkeypatch)[0] == 1
    assert not AuditOrigin.objects.exists()


@pytest.mark.parametrize("name", [OLD, "", "two words", "a+b", "x" * 121, "line\nbreak"])
def test_a_name_must_be_new_and_fit_a_note(cut: None, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert opened(monkeypatch, name)[0] == 1
    assert (reason(), AuditOrigin.objects.count()) == ("origin_name", 1)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.DATA_ADMIN])
def test_who_works_with_the_data_opens_none(cut: None, monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    assert opened(monkeypatch, role=role) == (1, "Your role may not do this.")
    assert AuditOrigin.objects.count() == 1


def test_the_log_goes_on_under_the_new_name(cut: None, monkeypatch: pytest.MonkeyPatch) -> None:
    status, said = opened(monkeypatch)
    assert status == 0
    assert "Opened new." in said
    assert "new+" in said
    assert AuditLog.objects.filter(action="audit.origin_opened").count() == 1
    sealer.seal()
    assert sealer.seal_all().size == 3


def test_officers_need_not_have_the_sealing_key(cut: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.JKN_SEAL_KEY = "broken"
    status, said = opened(monkeypatch)
    assert status == 0
    assert "key.txt of the next export" in said


def test_a_checkpoint_that_the_back_up_caught_before_its_signature_is_no_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _round in range(2):
        write()
        sealer.seal(at=timezone.now() - timedelta(minutes=5))
    write()
    sealer.seal()
    tamper("DELETE FROM audit_auditcheckpoint WHERE size = 3", [])
    tamper("DELETE FROM audit_auditleaf WHERE seq = 2", [])
    tamper("UPDATE audit_auditcheckpoint SET note = NULL WHERE size = 2", [])
    assert opened(monkeypatch)[0] == 0
    sealer.seal()
    sealer.seal_all()
    assert whole.verify().problems == []


def test_an_origin_that_lost_all_of_its_tree_is_named_with_size_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    sealer.seal()
    tamper("DELETE FROM audit_auditcheckpoint", [])
    tamper("DELETE FROM audit_auditleaf", [])
    assert opened(monkeypatch)[0] == 0
    sealer.seal()
    sealer.seal_all()
    assert whole.verify().problems == []


def test_json_is_printed(cut: None, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make.staff(Role.AUDITOR), make.staff(Role.ADMIN)
    typed = [*answers(first), *answers(second)]
    names = ("--first", first.username, "--second", second.username, "--name", "new", "--why", "restored_damaged")
    status, said, _asked = run(monkeypatch, typed, "open_audit_origin", *names, "--format", "json")
    assert (status, json.loads(said)["origin"]) == (0, "new")
