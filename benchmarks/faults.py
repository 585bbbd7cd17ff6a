"""`python -m benchmarks.faults [--folder F] [--port 8920] [--operators 3]`: what dies under load, and what is lost.

A local cluster (`deploy/cluster`) of its own is filled with cases; operators decide them through nginx while one part
after the other is killed (`kill -9`). Afterwards each decision that was acknowledged must stand, once, and the log
verify.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.house import show
from benchmarks.operators import Crowd
from deploy.cluster import postgres, processes, seaweed, services, topology
from deploy.cluster.layout import Layout

PATIENCE = 180.0
QUIET = 6.0
"""Seconds of load between two faults."""

WAITING = "SELECT count(*) FROM verification_outboxmessage WHERE status = 'waiting' AND next_try_at <= now()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is broken, how it is mended, and when it counts as served again."""

    name: str
    broken: Callable[[], object]
    mended: Callable[[], object]
    away: float
    served: Callable[[], Callable[[], bool]]


def faults(layout: Layout, crowd: Crowd) -> list[Fault]:
    """Return the faults in the order in which they happen; after the last one there is no standby."""
    folder, sms = layout.folder, layout.folder / "sms.jsonl"

    def everything() -> Callable[[], bool]:
        each = [decisions(), messages(), seals()]

        def served() -> bool:
            # A worker that loses its database ends, and is started again: by systemd, compose, or here.
            restart()
            return all(one() for one in each)

        return served

    def restart() -> object:
        return topology.start_missing(layout)

    def restart_storage() -> object:
        key = layout.keys["JKN_S3_SECRET_KEY"]
        return seaweed.start(folder, port=layout.s3, access_key="jkn", secret_key=key)

    decisions, photos = more(lambda: len(crowd.acknowledged)), more(lambda: crowd.photos)
    messages = more(lambda: len(sms.read_text().splitlines()) if sms.exists() else 0)
    seals = more(lambda: asked(layout, "SELECT count(*) FROM audit_auditcheckpoint"))
    return [
        Fault(name="web", broken=lambda: processes.kill(folder, "web1"), mended=restart, away=3, served=decisions),
        Fault(name="worker", broken=lambda: processes.kill(folder, "worker1"), mended=restart, away=3, served=messages),
        Fault(name="sealer", broken=lambda: processes.kill(folder, "sealer"), mended=restart, away=3, served=seals),
        Fault(name="storage", broken=lambda: seaweed.kill(folder), mended=restart_storage, away=3, served=photos),
        Fault(name="sms", broken=lambda: processes.kill(folder, "sms"), mended=restart, away=15, served=messages),
        Fault(
            name="primary",
            broken=lambda: processes.kill(folder, postgres.PRIMARY),
            mended=lambda: postgres.promote(layout),
            away=0,
            served=everything,
        ),
    ]


def more(count: Callable[[], int]) -> Callable[[], Callable[[], bool]]:
    """Return what says, asked from a moment on, whether there is more of something than there was at that moment."""

    def begin() -> Callable[[], bool]:
        before = count()
        return lambda: count() > before

    return begin


def happen(fault: Fault, layout: Layout, crowd: Crowd) -> dict[str, Any]:
    """Break, mend, wait until it is served again, and return what was seen."""
    before, unclear, begun = len(crowd.acknowledged), crowd.unclear, time.monotonic()
    fault.broken()
    time.sleep(fault.away)
    during = len(crowd.acknowledged) - before
    fault.mended()
    processes.wait(fault.served(), seconds=PATIENCE, what=f"{fault.name} to be served again")
    seconds = time.monotonic() - begun
    time.sleep(QUIET)
    told = services.manage(layout, "worker", "verify_audit", fails=True)
    return {
        "served again after, s": round(seconds, 1),
        "first decision after, s": round(next(at for at in crowd.moments if at > begun) - begun, 1),
        "of these away, s": fault.away,
        "decisions while away": during,
        "answers that never came": crowd.unclear - unclear,
        "log verifies": "All fits." in told,
    }


def asked(layout: Layout, query: str) -> int:
    """Return the one number that a query of the present primary gives."""
    with postgres.admin(layout, postgres.leader(layout), "jkn") as server:
        row = server.execute(query).fetchone()
    assert row
    return int(str(row[0]))


def settle(layout: Layout, crowd: Crowd) -> dict[str, Any]:
    """Compare what was acknowledged with what stands in the database and in the log."""
    with postgres.admin(layout, postgres.leader(layout), "jkn") as server:
        rows = server.execute(
            "SELECT c.reference, count(a.id) FILTER (WHERE a.action = 'request.approved'),"
            " count(a.id) FILTER (WHERE a.action = 'request.applied') FROM verification_phonechangerequest c"
            " LEFT JOIN audit_auditlog a"
            " ON a.object_type = 'verification.phonechangerequest' AND a.object_id = c.id::text"
            " GROUP BY c.reference"
        ).fetchall()
        sent = server.execute(
            "SELECT count(*) FROM verification_outboxmessage WHERE gateway = 'local' AND status = 'sent'"
        ).fetchone()
    stands = {str(reference): (int(str(approved)), int(str(applied))) for reference, approved, applied in rows}
    assert sent
    arrived = len((layout.folder / "sms.jsonl").read_text().splitlines())
    return {
        "acknowledged": len(crowd.acknowledged),
        "acknowledged and lost": sum(stands.get(each, (0, 0))[0] == 0 for each in crowd.acknowledged),
        "acknowledged twice": len(crowd.acknowledged) - len(set(crowd.acknowledged)),
        "approved twice": sum(approved > 1 for approved, _applied in stands.values()),
        "applied twice": sum(applied > 1 for _approved, applied in stands.values()),
        "SMS sent": int(str(sent[0])),
        "SMS that arrived twice": arrived - int(str(sent[0])),
    }


def main() -> int:
    """Run it, print a table and JSON; return 0 when nothing was lost or done twice and the log verifies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("var/faults"))
    parser.add_argument("--port", type=int, default=8920)
    parser.add_argument("--operators", type=int, default=3, help="of at most four branches")
    parser.add_argument("--cases", type=int, default=480)
    given = parser.parse_args()
    layout = Layout(folder=given.folder.resolve(), port=given.port)
    topology.start(layout, participants=4000)
    try:
        sessions = json.loads(
            services.stocked(layout, "benchmarks.operators", str(given.cases)).strip().splitlines()[-1]
        )
        crowd = Crowd(layout, sessions[: given.operators])
        found: dict[str, Any] = {}
        processes.wait(lambda: not asked(layout, WAITING), seconds=PATIENCE, what="the messages of the cases")
        with crowd.at_work():
            time.sleep(QUIET)
            for fault in faults(layout, crowd):
                sys.stderr.write(f"{fault.name} …\n")
                found[fault.name] = happen(fault, layout, crowd)
        processes.wait(lambda: not asked(layout, WAITING), seconds=PATIENCE, what="the last messages")
        total = settle(layout, crowd)
    finally:
        topology.stop(layout)
    shutil.rmtree(layout.folder / "postgres", ignore_errors=True)
    wrong = sum(total[name] for name in ("acknowledged and lost", "approved twice", "applied twice"))
    well = not wrong and all(each["log verifies"] for each in found.values())
    rows = {name: "; ".join(f"{what} {value}" for what, value in each.items()) for name, each in found.items()}
    show("faults", rows | total, by_fault=found, statuses=dict(crowd.statuses), load=str(given.operators))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
