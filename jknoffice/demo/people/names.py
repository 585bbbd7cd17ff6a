"""Names of made-up people: common parts in plausible order, never a famous person's."""

from random import Random
from typing import Final

from jknoffice.demo.people.culture import CULTURES, YOUNG, Culture

_BIRTH_ORDER: Final = (("WAYAN", "PUTU", "GEDE"), ("MADE", "KADEK"), ("NYOMAN", "KOMANG"), ("KETUT",))

_FAMOUS: Final = frozenset(
    frozenset(pair.split())
    for pair in (
        "AGUS GUNAWAN, AHMAD SYARIF, BUDI SANTOSO, BUDI SETIAWAN, BUDI UTOMO, DEDI MULYANA, DEWI LESTARI, "
        "DJOKO SANTOSO, DJOKO SUSANTO, EKO NUGROHO, ENDANG RAHAYU, HENDRA SETIAWAN, IWAN GUNAWAN, MADE WIRAWAN, "
        "NABILA MAHARANI, NURUL ARIFIN, POLTAK SIAHAAN, RETNO LESTARI, RINI WULANDARI, SAUT SITUMORANG, "
        "TEGUH SANTOSO, TRI SUSANTI, TRI UTAMI, WILLIAM WONGSO, YUSUF KURNIAWAN"
    ).split(", ")
)
"""Pairs of parts that together would be somebody known: such a draw is thrown again."""


def is_famous(name: str) -> bool:
    """Whether the name holds a pair of parts that would be somebody known."""
    parts = set(name.split())
    return any(pair <= parts for pair in _FAMOUS)


def draw_surname(rng: Random, *, culture: str) -> str:
    """A surname in capitals, or "" where the culture has none (or, as with the Minang, often hides it)."""
    habits = CULTURES[culture]
    if not habits.surnames or (habits.line == "mother" and rng.random() < 0.6):
        return ""
    return rng.choice(habits.surnames).upper()


def draw_name(rng: Random, *, culture: str, sex: str, birth_year: int, surname: str = "", order: int = 0) -> str:
    """A full name in capitals, as the register and the KTP write it.

    culture: a key of CULTURES. sex: "L" or "P". surname: from `draw_surname`, may be "".
    order: 0 for a first child, 1 for the second, … (it shows in Balinese names).
    """
    habits = CULTURES[culture]
    while is_famous(name := _draw(rng, habits, sex, birth_year, surname, order)):
        pass
    return name


def _draw(rng: Random, habits: Culture, sex: str, birth_year: int, surname: str, order: int) -> str:
    young = birth_year >= 1995 and rng.random() < 0.5
    given = rng.choice((YOUNG if young else habits).given[sex])
    if habits.birth_order:
        titles = ["I" if sex == "L" else "NI", rng.choice(_BIRTH_ORDER[order % 4])]
        return " ".join([*titles, given]).upper()
    if surname:
        middle = [rng.choice(habits.given[sex])] if rng.random() < 0.3 else []
        return " ".join(dict.fromkeys([given, *middle, surname])).upper()
    single = habits.single * (2 if birth_year < 1970 else 1)
    if (not young and len(given) > 4 and rng.random() * 100 < single) or not habits.second[sex]:
        return given.upper()
    return f"{given} {rng.choice(habits.second[sex])}".upper()
