"""Photos by tier, each with what is true of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from random import Random

from PIL import Image

from jknoffice.demo.people import BRANCHES, Person, families
from tests.cards import scene
from tests.cards.jkn import draw_jkn
from tests.cards.ktp import draw_ktp
from tests.cards.others import draw_other
from tests.cards.scene import Pixels
from tests.cards.screens import on_screen
from verification.reading.result import DocType, Fault, FieldName

_ADULT = 17
Alter = Callable[[Image.Image], Image.Image]
_SEXES = {"L": "M", "P": "F"}


class Tier(StrEnum):
    """How hard a photo is to read."""

    CAREFUL = "careful"
    HARD = "hard"
    SEVERE = "severe"
    OTHER = "other"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Truth:
    """What the photo shows: `values` as `verification.reading` writes them, `faults` as far as they were put in."""

    doc_type: DocType
    values: Mapping[FieldName, str]
    tier: Tier
    faults: frozenset[Fault]


@dataclass(frozen=True, slots=True)
class Photo:
    """The bytes of a JPEG, and the truth."""

    jpeg: bytes
    truth: Truth


def photo(
    *, seed: int, number: int, tier: Tier, doc_type: DocType | None = None, altered: Alter | None = None
) -> Photo:
    """Return one photo. Even numbers show a KTP and odd ones a JKN card, unless `doc_type` says which.

    `altered` changes the flat card before it is photographed: place, light and noise stay, as if somebody had edited
    the photo well. The truth does not know of it.
    """
    rng = Random(f"{seed}/{number}/{tier}")
    person = _person(seed, number)
    if tier is Tier.OTHER:
        flat, doc_type = draw_other(person, rng), DocType.OTHER
    else:
        doc_type = doc_type or (DocType.KTP, DocType.CARD)[number % 2]
        flat = (draw_ktp if doc_type is DocType.KTP else draw_jkn)(person, rng)
    flat = altered(flat) if altered else flat
    if tier in {Tier.CAREFUL, Tier.OTHER, Tier.SCREEN}:
        pixels = scene.laid(flat, rng, share=rng.uniform(0.6, 0.9), slant=0.025, turn=rng.uniform(-6, 6))
        pixels, faults = _plain(pixels, rng), frozenset[Fault]()
        quality = rng.randint(70, 90)
        if tier is Tier.SCREEN:
            pixels = scene.noisy(on_screen(pixels, rng), rng, level=rng.uniform(1, 4))
            faults, quality = frozenset({Fault.SCREEN}), rng.randint(60, 88)
    else:
        turn = rng.choice((0, 0, 0, 90, 180, 270)) + rng.uniform(-12, 12)
        pixels = scene.laid(flat, rng, share=rng.uniform(0.55, 0.85), slant=0.06, turn=turn)
        table = _HARD if tier is Tier.HARD else _SEVERE
        pixels, faults = _spoilt(pixels, rng, table, 2 if tier is Tier.HARD else 1)
        quality = rng.randint(42, 75)
    return Photo(scene.jpeg(pixels, quality=quality), Truth(doc_type, _values(person, doc_type), tier, faults))


@cache
def _people(seed: int, batch: int) -> list[Person]:
    found = [each for each in families(seed=seed * 1000 + batch, count=120, branches=BRANCHES) if each.age >= _ADULT]
    return found[:40]


def _person(seed: int, number: int) -> Person:
    return _people(seed, number // 40)[number % 40]


def _values(person: Person, doc_type: DocType) -> dict[FieldName, str]:
    born = person.birth_date.isoformat()
    match doc_type:
        case DocType.KTP:
            return {
                FieldName.NIK: person.nik,
                FieldName.NAME: person.name,
                FieldName.BIRTH_PLACE: person.birth_place,
                FieldName.BIRTH_DATE: born,
                FieldName.SEX: _SEXES[person.sex],
            }
        case DocType.CARD:
            return {
                FieldName.CARD_NUMBER: person.card_number,
                FieldName.NAME: person.name,
                FieldName.NIK: person.nik,
                FieldName.BIRTH_DATE: born,
            }
        case _:
            return {}


def _plain(pixels: Pixels, rng: Random) -> Pixels:
    pixels = scene.lit(pixels, rng, strength=rng.uniform(0.05, 0.3))
    if rng.random() < 0.5:
        pixels = scene.blurred(pixels, rng, sigma=rng.uniform(0.4, 0.8))
    return scene.noisy(pixels, rng, level=rng.uniform(0, 3))


_Spoil = Callable[[Pixels, Random], Pixels]
# What is wrong with a photo, the fault that should be noticed (None where a good reader may pass over it), and how.
_HARD: tuple[tuple[Fault | None, _Spoil], ...] = (
    (None, lambda p, r: scene.blurred(p, r, sigma=r.uniform(0.9, 1.5))),
    (
        Fault.GLARE,
        lambda p, r: scene.glared(p, r, place=_spot(r), size=r.uniform(0.05, 0.09), strength=r.uniform(0.4, 0.65)),
    ),
    (None, scene.shadowed),
    (None, lambda p, r: scene.darkened(p, r, to=r.uniform(0.35, 0.6))),
    (None, lambda p, r: scene.noisy(p, r, level=r.uniform(6, 12))),
    (None, scene.held),
)
_SEVERE: tuple[tuple[Fault | None, _Spoil], ...] = (
    (Fault.BLURRED, lambda p, r: scene.blurred(p, r, sigma=r.uniform(4, 8))),
    (Fault.GLARE, lambda p, r: scene.glared(p, r, place=_spot(r), size=r.uniform(0.12, 0.22), strength=1.0)),
    (Fault.DARK, lambda p, r: scene.darkened(p, r, to=r.uniform(0.05, 0.12))),
    (Fault.CROPPED, lambda p, r: scene.trimmed(p, r, part=r.uniform(0.35, 0.5))),
)


def _spot(rng: Random) -> tuple[float, float]:
    return rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.7)


def _spoilt(
    pixels: Pixels, rng: Random, table: tuple[tuple[Fault | None, _Spoil], ...], most: int
) -> tuple[Pixels, frozenset[Fault]]:
    pixels = _plain(pixels, rng)
    faults = set()
    for fault, spoil in rng.sample(table, rng.randint(1, most)):
        pixels = spoil(pixels, rng)
        if fault:
            faults.add(fault)
    return pixels, frozenset(faults)
