"""What somebody holds goes back at once when they are moved, suspended or leave.

Accounts know no cases: who hands out something to hold registers here what takes it back.
"""

from datetime import datetime
from typing import Protocol

from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor


class TakeBack(Protocol):
    """Takes everything back that `user` holds, recorded as done by `by`, and returns how many pieces it were.

    Called inside the transaction of the step, with the row of `user` locked.
    """

    def __call__(self, *, user: User, by: Actor, at: datetime) -> int:
        """Do so."""


_holders: list[TakeBack] = []


def register(take_back: TakeBack) -> None:
    """Let every step that ends somebody's work call `take_back`."""
    _holders.append(take_back)


def hand_back(*, user: User, by: Actor, at: datetime) -> int:
    """Take everything back that `user` holds, and return how many pieces. Inside the transaction of the step."""
    return sum(take_back(user=user, by=by, at=at) for take_back in _holders)
