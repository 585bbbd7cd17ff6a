"""`python -m benchmarks.audit_mutations [--number N] [--seed S]`: random changes by a superuser, and who found them."""

import argparse
import random
import sys
import time
from collections import Counter

from tqdm import tqdm

from benchmarks import house
from jknoffice.audit.verify import whole
from tests.audit.sealing import mutations


def main() -> int:
    """Mutate, verify, print; return 1 when any mutation was not found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance, names = random.Random(options.seed), list(mutations.MUTATIONS)
    made, unseen = Counter[str](), Counter[str]()
    begin = time.perf_counter()
    with house.database():
        mutations.sealed_log()
        assert whole.verify().ok
        for _ in tqdm(range(options.number), disable=None):
            name = chance.choice(names)
            made[name] += 1
            if not mutations.inside(name, chance, lambda: not whole.verify().ok):
                unseen[name] += 1
        assert whole.verify().ok
    house.show(
        "audit_mutations",
        {name: f"{made[name] - unseen[name]} of {made[name]} found" for name in sorted(made)}
        | {"mutations": options.number, "found": options.number - unseen.total()},
        seconds=round(time.perf_counter() - begin),
    )
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
