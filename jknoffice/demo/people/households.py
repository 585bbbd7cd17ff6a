"""Who is in a made-up family: relations, sexes and ages that can be true."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from jknoffice.demo.people.person import AS_OF

CHILD_AT_HOME_UNTIL = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One place in a family. order: 0 for a first child, and so on. elder: a grandparent who lives with them."""

    relation: str
    sex: str
    birth_date: date
    marital_status: str
    order: int = 0


def draw_household(rng: Random, *, head_age: int) -> list[Member]:
    """A family around a head of that age (19 or more): partner, children, sometimes a grandparent.

    The head (SELF) comes first. Mothers were 20 to 40 at each birth, siblings are two to five years apart.
    """
    kind = rng.random()
    if head_age < 23 or kind < 0.14:
        return [_member(rng, "SELF", rng.choice("LP"), head_age, "BELUM KAWIN", order=rng.randrange(4))]
    if kind < 0.22:
        sex = rng.choice("LPP")
        apart = _member(rng, "SELF", sex, head_age, rng.choice(("CERAI HIDUP", "CERAI MATI")), order=rng.randrange(4))
        mother_age = head_age if sex == "P" else head_age - 3
        return [apart, *_children(rng, mother_age)]
    woman_leads = rng.random() < 0.08
    wife_age = max(21, head_age + (rng.randint(-2, 6) if woman_leads else rng.randint(-7, 1)))
    sexes = "PL" if woman_leads else "LP"
    family = [
        _member(rng, "SELF", sexes[0], head_age, "KAWIN", order=rng.randrange(4)),
        _member(rng, "HUSBAND" if woman_leads else "WIFE", sexes[1], wife_age, "KAWIN", order=rng.randrange(4)),
        *_children(rng, min(head_age, wife_age)),
    ]
    if len(family) > 2 and rng.random() < 0.12:
        elder_age = max(head_age, wife_age) + rng.randint(21, 30)
        family.append(_member(rng, "OTHER", rng.choice("LPP"), elder_age, "CERAI MATI", order=rng.randrange(4)))
    return family


def _children(rng: Random, mother_age: int) -> list[Member]:
    wanted = rng.choice((0, 1, 1, 2, 2, 2, 3, 3, 4))
    mother_then = rng.randint(20, 29)
    children: list[Member] = []
    for order in range(wanted):
        age = mother_age - mother_then
        if age < 0 or mother_then > 40:
            break
        # Older children have left home, yet count: the next one is not a first-born.
        if age <= CHILD_AT_HOME_UNTIL:
            children.append(_member(rng, "CHILD", rng.choice("LP"), age, "BELUM KAWIN", order=order))
        mother_then += rng.randint(2, 5)
    return children


def _member(rng: Random, relation: str, sex: str, age: int, marital_status: str, *, order: int) -> Member:
    # AS_OF is a 1 January: whoever was born after that day, age + 1 years before, is `age` years old.
    born = date(AS_OF.year - age - 1, 1, 1) + timedelta(days=rng.randint(1, 364))
    return Member(relation=relation, sex=sex, birth_date=born, marital_status=marital_status, order=order)
