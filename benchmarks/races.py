"""`python -m benchmarks.races [--decisions 100000] [--forms 1000] [--quick]`: of two at once one has an effect.

Decisions: two processes decide each case at the same moment, told so by a barrier: approve against reject, approve
twice, reject twice, in turns. Forms: the same form is sent twice at the same moment, with the same cookies: the
approval of the review page, a counter case with two photos, and a participant's request. Then rows and log are
counted: exactly one effect each, and in the log exactly what stands in the rows.

The full number takes 20 to 40 minutes; `--decisions 20000` five.
"""

import argparse
import os
import sys
import time

from benchmarks.house import database, show
from benchmarks.in_review import fill
from benchmarks.racing import decisions, forms
from tests.hands import part_hands


def main() -> int:
    """Race, count, print; return 0 when each had exactly one effect."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decisions", type=int, default=100_000, help="two for each case")
    parser.add_argument("--forms", type=int, default=1000, help="each sent twice")
    parser.add_argument("--quick", action="store_true", help="400 decisions and 30 forms")
    given = parser.parse_args()
    if given.quick:
        given.decisions, given.forms = 400, 30
    cases = given.decisions // 2
    with database():
        stock = fill(cases + given.forms, spare=given.forms)
        part_hands()
        began = time.monotonic()
        found = decisions.race(stock, cases=cases)
        raced = time.monotonic()
        found |= {"decisions, seconds": round(raced - began)}
        found |= forms.race(stock, first=cases, count=given.forms)
        found |= {"forms, seconds": round(time.monotonic() - raced)}
    wrong = sum(count for name, count in found.items() if name.startswith("WRONG"))
    show("races", found, load=round(os.getloadavg()[0], 1))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
