"""How many copies of a photo are found: `python -m benchmarks.find_copies [--photos 40] [--seed 7351]`.

Photos of made-up cards (`tests/cards`, careful ones), KTP and JKN card in turn, and copies of each as a cheat would
make them. A copy is a candidate when its fingerprint lies as near as `verification.likeness.candidates` asks and shares
one of four pieces; alike when the second look says so; found when it is both. When the machine read the same number on
both they are candidates in any case: then "alike" counts. Beside it other people's cards: on tables of their own, and
at the very same place of one desk. No database. Milliseconds are CPU time of a second look on one core.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from random import Random
from statistics import median

import numpy as np
from PIL import Image
from tqdm import tqdm

from benchmarks import house
from tests.cards import Tier, photo, scene
from tests.verification.likeness.copies import COPIES, EDITS, altered, one_desk, opened, people, photos, pressed
from verification.likeness.candidates import MOST_BITS_APART
from verification.likeness.comparing import SAME, likeness
from verification.likeness.fingerprint import Print, bands, take

APART = (1, 2, 3, 5, 8, 13)
"""So far apart are the people whose cards on one desk are compared; neighbours are often of one family."""


def main() -> None:
    """Compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7351)
    options = parser.parse_args()
    counted: Counter[str] = Counter()
    spent: list[float] = []
    load = os.getloadavg()[0]
    total = options.photos * (len(COPIES) + len(EDITS) + 2) + options.photos * len(APART)
    for kind, one, other in tqdm(_pairs(options.photos, options.seed), total=total, leave=False):
        near = _near(take(one), take(other))
        begun = time.process_time()
        alike = likeness(one, other) >= SAME
        spent.append(1000 * (time.process_time() - begun))
        counted.update({f"of {kind}": 1, f"{kind}, candidate": near, f"{kind}, alike": alike})
        counted[f"{kind}, found"] += near and alike
    kinds = [name.removeprefix("of ") for name in counted if name.startswith("of ")]
    rates = {
        f"{kind}, {what}, %": round(100 * counted[f"{kind}, {what}"] / counted[f"of {kind}"], 1)
        for kind in kinds
        for what in ("candidate", "alike", "found")
    }
    times = {
        "ms a pair, median": round(median(spent), 1),
        "ms a pair, p95": round(sorted(spent)[len(spent) * 95 // 100], 1),
    }
    house.show("find_copies", rates | times, photos=options.photos, seed=options.seed, load=round(load, 1))


def _pairs(count: int, seed: int) -> Iterator[tuple[str, Image.Image, Image.Image]]:
    """Yield the kind of a pair, and both pictures."""
    made: Mapping[str, Callable[[Image.Image, Random], Image.Image]] = {**COPIES, "photographed again": _again}
    before: list[Image.Image] = []
    for number in range(count):
        one = opened(photo(seed=seed, number=number, tier=Tier.CAREFUL).jpeg)
        for kind, copy in made.items():
            yield kind, one, copy(one, Random(f"{seed}/{number}/{kind}"))
        for kind, edit in EDITS.items():
            edited = altered(edit, Random(f"{seed}/{number}/{kind}"), seed=seed, number=number)
            yield kind, one, edited
        if len(before) >= 2:
            yield "others, on tables of their own", one, before[-2]  # the last one of the same kind
        before = [*before, one][-2:]
    strangers = people(count // 2 + max(APART), seed=seed)
    for number in range(count // 2):
        with one_desk(f"{seed}/{number}"):
            cards = {step: photos(strangers[number + step]) for step in (0, *APART)}
        for step in APART:
            for mine, other in zip(cards[0], cards[step], strict=True):
                yield "others, at the same place of one desk", mine, pressed(other)


def _again(image: Image.Image, chance: Random) -> Image.Image:
    """Return a photo of the photo, shown on a screen that fills the picture all but a rim."""
    laid = scene.laid(image, chance, share=0.97, slant=0.015, turn=chance.uniform(-2, 2))
    seen = scene.noisy(scene.blurred(laid, chance, sigma=1.0), chance, level=3)
    return opened(scene.jpeg(np.asarray(seen, np.uint8), quality=75))


def _near(one: Print, other: Print) -> bool:
    """Return whether the look-up would offer `one` for `other`."""
    if not one.turns or not other.turns:
        return False
    kept = one.turns[0]
    apart = min((kept ^ turn).bit_count() for turn in other.turns)
    pieces = zip(*map(bands, other.turns), strict=True)
    shares = any(piece in others for piece, others in zip(bands(kept), pieces, strict=True))
    return apart <= MOST_BITS_APART and shares


if __name__ == "__main__":
    main()
