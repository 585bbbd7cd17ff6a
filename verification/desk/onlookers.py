"""Who else had a case open a moment ago, from the looks that the log keeps of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jknoffice.accounts.models import User
from jknoffice.audit.trail import Step

LATELY = timedelta(minutes=10)
VIEWED = "request.viewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """A colleague, by full name, and when they opened the case last."""

    name: str
    at: datetime


def onlookers(looks: Iterable[Step], *, apart_from: User, at: datetime) -> list[Onlooker]:
    """Return the other people who opened a case within `LATELY`, the last one first.

    `looks` are steps in the history of the case, newest first; two accounts of one person count as one.
    """
    newest: dict[str, Step] = {}
    for look in looks:
        if look.entry.action == VIEWED and look.at > at - LATELY and look.entry.person != apart_from.person_id:
            newest.setdefault(look.entry.person, look)
    if not newest:
        return []
    actors = [look.entry.actor for look in newest.values()]
    names = dict(User.objects.filter(username__in=actors).values_list("username", "full_name"))
    return [Onlooker(name=names.get(look.entry.actor) or look.who, at=look.at) for look in newest.values()]
