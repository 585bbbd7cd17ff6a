"""Every step of the domain leaves its entry, or nothing at all.

A new step in `verification.changes` needs a line in `STEPS`, a new function that writes elsewhere one in `OTHERS`;
the tests of completeness name what lacks one.
"""

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from jknoffice.accounts.login import factors, password
from jknoffice.accounts.roles import Role
from jknoffice.accounts.staff import create_staff
from jknoffice.audit import log, shredding
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from participants import kin, person, registry
from participants.searching import search
from tests import cases, make
from verification import changes
from verification.documents import viewing
from verification.models import PhoneChangeRequest
from verification.models.choices import DocumentKind, Fault, RejectReason
from verification.states import EVENTS, Status, Verb

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timezone.now()
LATER = NOW + timedelta(days=30)
BY = Actor.system("test")


def held(status: Status = Status.QUEUED, role: Role = Role.OPERATOR, **given: Any) -> dict[str, Any]:
    """A case that somebody holds, and who."""
    request = cases.in_state(status, **given)
    by = cases.reviewer(request, role)
    changes.claim(request=request, by=by)
    return {"request": request, "by": by}


def seen(status: Status, role: Role = Role.OPERATOR) -> dict[str, Any]:
    """A case, and somebody who may work on it."""
    request = cases.in_state(status)
    return {"request": request, "by": cases.reviewer(request, role)}


def only(status: Status) -> dict[str, Any]:
    return {"request": cases.in_state(status)}


def asked_back() -> dict[str, Any]:
    given = seen(Status.APPLIED, Role.SUPERVISOR)
    changes.ask_reversal(request=given["request"], by=cases.reviewer(given["request"]))
    return given


def to_assign() -> dict[str, Any]:
    given = held()
    supervisor = cases.reviewer(given["request"], Role.SUPERVISOR)
    return {"requests": [given["request"]], "by": supervisor}


def to_confirm() -> dict[str, Any]:
    request = cases.submitted()
    return {"request": request, "typed": cases.code_of(request)}


def lying(status: Status) -> dict[str, Any]:
    if status is Status.IN_REVIEW:
        held()
    else:
        cases.in_state(status)
    return {"at": LATER}


# By the name of the step: what it is given, and the action of its entry.
STEPS: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "apply_due": (lambda: lying(Status.ON_HOLD), EVENTS[Verb.APPLY]),
    "approve": (lambda: held() | {"compared": True}, EVENTS[Verb.APPROVE]),
    "ask": (lambda: held() | {"document": DocumentKind.KTP, "fault": Fault.BLURRED}, EVENTS[Verb.ASK]),
    "ask_reversal": (lambda: seen(Status.APPLIED), "request.reversal_asked"),
    "assign": (to_assign, EVENTS[Verb.RELEASE]),
    "cancel": (lambda: only(Status.QUEUED), EVENTS[Verb.CANCEL]),
    "claim": (lambda: seen(Status.QUEUED), EVENTS[Verb.CLAIM]),
    "confirm": (to_confirm, EVENTS[Verb.CONFIRM]),
    "endorse": (lambda: held(Status.SECOND_REVIEW, Role.SUPERVISOR) | {"compared": True}, EVENTS[Verb.ENDORSE]),
    "escalate": (lambda: held() | {"note": "?"}, EVENTS[Verb.ESCALATE]),
    "expire_due": (lambda: lying(Status.AWAITING_CODE), EVENTS[Verb.EXPIRE]),
    "freeze": (lambda: only(Status.ON_HOLD), EVENTS[Verb.FREEZE]),
    "reject": (lambda: held() | {"reason": RejectReason.DATA_DIFFERS}, EVENTS[Verb.REJECT]),
    "release": (held, EVENTS[Verb.RELEASE]),
    "release_stale": (lambda: lying(Status.IN_REVIEW), EVENTS[Verb.RELEASE]),
    "resend": (
        lambda: only(Status.NEEDS_INFO) | {"pictures": {DocumentKind.KTP: cases.picture()}},
        EVENTS[Verb.RESEND],
    ),
    "reverse": (asked_back, EVENTS[Verb.REVERSE]),
    "send_back": (lambda: held(Status.SECOND_REVIEW, Role.SUPERVISOR), EVENTS[Verb.SEND_BACK]),
    "snooze": (lambda: held() | {"until": timezone.now() + timedelta(hours=1)}, EVENTS[Verb.SNOOZE]),
    "submit": (lambda: {"intake": cases.intake(make.peserta())}, EVENTS[Verb.SUBMIT]),
    "take_next": (lambda: {"by": seen(Status.QUEUED)["by"]}, EVENTS[Verb.CLAIM]),
    "unfreeze": (lambda: seen(Status.FROZEN, Role.SUPERVISOR), EVENTS[Verb.UNFREEZE]),
    "write_note": (lambda: seen(Status.QUEUED) | {"note": "?"}, "request.noted"),
}
SILENT = {
    "Intake": "a form",
    "send_code": "the message that it sends leaves its entry when it goes out",
}


def test_every_step_stands_here() -> None:
    assert set(STEPS) | set(SILENT) == set(changes.__all__)


