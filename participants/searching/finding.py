"""The queries of the search. Each is answered by one index, in the order of that index, and ends after one page."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Concat
from django.db.models.lookups import GreaterThan

from participants.models import Peserta
from participants.searching.asked import Kind, Name, Number

MOST = 25
ALIKE = 0.5
"""How much of the typed name's trigrams must stand together in a similar name (pg_trgm's `word_similarity`)."""

_SURE_LETTERS = 2
_LISTED = {Kind.KK: "kk_number", Kind.PHONE: "phone"}
_UNIQUE = {Kind.NIK: "nik", Kind.CARD: "card_number"}

Place = tuple[str, int]
"""Where a page ends: name (empty in lists of a number) and primary key of the last person on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Up to 25 people by primary key with what they were found by.

    `place` is where the next page begins; None on the last one. `about` estimates how many there are in all; None
    where it is not known better than by counting.
    """

    matches: tuple[tuple[int, Kind], ...]
    place: Place | None = None
    about: int | None = None


def by_number(numbers: Iterable[Number], *, after: Place | None = None) -> Page:
    """Return who has a number in one of its readings: first the one person of a NIK or card, then families and phones.

    Deep pages take as long as the first: the index ends in the primary key.
    """
    first = [(_UNIQUE[number.kind], number) for number in numbers if number.kind in _UNIQUE]
    alone = [
        (pk, number.kind)
        for column, number in first
        for pk in Peserta.objects.filter(**{column: number.value}).values_list("pk", flat=True)
    ]
    known = {pk for pk, _ in alone}
    for number in numbers:
        if number.kind in _LISTED:
            people = Peserta.objects.filter(**{_LISTED[number.kind]: number.value})
            return _listed(people, number.kind, alone=[] if after else alone, known=known, after=after)
    return Page(matches=tuple(alone))


def by_name(name: Name, *, branch: int | None, after: Place | None = None) -> Page:
    """Return who was born on the day of `name`, or belongs to a branch (primary key), and is called so; by name.

    With a day each word begins a word of the name, in any order; without one the first word begins the name.
    """
    people, kind = _among(name, branch)
    if not name.born:
        people = people.filter(name__startswith=_beginning(name))
    # A blank in front, so that the first word of a name is found like the others.
    people = people.alias(words=Concat(Value(" "), "name"))
    for word in name.words:
        people = people.filter(words__contains=f" {word}")
    if after:
        people = people.filter(GreaterThan(_row("name", "pk"), _row(*map(Value, after))))
    found = list(people.order_by("name", "pk").values_list("name", "pk")[: MOST + 1])
    more = len(found) > MOST
    return Page(
        matches=tuple((pk, kind) for _, pk in found[:MOST]),
        place=found[MOST - 1] if more else None,
        about=_estimate(people) if more and not after else None,
    )


def similar(name: Name, *, branch: int | None) -> Page:
    """Return the up to 25 most similar names among those born on the day, or in the branch, the most similar first.

    In a branch the first two letters must be right: a whole branch would take seconds to compare.
    """
    people, _ = _among(name, branch)
    if not name.born:
        people = people.filter(name__startswith=_beginning(name)[:_SURE_LETTERS])
    alike = people.annotate(alike=TrigramWordSimilarity(" ".join(name.words), "name")).filter(alike__gte=ALIKE)
    pks = alike.order_by("-alike", "name", "pk").values_list("pk", flat=True)[:MOST]
    return Page(matches=tuple((pk, Kind.SIMILAR) for pk in pks))


def _listed(
    people: models.QuerySet[Peserta],
    kind: Kind,
    *,
    alone: list[tuple[int, Kind]],
    known: set[int],
    after: Place | None,
) -> Page:
    room = MOST - len(alone)
    later = people.filter(pk__gt=after[1]) if after else people
    pks = list(later.order_by("pk").values_list("pk", flat=True)[: room + len(known) + 1])
    others = [pk for pk in pks if pk not in known]
    more = len(others) > room
    return Page(
        matches=(*alone, *((pk, kind) for pk in others[:room])),
        place=("", others[room - 1]) if more else None,
        about=_estimate(people) if more and not after else None,
    )


def _among(name: Name, branch: int | None) -> tuple[models.QuerySet[Peserta], Kind]:
    if name.born:
        return Peserta.objects.filter(birth_date=name.born), Kind.NAME
    return Peserta.objects.filter(branch=branch), Kind.BRANCH_NAME


def _beginning(name: Name) -> str:
    """Return what the name must begin with when there is no date: the first word, or two when that is an initial."""
    return name.words[0] if len(name.words[0]) > _SURE_LETTERS else " ".join(name.words[:2])


def _row(*columns: Any) -> Func:
    """Return a row value: comparing rows is what lets an index begin in the middle of equal names."""
    return Func(*columns, template="(%(expressions)s)", output_field=models.Field())


def _estimate(people: models.QuerySet[Peserta]) -> int | None:
    """Return how many rows the planner expects, in two digits; None when that is no more than a page."""
    rows: int = json.loads(people.order_by().values("pk").explain(format="json"))[0]["Plan"]["Plan Rows"]
    if rows <= MOST:
        return None
    scale = 10 ** (len(str(rows)) - 2)
    estimate: int = round(rows / scale) * scale
    return estimate
