"""`python -m benchmarks.import_register [--rows 1000000]`: imports, and other ways to fill the register, in one run.

First `pip install -r benchmarks/requirements.txt`; without that, the comparison with django-import-export is left out.
Ours counts validation, reports, warnings and the entry in the log; the peers only write.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks import house

IMPORT_EXPORT_ROWS = 10_000
BULK_CREATE_ROWS = 100_000


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--without-peers", action="store_true", help="only our own ways")
    options = parser.parse_args()
    with house.database(), tempfile.TemporaryDirectory() as folder:
        rates, facts = _measure(options.rows, Path(folder), peers=not options.without_peers)
    house.show(
        "import_register",
        {"rows": options.rows, **{f"{name} (rows/s)": round(rate) for name, rate in rates.items()}, **facts},
    )


class _Rates(dict[str, float]):
    """Rows a second by what was measured; each is told at once, since the whole takes long."""

    def __setitem__(self, name: str, rate: float) -> None:
        super().__setitem__(name, rate)
        sys.stderr.write(f"{name}: {rate:,.0f} rows/s\n")


def _measure(count: int, folder: Path, *, peers: bool) -> tuple[dict[str, float], dict[str, object]]:
    from benchmarks import import_peers
    from benchmarks.generate_register import open_branches

    rates = _Rates()
    if peers:
        if other := import_peers.import_export(min(IMPORT_EXPORT_ROWS, count)):
            rates["django-import-export"] = other
        import_peers.empty_register()
        rates["bulk_create"] = import_peers.bulk_create(min(BULK_CREATE_ROWS, count))
        import_peers.empty_register()
        rates["raw COPY, indexed"] = import_peers.raw_copy(count, folder)
    open_branches()
    old, new = import_peers.files(count, folder)
    import_peers.empty_register()
    peaks, results = [], []
    for name, path in (("first load", old), ("refresh, 5 % changed", new), ("refresh, nothing changed", new)):
        result, peak = imported(path)
        rates[name] = count / result["seconds"]
        peaks.append(peak)
        results.append(result)
    if peers:
        rates["refresh, upserting all"] = import_peers.upsert(old, count)
    first, changed = rates["first load"], rates["refresh, 5 % changed"]

    def ratio(rate: float, peer: str) -> float | None:
        return round(rate / rates[peer], 2) if peer in rates else None

    return rates, {
        "first_load_vs_copy": ratio(first, "raw COPY, indexed"),
        "first_load_vs_bulk_create": ratio(first, "bulk_create"),
        "import_export_ratio": ratio(first, "django-import-export"),
        "refresh_5_percent_vs_copy": ratio(changed, "raw COPY, indexed"),
        "refresh_5_percent_vs_upsert": ratio(changed, "refresh, upserting all"),
        "updated": results[1]["updated"],
        "refused": results[0]["refused"],
        "peak_mib": round(max(peaks)),
    }


def imported(path: Path) -> tuple[dict[str, float], float]:
    """Import a file in a process of its own; return what it says, and its peak memory in MiB."""
    command = [sys.executable, "manage.py", "import_peserta", str(path), "--format", "json"]
    with tempfile.TemporaryFile() as output:
        peak = house.watched(command, stdout=output, statuses={0, 1})
        output.seek(0)
        return json.load(output), peak


if __name__ == "__main__":
    main()
