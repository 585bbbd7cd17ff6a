"""Whom did one account, or one session, see or change? From an export of the log, without the database.

python who_was_seen.py --export FOLDER --who NAME [--format json]

NAME is a user name, or a session as entries name it. Counts each action, and lists the people (`Peserta.uuid`) whose
data it touched or who were shown in a list: whom a breach has to be told to. Needs Python 3.11 and nothing else.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any


def seen(*, export: Path, who: str) -> dict[str, Any]:
    """Return the actions by number, the sessions, the first and last moment (µs since 1970 UTC), and the people."""
    actions: Counter[str] = Counter()
    people, sessions, moments = set[str](), set[str](), list[int]()
    with (export / "entries.jsonl").open() as lines:
        for line in lines:
            entry = json.loads(json.loads(line)["entry"])
            if who not in {entry["actor"], entry["session"]}:
                continue
            actions[entry["action"]] += 1
            moments.append(entry["at"])
            sessions |= {entry["session"]} - {""}
            people |= {entry["subject"], *entry["after"].get("shown", [])} - {None}
    ends = (min(moments), max(moments)) if moments else (None, None)
    return {
        "actions": dict(actions.most_common()),
        "sessions": sorted(sessions),
        "first": ends[0],
        "last": ends[1],
        "people": sorted(people),
    }


def main() -> None:
    """Print what was seen; exit status 1 when the export holds nothing of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--export", type=Path, required=True)
    parser.add_argument("--who", required=True)
    parser.add_argument("--format", choices=["text", "json"], default="text")
    given = parser.parse_args()
    found = seen(export=given.export, who=given.who)
    if given.format == "json":
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        for action, count in found["actions"].items():
            sys.stdout.write(f"{count:8} {action}\n")
        sys.stdout.write(f"{len(found['people'])} people:\n" + "".join(f"{each}\n" for each in found["people"]))
    sys.exit(0 if found["actions"] else 1)


if __name__ == "__main__":
    main()
