"""Made-up registers of any size: a pool of drawn families, used again with other numbers and names in each round."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from jknoffice.demo.people import BRANCHES, Person, families

POOL = 20_000
MOST = POOL * 9_999
"""More people would need NIKs with a serial number of five digits."""

# Steps without a common factor with the modulus: each walk meets every number once.
_CARD_STEP, _CARDS = 6_180_339_887, 10**10
_PHONE_STEP, _PHONES = 61_803_399, 10**8
_CHANCES = 1009
_FACILITIES = ("PUSKESMAS MELATI", "KLINIK BUNDA KASIH", "KLINIK MEDIKA PERMAI", "PUSKESMAS SUKAMAJU")
_CADRES = 40


class Row(NamedTuple):
    """One participant as text; `phone` is the part after +62, or empty."""

    nik: str
    card_number: str
    kk_number: str
    name: str
    birth_place: str
    birth_date: str
    sex: str
    phone: str
    email: str
    segment: str
    care_class: str
    relation: str
    status: str
    facility: str
    branch: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What all people who are made from one drawn person share."""

    nik: str  # without the serial number
    kk: str
    first: str
    last: str
    birth_place: str
    birth_date: str
    sex: str
    phone: str  # "" none, "family", "own" or "cadre"
    mobile: str  # the network
    email: str
    segment: str
    care_class: str
    relation: str
    status: str
    facility: str
    branch: str


def people(count: int, *, seed: int = 1, changed: float = 0.0) -> Iterator[Row]:
    """Yield `count` participants, family after family; the same seed and count always give the same.

    `changed` is the part of them (0 to 1) that differ from those of `changed=0` in one value: number, facility, class
    or status. Raises ValueError for more than `MOST`.
    """
    if count > MOST:
        raise ValueError(f"At most {MOST:,} people.")
    rng = Random(seed)
    pool, middles = _pool(seed)
    card = rng.randrange(_CARDS)
    family, last_kk, number = 0, "", 0
    # A person changes when their place on a walk through all residues is among the first ones.
    changing = round(changed * _CHANCES)
    while number < count:
        turn = number // len(pool)
        serial = f"{turn + 1:04}"
        for place, drawn in enumerate(pool[: count - number]):
            if drawn.kk != last_kk:
                family, last_kk = family + 1, drawn.kk
            card = (card + _CARD_STEP) % _CARDS
            chance = (number * 701 + turn) % _CHANCES
            row = _row(drawn, serial, turn, card, family, number, middles[(place + turn * 7) % len(middles)])
            yield _changed(row, chance) if chance < changing else row
            number += 1


def _row(drawn: _Drawn, serial: str, turn: int, card: int, family: int, number: int, middle: str) -> Row:
    if drawn.phone == "own":
        phone = f"{drawn.mobile}{number * _PHONE_STEP % _PHONES:08}"
    elif drawn.phone == "family":
        phone = f"85{family * _PHONE_STEP % _PHONES:08}"
    elif drawn.phone:
        phone = f"81{family % _CADRES:08}"
    else:
        phone = ""
    name = f"{drawn.first} {middle} {drawn.last}" if (turn + number) % 3 else f"{drawn.first} {drawn.last}"
    return Row(
        drawn.nik + serial,
        f"000{card:010}",
        drawn.kk + serial,
        name.rstrip(),
        drawn.birth_place,
        drawn.birth_date,
        drawn.sex,
        phone,
        drawn.email and f"{turn}.{drawn.email}",
        drawn.segment,
        drawn.care_class,
        drawn.relation,
        drawn.status,
        drawn.facility,
        drawn.branch,
    )


def _changed(row: Row, chance: int) -> Row:
    kind = chance % 5
    if kind < 2:
        return row._replace(phone=f"87{row.card_number[-8:]}")
    if kind == 2:
        # The clinics of the pool carry the name of their district, these do not.
        return row._replace(facility=_FACILITIES[chance % len(_FACILITIES)])
    if kind == 3:
        return row._replace(care_class=str(int(row.care_class) % 3 + 1))
    return row._replace(status="ACTIVE" if row.status == "SUSPENDED" else "SUSPENDED")


def _pool(seed: int) -> tuple[list[_Drawn], list[str]]:
    """Draw the pool, and the names that may stand between first and last."""
    pool: list[_Drawn] = []
    stems: set[str] = set()
    middles: dict[str, None] = {}
    for person in families(seed=seed, count=POOL + 1000, branches=BRANCHES):
        stem = person.nik[:12]
        if stem in stems:
            continue  # two people would get one NIK
        stems.add(stem)
        drawn = _drawn(person)
        middles[drawn.first] = None
        pool.append(drawn)
    return pool[:POOL], sorted(middles)


def _drawn(person: Person) -> _Drawn:
    first, _, last = person.name.partition(" ")
    national = person.phone.removeprefix("+62")
    turn = int(person.nik[10:12]) + int(person.card_number[-2:])
    own = person.relation != "CHILD" and turn % 3 == 0
    kind = "own" if own else "cadre" if turn % 17 == 0 else "family"
    return _Drawn(
        nik=person.nik[:12],
        kk=person.kk_number[:12],
        first=first,
        last=last,
        birth_place=person.birth_place,
        birth_date=person.birth_date.isoformat(),
        sex=person.sex,
        phone=kind if national else "",
        mobile=national[:3],
        email=person.email,
        segment=person.segment,
        care_class=str(person.care_class),
        relation=person.relation,
        status=person.status,
        facility=person.facility,
        branch=person.branch_code,
    )
