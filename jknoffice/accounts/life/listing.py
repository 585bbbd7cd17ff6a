"""Staff, page by page: by user name, at the same speed on every page."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from jknoffice.accounts.life.states import CONDITIONS
from jknoffice.accounts.login import factors
from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role

SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed by; empty values narrow nothing. `text` is part of a user name or of a name."""

    text: str = ""
    role: Role | None = None
    branch: Branch | None = None
    state: State | None = None
    has_factor: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some staff, each with `has_factor`. `after` is the number to go on from, or None on the last page."""

    people: list[User]
    after: int | None


def page_of(wanted: Wanted, *, after: int | None = None, size: int = SIZE) -> Page:
    """Return `size` of the staff that is wanted, going on after the account with the number `after`.

    A number that nobody has starts at the beginning. Two queries, however many people there are.
    """
    found = _narrowed(wanted)
    last = User.objects.filter(pk=after).values_list("username", flat=True).first() if after else None
    if last is not None:
        found = found.filter(username__gt=last)
    rows = list(found.order_by("username")[: size + 1])
    return Page(people=rows[:size], after=rows[size - 1].pk if len(rows) > size else None)


def _narrowed(wanted: Wanted) -> QuerySet[User]:
    found = User.objects.exclude(role="").select_related("branch").annotate(has_factor=factors.owned())
    if wanted.text:
        found = found.filter(Q(username__icontains=wanted.text) | Q(full_name__icontains=wanted.text))
    if wanted.role:
        found = found.filter(role=wanted.role)
    if wanted.branch:
        found = found.filter(branch=wanted.branch)
    if wanted.state:
        found = found.filter(CONDITIONS[wanted.state])
    if wanted.has_factor is not None:
        found = found.filter(has_factor=wanted.has_factor)
    return found
