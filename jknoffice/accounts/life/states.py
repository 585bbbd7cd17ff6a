"""Where accounts stand, as conditions of a query. `User.state` says the same of one account; a test compares them."""

from django.db.models import Q

from jknoffice.accounts.models.user import State

_INVITED = Q(needs_link=True, last_login=None)
_HERE = Q(suspended_at=None, left_at=None)

CONDITIONS: dict[State, Q] = {
    State.WAITING: _HERE & Q(is_active=False),
    State.INVITED: Q(is_active=True) & _INVITED,
    State.ACTIVE: Q(is_active=True) & ~_INVITED,
    State.SUSPENDED: Q(suspended_at__isnull=False),
    State.LEFT: Q(left_at__isnull=False),
}
