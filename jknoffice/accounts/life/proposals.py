"""What waits for a second staff administrator: how it is opened and closed, inside the step that does it."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import Branch, Proposal, User
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal

LIFETIME = timedelta(hours=24)
ASKED, WITHDRAWN = "account.proposal_asked", "account.proposal_withdrawn"


class AlreadyAsked(Refusal):
    """Something about this account waits for a second administrator."""

    code = "already_asked"
    sentence = _("Something about this account waits for a second administrator. Confirm or withdraw it first.")


def open_one(
    *, kind: Proposal.Kind, row: User, why: str, by: User, at: datetime, branch: Branch | None = None
) -> Proposal:
    """Open a proposal about a locked account, and record it. Raises `AlreadyAsked`."""
    for earlier in _open(row):
        if earlier.expires_at >= at:
            raise AlreadyAsked
        close(earlier, row, by=by, at=at)
    made = Proposal.objects.create(
        kind=kind, user=row, branch=branch, why=why, asked_by=by, asked_at=at, expires_at=at + LIFETIME
    )
    record(ASKED, by=by.as_actor(), about=Thing.of(row), after={"kind": kind.value}, reason=why, at=at)
    return made


def close_all(row: User, *, by: User, at: datetime) -> None:
    """Withdraw what waits about a locked account, for its state has changed."""
    for asked in _open(row):
        close(asked, row, by=by, at=at)


def close(asked: Proposal, row: User, *, by: User, at: datetime) -> None:
    """Withdraw one that is open, about a locked account, and record it."""
    asked.withdrawn_by, asked.withdrawn_at = by, at
    asked.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record(WITHDRAWN, by=by.as_actor(), about=Thing.of(row), after={"kind": asked.kind}, at=at)


def waiting(at: datetime) -> QuerySet[Proposal]:
    """Return what can still be confirmed at this moment."""
    return _all_open().filter(expires_at__gte=at)


def _open(row: User) -> list[Proposal]:
    return list(_all_open().select_for_update().filter(user=row))


def _all_open() -> QuerySet[Proposal]:
    return Proposal.objects.filter(confirmed_at=None, withdrawn_at=None)
