"""Who did it: the actor that every entry names."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of actors."""

    STAFF = "staff"
    PARTICIPANT = "participant"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A named doer, as text that stays true when the account is gone.

    `name` is a staff member's user name, or what the system part is called; never a participant's name.
    `person` is the keyed hash that joins the accounts of one staff member, empty for the others.
    `branch` is the branch code, empty where there is none.
    """

    kind: Kind
    name: str
    person: str = ""
    branch: str = ""

    @classmethod
    def system(cls, part: str) -> "Actor":
        """Return the actor for work that no person started, such as `system("worker")`."""
        return cls(kind=Kind.SYSTEM, name=part)

    @classmethod
    def participant(cls, channel: str) -> "Actor":
        """Return the actor for somebody at the participants' door, named by the channel only."""
        return cls(kind=Kind.PARTICIPANT, name=channel)
