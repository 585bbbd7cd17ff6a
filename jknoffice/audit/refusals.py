"""Which entries tell of a refusal: the one rule, for the database and for Python."""

from django.db.models import Q

_ENDINGS = (".refused", "_refused")

REFUSED = Q(action__endswith=_ENDINGS[0]) | Q(action__endswith=_ENDINGS[1])


def is_refusal(action: str) -> bool:
    """Return whether an action code names a refused attempt, such as `request.approve_refused`."""
    return action.endswith(_ENDINGS)
