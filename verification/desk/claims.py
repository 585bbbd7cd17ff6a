"""How long a claim lasts, for the page that warns before it lapses."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from jknoffice.accounts.models import User
from verification.models import PhoneChangeRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim of one's own: until when it lasts, and how many whole seconds that is from now, 0 when it is over."""

    until: datetime
    seconds: int


def claim_of(case: PhoneChangeRequest, *, by: User, at: datetime) -> Claim | None:
    """Return the claim of `by` on a case at a moment; None when they do not hold it."""
    if case.claimed_by_id != by.pk or case.claimed_at is None:
        return None
    until = case.claimed_at + settings.CLAIM_LIFETIME
    return Claim(until=until, seconds=max(0, int((until - at).total_seconds())))
