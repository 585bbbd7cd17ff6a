"""Histories written by hand: entries of the log at any moment."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import transaction

from jknoffice.accounts.models import User
from jknoffice.alarms.models import Alarm, Rule
from jknoffice.audit.log import Thing, record
from jknoffice.audit.models import AuditHalt

SATURDAY = datetime.fromisoformat("2026-11-21T12:00:00+07:00")
"""No office is open, so that every rule can be met."""

_cases = count(1)


@transaction.atomic
def write(action: str, *, by: User, at: datetime, **given: Any) -> None:
    record(action, by=by.as_actor(), at=at, **given)


def case() -> Thing:
    return Thing("verification.phonechangerequest", str(next(_cases)))


def refused(by: User, at: datetime) -> None:
    write("request.refused", by=by, at=at, reason="no_permission")


def read(by: User, at: datetime, **given: Any) -> None:
    write("peserta.viewed", by=by, at=at, **({"subject": uuid4()} | given))


def revealed(by: User, at: datetime) -> None:
    write("peserta.revealed", by=by, at=at)


def approved(by: User, at: datetime) -> None:
    write("request.approved", by=by, at=at, about=case())


def paired(maker: User) -> Callable[[User, datetime], None]:
    """Approvals of what `maker` entered, or of what they approved first."""
    turns = count()

    def write_both(by: User, at: datetime) -> None:
        about, second = case(), next(turns) % 2
        write(
            "request.approved" if second else "request.submitted", by=maker, at=at - timedelta(minutes=1), about=about
        )
        write("request.endorsed" if second else "request.approved", by=by, at=at, about=about)

    return write_both


def glass_broken(by: User, at: datetime) -> None:
    branch = by.branch.code if by.branch else ""
    write("request.glass_broken", by=by, at=at, about=case(), after={"branch": branch})


def passkey_copied(by: User, at: datetime) -> None:
    write("account.passkey_copied", by=by, at=at, after={"passkey": next(_cases)})


def halted(by: User, at: datetime) -> None:
    AuditHalt.objects.create(reason="the root differs", halted_at=at)


HISTORIES: Mapping[Rule, Callable[[User, datetime], None]] = {
    Rule.REFUSALS: refused,
    Rule.READS: read,
    Rule.NIGHT: lambda by, at: write("request.noted", by=by, at=at, subject=uuid4()),
    Rule.REVEALS: revealed,
    Rule.APPROVALS: approved,
    Rule.GLASS: glass_broken,
    Rule.COPIED: passkey_copied,
    Rule.HALT: halted,
}
"""What writes one thing that counts for a rule; a pair needs two people."""


def raised(rule: Rule) -> list[Alarm]:
    return list(Alarm.objects.filter(rule=rule).order_by("pk"))
