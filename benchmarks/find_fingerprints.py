"""How fast a photo's candidates are found: `python -m benchmarks.find_fingerprints --rows 100000 1000000`.

Half of the fingerprints are spread by chance, half lie near 200 others, as photos of cards that share one layout do.
Each look-up asks for copies of a photo at a distance of a few bits, turned or not, by the product's own queries; beside
it, in the same run, the same question without indexes (a sequential scan). p50 and p95 in milliseconds.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from django.db import connection, transaction

from benchmarks.house import database, show
from tests import cases
from verification.likeness import candidates
from verification.likeness.fingerprint import Print
from verification.models import Fingerprint

RUNS = 200
SCANS = 5
CHANGED_BITS = 3
_FILL = """
WITH desks AS (
    SELECT array_agg((random() * 9223372036854775807)::numeric::bigint) AS bits FROM generate_series(1, 200)
), rows AS (
    SELECT n, CASE WHEN n %% 2 = 0 THEN ((random() - 0.5) * 1.8e19)::numeric::bigint
        ELSE desks.bits[1 + n / 2 %% 200] # (1::bigint << (random() * 62)::int) # (1::bigint << (random() * 62)::int)
            # (1::bigint << (random() * 62)::int) # (1::bigint << (random() * 62)::int) END AS bits
    FROM generate_series(1, %(rows)s) AS n CROSS JOIN desks
), documents AS (
    INSERT INTO verification_document
        (request_id, kind, storage_key, wrapped_key, key_id, sha256, size, width, height, created_at)
    SELECT %(request)s, 'ktp', 'bench' || n, '\\x01', '', '', 1, 1, 1, now() FROM rows
    RETURNING id, substr(storage_key, 6)::int AS n
)
INSERT INTO verification_fingerprint (document_id, digest, bits, band_1, band_2, band_3, band_4, taken_at)
SELECT id, encode(sha256(n::text::bytea), 'hex'), bits, bits >> 48 & 65535, bits >> 32 & 65535, bits >> 16 & 65535,
    bits & 65535, now()
FROM rows JOIN documents USING (n)
"""


def main() -> None:
    """Measure at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    for rows in options.rows:
        with database():
            _fill(rows)
            show("find_fingerprints", _measure(options.runs), fingerprints=rows, index_mib=_mib())


def _fill(rows: int) -> None:
    request = cases.submitted()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_FILL, {"rows": rows, "request": request.pk})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE verification_fingerprint, verification_document")


def _measure(runs: int) -> dict[str, float]:
    chance = Random(1)
    last = Fingerprint.objects.order_by("-pk").values_list("pk", flat=True)[0]
    times: dict[str, list[float]] = {"near": [], "same pixels": [], "near, sequential scan": []}
    found = 0
    for number in range(runs + 5):
        row = Fingerprint.objects.filter(pk__lte=last - chance.randrange(last // 2)).latest("pk")
        if row.bits is None:
            raise AssertionError("every fingerprint of this benchmark has bits")
        asked = _copy(row.bits % (1 << 64), chance)
        ways = ["near", "same pixels"] + (["near, sequential scan"] if 5 <= number < 5 + SCANS else [])
        for way in ways:
            seconds, numbers = _clocked(way, asked, row.digest)
            if number >= 5:
                times[way].append(1000 * seconds)
                found += way == "near" and row.pk in numbers
    figures = {f"{way}, {name}": value for way, taken in times.items() for name, value in _percentiles(taken).items()}
    ratio = figures["near, sequential scan, p50 ms"] / figures["near, p50 ms"]
    return figures | {"sequential scan / near": round(ratio, 1), "found, %": round(100 * found / runs, 1)}


def _copy(bits: int, chance: Random) -> Print:
    """Return what a copy at a few bits' distance, as one of its turns, is known by."""
    for place in chance.sample(range(64), CHANGED_BITS):
        bits ^= 1 << place
    turns = [chance.getrandbits(64) for _ in range(3)]
    turns.insert(chance.randrange(4), bits)
    return Print(digest="none", turns=tuple(turns))


def _clocked(way: str, asked: Print, digest: str) -> tuple[float, list[int]]:
    with _no_index(off=way.endswith("scan")):
        began = time.perf_counter()
        if way == "same pixels":
            found = candidates.same_pixels(known_by=Print(digest=digest, turns=()), not_of=0)
        else:
            found = candidates.near(known_by=asked, not_of=0)
        return time.perf_counter() - began, found


@contextmanager
def _no_index(*, off: bool) -> Iterator[None]:
    """Let PostgreSQL find fingerprints without their indexes."""
    if not off:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        yield


def _percentiles(taken: list[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {f"p{share} ms": round(ordered[(len(ordered) - 1) * share // 100], 2) for share in (50, 95)}


def _mib() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_indexes_size('verification_fingerprint') / 1048576")
        [size] = cursor.fetchone()
    return int(size)


if __name__ == "__main__":
    main()
