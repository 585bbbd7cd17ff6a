"""`python -m benchmarks.faults_outside [--folder F] [--port 8920] [--full]`: what fails outside of the product.

A local cluster of its own whose photos lie in a folder, on a small file system (root, to mount it). Operators decide
and enter cases through nginx while

- the file system of the photos is full;
- the SMS gateway is gone for an hour. Without `--full` the hour takes a minute: each second everything in outbox and
  queue that waits for its moment is moved one minute nearer to it, in the database;
- the clocks of a web process, a worker and the sealer jump by an hour, forward and back (libfaketime; the database's
  clock and those of the other processes stay).

Afterwards each decision and each request that was acknowledged must stand, once, and the log verify.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.faults import PATIENCE, QUIET, WAITING, Fault, asked, happen, more, settle
from benchmarks.house import show
from benchmarks.intakes import Entries
from benchmarks.operators import THINK, Crowd
from deploy.cluster import postgres, processes, services, topology
from deploy.cluster.layout import Layout

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
JUMPERS = ("web2", "worker2", "sealer")
SIZE_MIB = 400
HOUR = 3600
SLOW = 15.0
"""Seconds between two decisions where an hour passes: the cases last for all of it."""
HELD = "SELECT id FROM verification_phonechangerequest WHERE status = 'on_hold'"
LOOK_AGAIN = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock) VALUES"
    " ('default', 'verification.deliver_messages', '{\"timestamp\": 0}', 'verification.deliver_messages')"
    " ON CONFLICT DO NOTHING"
)
"""The worker looks each minute what waits; when a minute takes a second it has to be told so."""
GIVEN_UP = "SELECT count(*) FROM verification_outboxmessage WHERE status = 'failed'"
HALF = "SELECT count(*) FROM (SELECT 1 FROM verification_document GROUP BY request_id HAVING count(*) < 2) AS half"


@contextmanager
def small_disk(layout: Layout) -> Iterator[None]:
    """Let the photos lie on a file system of their own."""
    layout.photos.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "none", layout.photos], check=True)  # noqa: S607
    try:
        yield
    finally:
        subprocess.run(["umount", layout.photos], check=True)  # noqa: S607


def fill_disk(layout: Layout) -> None:
    """Leave no room for photos."""
    filler = layout.photos / "filler"
    filler.mkdir(exist_ok=True)
    with (filler / "zeros").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 20))
        except OSError:
            pass


def lose_gateway(layout: Layout, *, full: bool) -> None:
    """Kill the SMS gateway and, unless `full`, let an hour pass in a minute for all that waits for its moment."""
    processes.kill(layout.folder, "sms")
    if full:
        return
    with postgres.admin(layout, postgres.PRIMARY, "jkn") as server:
        for _minute in range(60):
            server.execute(
                "UPDATE verification_outboxmessage SET next_try_at = next_try_at - interval '1 min',"
                " expires_at = expires_at - interval '1 min' WHERE status = 'waiting'"
            )
            server.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - interval '1 min'"
                " WHERE status = 'todo' AND scheduled_at > now()"
            )
            server.execute(LOOK_AGAIN)
            time.sleep(1)


def set_clocks(layout: Layout, seconds: int) -> None:
    """Let the clocks of `JUMPERS` be off by so much, at once."""
    # A rename: a process that reads meanwhile finds the old file or the new one.
    new = layout.folder / "clock.new"
    new.write_text(f"{seconds:+d}\n")
    new.rename(layout.folder / "clock")


def start_jumpers(layout: Layout) -> None:
    """Start `JUMPERS` anew, with a clock that can be set."""
    set_clocks(layout, 0)
    clock = clock_of(layout)
    for name in JUMPERS:
        processes.end(layout.folder, name)
        if name in services.WEBS:
            services.start_web(layout, name, other=clock)
        else:
            services.start_worker(layout, name, other=clock)
    processes.wait(lambda: topology.ready(layout), seconds=60, what="a web process that is ready")


def clock_of(layout: Layout) -> dict[str, str]:
    """Return the environment of a process whose clock can be set."""
    file = str(layout.folder / "clock")
    other = {"FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return {"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": file, **other}


def hold(layout: Layout, fault: Fault) -> set[object]:
    """Let what is held be so until 40 minutes after the fault, less than a clock will be off; return these cases."""
    with postgres.admin(layout, postgres.PRIMARY, "jkn") as server:
        server.execute("SET session_replication_role = replica")
        server.execute(
            "UPDATE verification_phonechangerequest SET hold_until = now() + make_interval(secs => %s)"
            " WHERE status = 'on_hold'",
            [fault.away + 2400],
        )
    return held_now(layout)


def held_now(layout: Layout) -> set[object]:
    """Return which cases are held."""
    with postgres.admin(layout, postgres.PRIMARY, "jkn") as server:
        return {row[0] for row in server.execute(HELD).fetchall()}


def doctor(layout: Layout, **other: str) -> str:
    """Return what `manage.py doctor` finds wrong."""
    told = json.loads(services.manage(layout, "web", "doctor", "--format", "json", fails=True, **other))
    return ", ".join(each["code"] for each in told if each["level"] != "good") or "nothing"


def run(layout: Layout, given: argparse.Namespace) -> dict[str, Any]:
    """Let it all happen, and return what was seen by fault, and in all."""
    sessions = json.loads(services.stocked(layout, "benchmarks.operators", str(given.cases)).strip().splitlines()[-1])
    entered = json.loads(services.stocked(layout, "benchmarks.intakes", "600").strip().splitlines()[-1])
    think = SLOW if given.full else THINK
    crowd, entries = Crowd(layout, sessions[: given.operators], think=think), Entries(layout, **entered, think=think)
    sms = layout.folder / "sms.jsonl"
    start_jumpers(layout)
    decisions = more(lambda: len(crowd.acknowledged))
    intakes = more(lambda: len(entries.acknowledged))
    messages = more(lambda: len(sms.read_text().splitlines()) if sms.exists() else 0)
    gone = Fault(
        name="SMS gateway gone for an hour",
        broken=lambda: lose_gateway(layout, full=given.full),
        mended=lambda: topology.start_missing(layout),
        away=HOUR if given.full else 1,
        served=messages,
    )
    full = Fault(
        name="no room for photos",
        broken=lambda: fill_disk(layout),
        mended=lambda: shutil.rmtree(layout.photos / "filler"),
        away=20,
        served=intakes,
    )
    jumps = [
        Fault(
            name=f"clocks of {', '.join(JUMPERS)} {seconds / HOUR:+.0f} h",
            broken=lambda seconds=seconds: set_clocks(layout, seconds),  # type: ignore[misc]
            mended=lambda: set_clocks(layout, 0),
            away=75,
            served=decisions,
        )
        for seconds in (HOUR, -HOUR)
    ]
    found: dict[str, Any] = {}
    processes.wait(lambda: not asked(layout, WAITING), seconds=PATIENCE, what="the messages of the cases")
    with crowd.at_work(), entries.at_work():
        time.sleep(QUIET)
        for fault in (full, gone, *jumps):
            sys.stderr.write(f"{fault.name} …\n")
            before, refused, held = len(entries.acknowledged), dict(entries.refused_with), hold(layout, fault)
            found[fault.name] = happen(fault, layout, crowd) | {
                "requests entered, from its begin to 6 s after its end": len(entries.acknowledged) - before,
                "refused": {name: n - refused.get(name, 0) for name, n in entries.refused_with.items()},
                "given up messages": asked(layout, GIVEN_UP),
                "held cases that ended early": len(held - held_now(layout)),
                "doctor finds": doctor(layout),
            }
            sys.stderr.write(f"  {found[fault.name]}\n")  # a later fault that ends the run takes nothing with it
        set_clocks(layout, HOUR)
        found["clocks"] = {"doctor with that clock finds": doctor(layout, **clock_of(layout)), "log verifies": True}
        set_clocks(layout, 0)
    processes.wait(lambda: not asked(layout, WAITING), seconds=PATIENCE, what="the last messages")
    total = settle(layout, crowd) | {"requests with half of their photos": asked(layout, HALF)}
    with postgres.admin(layout, postgres.PRIMARY, "jkn") as server:
        known = {row[0] for row in server.execute("SELECT reference FROM verification_phonechangerequest").fetchall()}
        rows = {row[0] for row in server.execute("SELECT storage_key FROM verification_document").fetchall()}
    files = {file.name for file in layout.photos.iterdir() if file.is_file()}
    total |= {
        "requests entered": len(entries.acknowledged),
        "requests entered and lost": len(set(entries.acknowledged) - known),
        "photos without a file": len(rows - files),
        "files without a row": len(files - rows),
        "answers": dict(crowd.statuses + entries.statuses),
    }
    return {"found": found, "total": total}


def main() -> int:
    """Run it, print a table and JSON; return 0 when nothing was lost or done twice or early and the log verifies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("var/faults-outside"))
    parser.add_argument("--port", type=int, default=8920)
    parser.add_argument("--operators", type=int, default=2, help="of at most four branches")
    parser.add_argument("--cases", type=int, default=1200)
    parser.add_argument("--full", action="store_true", help="the gateway is really gone for an hour")
    given = parser.parse_args()
    if not FAKETIME.exists():
        sys.exit("libfaketime is missing: apt-get install faketime")
    layout = Layout(folder=given.folder.resolve(), port=given.port, photos_in_folder=True)
    layout.make()
    with small_disk(layout):
        topology.start(layout, participants=6000)
        try:
            seen = run(layout, given)
        finally:
            topology.stop(layout)
    shutil.rmtree(layout.folder, ignore_errors=True)
    found, total = seen["found"], seen["total"]
    lost = ("acknowledged and lost", "approved twice", "applied twice", "requests entered and lost")
    wrong = sum(total[name] for name in (*lost, "requests with half of their photos", "photos without a file"))
    wrong += sum(each.get("held cases that ended early", 0) for each in found.values())
    wrong += sum(n for name, n in total["answers"].items() if name.endswith(" 500"))
    rows = {name: "; ".join(f"{what} {value}" for what, value in each.items()) for name, each in found.items()}
    show("faults_outside", rows | total, by_fault=found, load=str(given.operators))
    return 0 if not wrong and all(each["log verifies"] for each in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
