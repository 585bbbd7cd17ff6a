"""`python -m benchmarks.audit_sealing [--entries N]`: sealing and verifying beside bare SHA-256 over the same bytes."""

import argparse
import hashlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import house
from benchmarks.filling import fill
from jknoffice.audit.actor import Actor
from jknoffice.audit.export import folder
from jknoffice.audit.offline import audit_verify
from jknoffice.audit.sealing import keys, sealer
from jknoffice.audit.verify import whole


def seconds(what: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    found = what()
    return time.perf_counter() - begin, found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    number = parser.parse_args().entries
    with house.database(), tempfile.TemporaryDirectory() as out:
        texts = fill(number)
        bare, _ = seconds(lambda: [hashlib.sha256(text).digest() for text in texts])
        sealing, sealed = seconds(sealer.seal_all)
        assert sealed.entries == number
        verifying, report = seconds(whole.verify)
        assert report.ok, report.problems[:3]
        exporting, _ = seconds(
            lambda: folder.write(
                since=None, until=None, out=Path(out) / "x", by=Actor.system("bench"), with_proofs=False
            )
        )
        key = keys.verifiers(sealer.origin())[0].vkey
        offline, found = seconds(lambda: audit_verify.verify(key=key, export=Path(out) / "x"))
        assert found["sealed"] == number
    house.show(
        "audit_sealing",
        {
            "entries": number,
            "bytes of their texts": sum(map(len, texts)),
            "bare SHA-256, entries/s": round(number / bare),
            "sealing, entries/s": round(number / sealing),
            "verify_audit, entries/s": round(number / verifying),
            "export_audit without proofs, entries/s": round(number / exporting),
            "audit_verify.py, entries/s": round(number / offline),
        },
    )


if __name__ == "__main__":
    main()
