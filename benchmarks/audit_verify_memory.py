"""`python -m benchmarks.audit_verify_memory [--entries N]`: time and peak memory of both verifiers, for N/10 and N."""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings

from benchmarks import house
from benchmarks.filling import fill
from jknoffice.audit.offline import audit_verify
from jknoffice.audit.sealing import keys, sealer

MANAGE = str(settings.BASE_DIR / "manage.py")


def measured(*command: str) -> tuple[float, int]:
    """Run a command; return its seconds and its peak memory in MiB."""
    begin = time.perf_counter()
    peak = house.watched(command, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin, peak


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    most = parser.parse_args().entries
    rows: dict[str, float | int] = {}
    for number in (most // 10, most):
        with house.database(), tempfile.TemporaryDirectory() as out:
            fill(number)
            sealer.seal_all()
            key = keys.verifiers(sealer.origin())[0].vkey
            manage = (sys.executable, MANAGE)
            online = measured(*manage, "verify_audit", "--format", "json")
            measured(*manage, "export_audit", "--without-proofs", "--out", str(Path(out) / "x"))
            program = (sys.executable, audit_verify.__file__)
            offline = measured(*program, "--key", key, "--export", str(Path(out) / "x"))
        for name, (seconds, memory) in {"verify_audit": online, "audit_verify.py": offline}.items():
            rows[f"{name}, {number:,} entries, s"] = round(seconds, 1)
            rows[f"{name}, {number:,} entries, peak MiB"] = memory
    house.show("audit_verify_memory", rows)


if __name__ == "__main__":
    main()