def new_actions(since: int) -> list[str]:
    return list(AuditLog.objects.filter(pk__gt=since).order_by("pk").values_list("action", flat=True))


def newest() -> int:
    return AuditLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.mark.parametrize("name", STEPS)
def test_a_step_leaves_its_entry(name: str) -> None:
    prepare, action = STEPS[name]
    given, since = prepare(), newest()
    getattr(changes, name)(**given)
    assert action in new_actions(since)


def digest() -> str:
    """Of all that steps write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg(r::text, '' ORDER BY r.id)) || (SELECT md5(string_agg(p::text, '' ORDER BY p.id))"
            " FROM participants_peserta AS p) || (SELECT count(*) FROM verification_document) ||"
            " (SELECT count(*) FROM verification_casenote) || (SELECT count(*) FROM verification_outboxmessage)"
            " FROM verification_phonechangerequest AS r"
        )
        return str(cursor.fetchone())


@pytest.mark.parametrize("name", sorted(STEPS.keys() - {"apply_due", "expire_due", "release_stale"}))
def test_a_step_whose_entry_cannot_be_written_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given, before = STEPS[name][0](), digest()

    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError("no log")

    for module in ("verification.changes.step", "verification.changes.intake", "participants.registry"):
        monkeypatch.setattr(f"{module}.record", fail)
    with pytest.raises(OSError, match="no log"):
        getattr(changes, name)(**given)
    assert digest() == before


def staff_with(role: Role = Role.OPERATOR) -> dict[str, Any]:
    return {"by": make.staff(role)}


def wrong_password() -> None:
    user = make.staff()
    with pytest.raises(password.LoginRefused):
        password.check(username=user.username, password="wrong", address="203.0.113.7", at=NOW)


def wrong_code() -> None:
    user = make.staff()
    make.authenticator(user)
    with pytest.raises(factors.WrongCode):
        factors.verify(user=user, typed="000000", at=NOW)


def seen_photo() -> None:
    given = held()
    viewing.view(document_id=given["request"].documents.earliest("pk").pk, by=given["by"])


def shred() -> None:
    request = cases.submitted()
    assert request.peserta
    shredding.shred(subject=request.peserta.uuid, why=shredding.Why.RETENTION, by=BY, second=BY)


# What else writes or reads personal data, by its name: a call of it, and the action of its entry.
OTHERS: dict[str, tuple[Callable[[], object], str]] = {
    "registry.set_phone": (
        lambda: registry.set_phone(
            peserta_id=make.peserta().pk, phone="+6281200009999", by=BY, cause=Thing("test.cause", "1"), at=NOW
        ),
        "peserta.phone_changed",
    ),
    "search.find": (lambda: search.find(text=make.peserta().nik, **staff_with()), "peserta.searched"),
    "kin.sharing": (
        lambda: kin.sharing(peserta=make.peserta(), tie=kin.Tie.FAMILY, after=0, **staff_with()),
        "peserta.family_viewed",
    ),
    "person.record_view": (
        lambda: person.record_view(peserta=make.peserta(), relatives=[], **staff_with()),
        "peserta.viewed",
    ),
    "viewing.view": (seen_photo, "document.viewed"),
    "staff.create_staff": (
        lambda: create_staff(
            username="siti",
            full_name="Siti",
            role=Role.AUDITOR,
            branch=None,
            nik=make.nik(),
            password="a long enough one 1",
            by=BY,
        ),
        "account.created",
    ),
    "password.check": (wrong_password, "account.login_refused"),
    "password.change": (
        lambda: password.change(user=make.staff(), new="another long one 2"),
        "account.password_changed",
    ),
    "factors.verify": (wrong_code, "account.login_refused"),
    "shredding.shred": (shred, shredding.SHREDDED),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_else_writes_or_reads_leaves_its_entry(name: str) -> None:
    call, action = OTHERS[name]
    since = newest()
    call()
    assert action in new_actions(since)


WRITING = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
# Where rows are written: the domain, and what it stands on. Views, forms and pages are not among them.
WRITERS = """
jknoffice/accounts/importing/branches.py jknoffice/accounts/login/factors.py jknoffice/accounts/login/password.py
jknoffice/accounts/login/recovery.py jknoffice/accounts/staff.py jknoffice/audit/log.py jknoffice/audit/questions.py
jknoffice/audit/sealing/keys.py jknoffice/audit/sealing/opening.py jknoffice/audit/sealing/sealer.py
participants/importing/run.py participants/registry.py
verification/changes/intake.py verification/changes/notes.py verification/changes/objection.py
verification/changes/step.py verification/changes/work.py verification/codes.py verification/documents/vault.py
verification/outbox.py
""".split()
# What is called so there writes elsewhere than into a table, or is a function of the domain.
NO_ROWS = """
jknoffice/audit/views/questions.py verification/documents/pictures.py verification/portal/pending.py
verification/portal/views/intake.py
""".split()


def test_only_the_domain_writes_rows() -> None:
    root = Path(settings.BASE_DIR)
    found = set()
    for app in ("jknoffice", "participants", "verification"):
        for path in (root / app).rglob("*.py"):
            name = str(path.relative_to(root))
            if "/migrations/" in name or "/demo/" in name:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
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
