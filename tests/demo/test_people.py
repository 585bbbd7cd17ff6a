"""Made-up people: enough alike to real ones, and never the same number twice."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.demo.people import BRANCHES, Person, families
from jknoffice.demo.people.names import is_famous
from jknoffice.demo.people.register_file import HEADER, spelt, write_csv
from participants import identifiers, phone
from participants.models.choices import Membership, Relation, Segment


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return list(families(seed=7, count=3000, branches=BRANCHES))


def test_the_same_seed_gives_the_same_people_and_more_only_adds(people: list[Person]) -> None:
    assert list(families(seed=7, count=200, branches=BRANCHES)) == people[:200]
    assert next(families(seed=8, count=1, branches=BRANCHES)) != people[0]


@pytest.mark.parametrize("number", ["nik", "card_number"])
def test_numbers_are_handed_out_once_and_are_well_formed(people: list[Person], number: str) -> None:
    numbers = [getattr(person, number) for person in people]
    assert len(set(numbers)) == 3000
    assert all(identifiers.parse(each) == each for each in numbers)


def test_a_nik_says_what_the_register_says(people: list[Person]) -> None:
    sexes = {"L": "M", "P": "F"}
    for person in people:
        assert identifiers.oddities(nik=person.nik, birth_date=person.birth_date, sex=sexes[person.sex]) == []


def test_every_code_is_one_of_the_register(people: list[Person]) -> None:
    assert {person.segment for person in people} <= set(Segment.values)
    assert {person.relation for person in people} <= set(Relation.values)
    assert {person.status for person in people} <= set(Membership.values)
    assert {person.branch_code for person in people} == {plan.code for plan in BRANCHES}


def test_families_share_a_home_and_mostly_a_number(people: list[Person]) -> None:
    by_family: dict[str, list[Person]] = {}
    for person in people:
        by_family.setdefault(person.kk_number, []).append(person)
    for family in by_family.values():
        assert len({person.address for person in family}) == 1
        assert Counter(person.relation for person in family)["SELF"] == 1
    assert any(len({p.phone for p in family if p.phone}) < len(family) for family in by_family.values())


def test_a_village_cadres_number_stands_for_many_families(people: list[Person]) -> None:
    most = Counter(person.phone for person in people if person.phone).most_common(1)[0][0]
    assert len({person.kk_number for person in people if person.phone == most}) > 3


def test_nobody_famous_is_made_up(people: list[Person]) -> None:
    assert not any(is_famous(person.name) for person in people)


@given(st.integers(0, 50), st.integers(0, 200))
def test_every_spelling_of_a_number_is_understood(place: int, number: int) -> None:
    person = list(families(seed=3, count=60, branches=BRANCHES))[place]
    written = spelt(person.phone, number)
    assert (phone.normalise(written) if written else "") == person.phone


def test_the_file_has_a_row_for_everybody(people: list[Person], tmp_path: Path) -> None:
    write_csv(people, tmp_path / "register.csv")
    with (tmp_path / "register.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == HEADER
    assert [row["nik"] for row in rows] == [person.nik for person in people]
