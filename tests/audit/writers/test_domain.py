"""Every step of the domain leaves its entries, these and no others, or nothing at all.

A new step in `verification.changes` needs a line in `STEPS`; `test_every_step_stands_here` names what lacks one. What
else writes or reads stands in `test_others`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit.actor import Actor
from tests import cases, make
from tests.audit.writers.watching import actions_after, newest
from tests.verification.said import secret_of
from verification import changes
from verification.models.choices import DocumentKind, Fault, Finding, RejectReason
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


def disputed() -> dict[str, Any]:
    given = seen(Status.APPLIED, Role.SUPERVISOR)
    changes.not_me(secret=secret_of(given["request"]))
    return given | {"finding": Finding.SEEN_IN_PERSON, "note": "?"}


def to_assign() -> dict[str, Any]:
    given = held()
    supervisor = cases.reviewer(given["request"], Role.SUPERVISOR)
    return {"requests": [given["request"]], "by": supervisor}


def to_confirm() -> dict[str, Any]:
    request = cases.submitted()
    return {"request": request, "typed": cases.code_of(request)}


def to_prove() -> dict[str, Any]:
    request = cases.queued(at=NOW - settings.CODE_PAUSE)
    changes.send_proof(request=request)
    return {"request": request, "typed": cases.code_of(request)}


def lying(status: Status) -> dict[str, Any]:
    if status is Status.IN_REVIEW:
        held()
    else:
        cases.in_state(status)
        cases.told()
    return {"at": LATER}


def to_send_again() -> dict[str, Any]:
    return {"request": cases.submitted(at=NOW - settings.CODE_PAUSE)}


# By the name of the step: what it is given, and the actions of its entries.
STEPS: dict[str, tuple[Callable[[], dict[str, Any]], list[str]]] = {
    "apply_due": (lambda: lying(Status.ON_HOLD), [EVENTS[Verb.APPLY], "peserta.phone_changed"]),
    "approve": (lambda: held() | {"compared": True}, [EVENTS[Verb.APPROVE]]),
    "ask": (lambda: held() | {"document": DocumentKind.KTP, "fault": Fault.BLURRED}, [EVENTS[Verb.ASK]]),
    "ask_reversal": (lambda: seen(Status.APPLIED), ["request.reversal_asked"]),
    "assign": (to_assign, [EVENTS[Verb.RELEASE]]),
    "cancel": (lambda: only(Status.QUEUED), [EVENTS[Verb.CANCEL]]),
    "claim": (lambda: seen(Status.QUEUED), [EVENTS[Verb.CLAIM]]),
    "close_dispute": (disputed, ["request.dispute_closed"]),
    "confirm": (to_confirm, [EVENTS[Verb.CONFIRM]]),
    "endorse": (lambda: held(Status.SECOND_REVIEW, Role.SUPERVISOR) | {"compared": True}, [EVENTS[Verb.ENDORSE]]),
    "escalate": (lambda: held() | {"note": "?"}, [EVENTS[Verb.ESCALATE]]),
    "expire_due": (lambda: lying(Status.AWAITING_CODE), [EVENTS[Verb.EXPIRE]]),
    "freeze": (lambda: only(Status.ON_HOLD), [EVENTS[Verb.FREEZE]]),
    "keep_claim": (held, ["request.claim_kept"]),
    "not_me": (lambda: {"secret": secret_of(cases.in_state(Status.ON_HOLD))}, [EVENTS[Verb.FREEZE]]),
    "prove": (to_prove, ["request.proved"]),
    "reject": (lambda: held() | {"reason": RejectReason.DATA_DIFFERS}, [EVENTS[Verb.REJECT]]),
    "release": (held, [EVENTS[Verb.RELEASE]]),
    "release_held": (lambda: {"user": held()["by"], "by": BY}, [EVENTS[Verb.RELEASE]]),
    "release_stale": (lambda: lying(Status.IN_REVIEW), [EVENTS[Verb.RELEASE]]),
    "resend": (
        lambda: only(Status.NEEDS_INFO) | {"pictures": {DocumentKind.KTP: cases.picture()}},
        [EVENTS[Verb.RESEND]],
    ),
    "reverse": (asked_back, [EVENTS[Verb.REVERSE], "peserta.phone_changed"]),
    "send_code": (to_send_again, ["message.expired", "request.code_asked"]),
    "send_back": (lambda: held(Status.SECOND_REVIEW, Role.SUPERVISOR), [EVENTS[Verb.SEND_BACK]]),
    "send_proof": (
        lambda: {"request": cases.queued(at=NOW - settings.CODE_PAUSE)},
        ["message.expired", "request.code_asked"],
    ),
    "snooze": (lambda: held() | {"until": timezone.now() + timedelta(hours=1)}, [EVENTS[Verb.SNOOZE]]),
    "submit": (lambda: {"intake": cases.intake(make.peserta())}, [EVENTS[Verb.SUBMIT]]),
    "take_next": (lambda: {"by": seen(Status.QUEUED)["by"]}, [EVENTS[Verb.CLAIM]]),
    "unfreeze": (lambda: seen(Status.FROZEN, Role.SUPERVISOR), [EVENTS[Verb.UNFREEZE]]),
    "write_note": (lambda: seen(Status.QUEUED) | {"note": "?"}, ["request.noted"]),
}


def test_every_step_stands_here() -> None:
    assert set(STEPS) | {"Intake"} == set(changes.__all__)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_leaves_its_entries(name: str) -> None:
    prepare, actions = STEPS[name]
    given, since = prepare(), newest()
    getattr(changes, name)(**given)
    assert actions_after(since) == actions


@pytest.mark.parametrize("name", STEPS)
def test_a_step_whose_entry_cannot_be_written_changes_nothing(name: str, without_log: Any) -> None:
    given = STEPS[name][0]()
    without_log(lambda: getattr(changes, name)(**given))
