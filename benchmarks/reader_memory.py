"""Memory of the reader's own process: `python -m benchmarks.reader_memory [--photos 500] [--seed 7352]`.

Reads photos of made-up cards as the worker does, through `verification.annotation.child.Reader`, and looks in /proc at
what its process holds (resident, MiB). The cards are drawn here, so that nothing but reading is in it. No database.
After `child.PHOTOS_EACH` photos the process would be replaced: more are not read.
"""

import argparse
import os
import re
import time
from pathlib import Path
from statistics import median

from django.conf import settings
from tqdm import tqdm

from benchmarks import house
from tests.cards import Tier, photo
from verification.annotation.child import PHOTOS_EACH, NotRead, Reader


def main() -> None:
    """Read, look, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=PHOTOS_EACH)
    parser.add_argument("--seed", type=int, default=7352)
    options = parser.parse_args()
    settings.READING_SECONDS = 600  # on a busy machine the process would be killed, and begin again
    reader, held, failed, load = Reader(), list[int](), 0, os.getloadavg()[0]
    begun = time.monotonic()
    for number in tqdm(range(min(options.photos, PHOTOS_EACH)), leave=False):
        taken = photo(seed=options.seed, number=number, tier=list(Tier)[number % len(Tier)])
        try:
            reader.read(taken.jpeg)
        except NotRead:
            failed += 1
        held.append(_mib(reader, "VmRSS"))
    tenth = max(1, len(held) // 10)
    rows = {
        "photos": len(held),
        "not read": failed,
        "MiB, median of the second tenth": median(held[tenth : 2 * tenth] or held),
        "MiB, median of the last tenth": median(held[-tenth:]),
        "MiB, peak": _mib(reader, "VmHWM"),
        "seconds": round(time.monotonic() - begun),
    }
    reader.close()
    house.show("reader_memory", rows, seed=options.seed, load=round(load, 1))


def _mib(reader: Reader, what: str) -> int:
    """Return a figure of the reader's process; 0 when it is gone."""
    process = reader._process  # noqa: SLF001  (what is measured is its own)
    status = Path(f"/proc/{process.pid}/status").read_text() if process else ""
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    main()
