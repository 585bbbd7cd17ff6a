"""Where the code writes: rows by the domain alone, the log by one function, states by steps."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from jknoffice.audit import log
from verification.models import PhoneChangeRequest

WRITING = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
# `update()` of rows; that of a dictionary is called on a name.
ROWS = re.compile(r"\.(objects|filter\(.*\)|exclude\(.*\))$", re.DOTALL)
SQL = re.compile(r"\b(INSERT INTO|DELETE FROM|TRUNCATE|COPY) ([a-z_]|$)|\bUPDATE \w+( AS \w+)? SET")
# Where rows are written: the domain, and what it stands on. Views, forms and pages are not among them.
WRITERS = """
verification/annotation/correcting.py verification/annotation/work.py
jknoffice/accounts/importing/branches.py jknoffice/accounts/limits.py jknoffice/accounts/login/factors.py
jknoffice/accounts/login/password.py jknoffice/accounts/login/recovery.py jknoffice/accounts/sessions/ending.py
jknoffice/accounts/sessions/store.py jknoffice/accounts/staff.py jknoffice/accounts/models/authenticator.py
jknoffice/accounts/login/again.py
jknoffice/accounts/login/replacing.py jknoffice/accounts/login/forgetting.py jknoffice/accounts/login/links.py
jknoffice/accounts/life/inviting.py jknoffice/accounts/life/letters.py jknoffice/accounts/life/moving.py
jknoffice/accounts/life/passwords.py jknoffice/accounts/life/proposals.py jknoffice/accounts/life/proposing.py
jknoffice/accounts/login/passkeys/challenges.py jknoffice/accounts/login/passkeys/keeping.py
jknoffice/accounts/login/passkeys/proving.py
jknoffice/audit/log.py jknoffice/audit/questions.py jknoffice/audit/sealing/keys.py jknoffice/audit/sealing/opening.py
jknoffice/audit/sealing/sealer.py jknoffice/audit/shredding.py jknoffice/audit/subjects.py
jknoffice/alarms/handling.py jknoffice/alarms/letters.py jknoffice/alarms/watching.py verification/glass.py
participants/importing/checking.py participants/importing/comparing.py participants/importing/filling.py
participants/importing/publishing.py participants/importing/run.py participants/importing/staging.py
participants/account/changing.py participants/account/creating.py participants/account/login.py
participants/registry.py participants/uploads/progress.py participants/uploads/receiving.py
participants/uploads/steps.py participants/uploads/work.py
verification/changes/intake.py verification/changes/notes.py verification/changes/objection.py
verification/changes/step.py verification/codes.py verification/deliveries.py verification/documents/vault.py
verification/documents/shredding.py verification/documents/wrapping.py verification/resealing.py
verification/outbox.py verification/self_service/answering.py verification/self_service/codes.py
verification/retention.py verification/summary.py verification/links.py verification/changes/not_me.py
verification/portal/saved.py
verification/likeness/matching.py verification/changes/dispute.py
verification/api/once.py verification/api/partners.py
""".split()
# What is called so there writes elsewhere than into our tables, or is a function of the domain.
NO_ROWS = """
jknoffice/audit/offline/audit_verify.py jknoffice/audit/views/questions.py participants/importing/cells.py
verification/documents/bucket.py verification/documents/drawing.py verification/documents/store.py
verification/documents/watermark.py
verification/portal/views/intake.py verification/portal/views/later.py
verification/self_service/account.py verification/management/commands/create_api_client.py
""".split()


def writes(node: ast.AST) -> bool:
    """Whether this piece of code may write rows: a method of rows, or a statement in SQL."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(SQL.search(node.value))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        method, on = node.func.attr, ast.unparse(node.func.value)
        return method in WRITING or (method == "update" and bool(ROWS.search(on)))
    return False


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("User.objects.filter(pk=1).update(role='admin')", True),
        ("User.objects.update(role='admin')", True),
        ("user.save()", True),
        ("cursor.execute('UPDATE accounts_user SET role = %s', ['admin'])", True),
        ("cursor.execute(f'COPY {table} FROM STDIN')", True),
        ("words.update({'a': 'b'})", False),
        ("mac.update(b'x')", False),
        ("cursor.execute('SELECT 1 FOR UPDATE')", False),
    ],
)
def test_what_writes_is_told_from_what_reads(code: str, expected: bool) -> None:
    assert any(writes(node) for node in ast.walk(ast.parse(code))) is expected


def test_only_the_domain_writes_rows() -> None:
    root = Path(settings.BASE_DIR)
    found = set()
    for app in ("jknoffice", "participants", "verification"):
        for path in (root / app).rglob("*.py"):
            name = str(path.relative_to(root))
            if "/migrations/" in name or "/demo/" in name:
                continue
            if any(writes(node) for node in ast.walk(ast.parse(path.read_text()))):
                found.add(name)
    assert found == {*WRITERS, *NO_ROWS}


def test_the_log_itself_is_written_by_one_function() -> None:
    assert log.record.__module__ == "jknoffice.audit.log"
    root = Path(settings.BASE_DIR)
    writers = {
        str(path.relative_to(root))
        for path in (root / "jknoffice").rglob("*.py")
        if "AuditLog.objects.create" in path.read_text() or "INSERT INTO audit_auditlog" in path.read_text()
    }
    assert writers == {"jknoffice/audit/log.py"}


def test_a_request_is_moved_by_steps_only() -> None:
    root = Path(settings.BASE_DIR) / "verification"
    moving = {str(path.relative_to(root)) for path in root.rglob("*.py") if ".status = " in path.read_text()}
    assert moving == {"changes/step.py"}
    assert PhoneChangeRequest._meta.get_field("status").editable is False
