"""What is deleted after a while because nobody needs it any more; photos and uploaded files have rules of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from jknoffice import clock
from jknoffice.accounts.models import Counter, PasskeyChallenge, WebSession
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from verification.models import AccountCode, ApiAnswer, OutboxMessage, PhoneCode, PrivateLink

BATCH = 5_000
"""Rows that one transaction deletes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Rows of `model` go once `moment`, one of its fields, is older than `kept`."""

    model: type[models.Model]
    moment: str
    kept: timedelta

    def over(self, at: datetime) -> models.QuerySet[Any]:
        """Return the rows whose time is over, the oldest first."""
        return self.rows().filter(**{f"{self.moment}__lt": at - self.kept}).order_by(self.moment)

    def rows(self) -> models.QuerySet[Any]:
        """Return all rows."""
        return models.QuerySet(self.model)


# A case is closed within 72 hours and undone within 30 days; complaints about a message come within a quarter. No
# window of a limit is longer than a day.
RULES: Mapping[str, Rule] = {
    "codes": Rule(model=PhoneCode, moment="sent_at", kept=timedelta(days=90)),
    "account_codes": Rule(model=AccountCode, moment="sent_at", kept=timedelta(days=90)),
    "messages": Rule(model=OutboxMessage, moment="created_at", kept=timedelta(days=90)),
    "links": Rule(model=PrivateLink, moment="expires_at", kept=timedelta(0)),
    "answers": Rule(model=ApiAnswer, moment="asked_at", kept=timedelta(days=1)),
    "counters": Rule(model=Counter, moment="window_start", kept=timedelta(days=2)),
    "challenges": Rule(model=PasskeyChallenge, moment="expires_at", kept=timedelta(days=1)),
    "sessions": Rule(model=WebSession, moment="expire_date", kept=timedelta(days=1)),
}


def sweep(*, at: datetime | None = None, dry_run: bool = False, rules: Mapping[str, Rule] = RULES) -> dict[str, int]:
    """Delete what is over by `rules`, batch by batch, each with its entry in the log; return how many rows by rule.

    With `dry_run` only count. To be called outside of a transaction; what is interrupted goes on the next time.
    """
    at = at or clock.now()
    return {name: rule.over(at).count() if dry_run else _delete(name, rule, at) for name, rule in rules.items()}


def _delete(name: str, rule: Rule, at: datetime) -> int:
    total = 0
    while gone := _delete_batch(name, rule, at):
        total += gone
    return total


@transaction.atomic
def _delete_batch(name: str, rule: Rule, at: datetime) -> int:
    keys = list(rule.over(at).values_list("pk", flat=True)[:BATCH])
    if keys:
        rule.rows().filter(pk__in=keys).delete()
        after: dict[str, str | int] = {"what": name, "deleted": len(keys), "older_than_days": rule.kept.days}
        record("retention.swept", by=Actor.system("worker"), after=after, at=at)
    return len(keys)
