"""How well and how fast photos are read: `python -m benchmarks.read_documents [--photos 60] [--seed 2026]`.

Made-up cards of every tier (`tests/cards`), as many each, in one process on one core. For each field how often it was
read exactly; numbers that are complete but wrong; verdicts against the true register and against one in which one
character of each value is another; other pictures that were taken for cards; faults noticed; time and memory.
"""

import argparse
import resource
import time
from collections import Counter
from statistics import median

from tqdm import tqdm

from benchmarks import house
from tests.cards import Photo, Tier, fonts, photo
from verification.annotation.comparing import Verdict, compare
from verification.reading import read
from verification.reading.result import DocType, Fault, FieldName, Reading

KEY = (FieldName.NIK, FieldName.CARD_NUMBER, FieldName.NAME, FieldName.BIRTH_DATE)
NUMBERS = (FieldName.NIK, FieldName.CARD_NUMBER)
FAULTS = (Fault.GLARE, Fault.BLURRED, Fault.DARK, Fault.CROPPED, Fault.SCREEN)


def main() -> None:
    """Read, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=60, help="of each tier")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    read(photo(seed=1, number=0, tier=Tier.CAREFUL).jpeg)  # loads the models
    counted: Counter[str] = Counter()
    seconds: list[float] = []
    early = _memory()
    for tier in Tier:
        for number in tqdm(range(options.photos), desc=tier.value, leave=False):
            taken = photo(seed=options.seed, number=number, tier=tier)
            begun = time.process_time()
            found = read(taken.jpeg)
            seconds.append(time.process_time() - begun)
            _count(counted, tier, taken, found)
    facts = {
        "photos": len(seconds),
        "seed": options.seed,
        "fonts_missing": ", ".join(fonts.missing()) or "none",
        **_rates(counted, options.photos),
        "seconds, median": round(median(seconds), 2),
        "seconds, p95": round(sorted(seconds)[int(len(seconds) * 0.95)], 2),
        "MiB at first": early,
        "MiB at last": _memory(),
    }
    house.show("read_documents", facts)


def _count(counted: Counter[str], tier: Tier, taken: Photo, found: Reading) -> None:
    truth = taken.truth
    for fault in FAULTS:
        counted[f"of {fault} put in"] += fault in truth.faults
        counted[f"{fault} noticed"] += fault in truth.faults and fault in found.faults
        counted[f"{fault} noticed where none was put in"] += fault not in truth.faults and fault in found.faults
    if truth.doc_type is DocType.OTHER:
        counted["other, taken for a card"] += found.doc_type is not DocType.OTHER
        return
    values = {name: field.value for name, field in found.fields.items()}
    key = [name for name in KEY if name in truth.values]
    counted[f"{tier}, every key field"] += all(values.get(name) == truth.values[name] for name in key)
    for name, value in truth.values.items():
        counted[f"of {tier}, {name}"] += 1
        counted[f"{tier}, {name}"] += values.get(name) == value
    for name in NUMBERS:
        if name in truth.values:
            counted["of numbers"] += 1
            counted["numbers complete but wrong"] += name in values and values[name] != truth.values[name]
    same = compare(found, truth.values).values()
    other = compare(found, {name: _changed(value) for name, value in truth.values.items()}).values()
    counted["of verdicts"] += len(truth.values)
    counted["same value, said to differ"] += sum(each.verdict is Verdict.DIFFERS for each in same)
    counted["other value, said to match"] += sum(each.verdict is Verdict.MATCH for each in other)


def _changed(value: str) -> str:
    """Return a value of the same form in which one character is another."""
    place = len(value) // 2
    while not value[place].isalnum():
        place += 1
    return value[:place] + ("7" if value[place] != "7" else "1") + value[place + 1 :]


def _rates(counted: Counter[str], photos: int) -> dict[str, str | float]:
    rates: dict[str, str | float] = {}
    for tier in (Tier.CAREFUL, Tier.HARD, Tier.SEVERE, Tier.SCREEN):
        rates[f"{tier}, every key field, %"] = _percent(counted[f"{tier}, every key field"], photos)
        for name in FieldName:
            rates[f"{tier}, {name}, %"] = _percent(counted[f"{tier}, {name}"], counted[f"of {tier}, {name}"])
    for what, of in (
        ("numbers complete but wrong", "of numbers"),
        ("same value, said to differ", "of verdicts"),
        ("other value, said to match", "of verdicts"),
    ):
        rates[what] = f"{counted[what]} of {counted[of]}"
    rates["other, taken for a card"] = f"{counted['other, taken for a card']} of {photos}"
    for fault in FAULTS:
        rates[f"{fault} noticed"] = f"{counted[f'{fault} noticed']} of {counted[f'of {fault} put in']}"
        rates[f"{fault} noticed where none was put in"] = counted[f"{fault} noticed where none was put in"]
    return rates


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _memory() -> int:
    """Return the peak memory of this process in MiB; drawing the cards is in it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
