"""How fast the auditors' pages find their entries: `python -m benchmarks.audit_timeline --rows 1000000`.

Each page's queries run 200 times, each time for another value; p50 and p95 in milliseconds, as a table and JSON.
"""

import argparse
import hashlib
import random
import time
import uuid
from collections.abc import Callable

from benchmarks.house import database, show
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.forms import EntryFilter
from jknoffice.audit.looks import who_saw
from jknoffice.audit.models import AuditLog
from jknoffice.audit.pages import page_of
from jknoffice.audit.seals import seals_of
from tests import make
from tests.audit.many import analyse, generate

_STEP = 100_000
_RUNS = 200


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with database():
        began = time.perf_counter()
        for first in range(1, rows + 1, _STEP):
            generate(min(_STEP, rows + 1 - first), first=first)
        analyse()
        filled = time.perf_counter() - began
        show("audit_timeline", _measure(rows), entries=rows, fill_seconds=round(filled))


def _measure(rows: int) -> dict[str, float]:
    auditor, admin, chance = make.staff(Role.AUDITOR), make.staff(Role.ADMIN), random.Random(1)
    pages: dict[str, Callable[[int], None]] = {
        "newest": lambda _n: _page({}),
        "somewhere in the middle": lambda n: _page({"older": str(n)}),
        "account": lambda n: _page({"actor": f"operator{n % 500}"}),
        "person": lambda n: _page({"person": hashlib.sha256(f"p{n % 450}".encode()).hexdigest()}),
        "session": lambda n: _page({"session": _md5(n // 40)[:16]}),
        "request": lambda n: _page({"object": f"bench.case:{n // 12}"}),
        "branch": lambda n: _page({"branch": f"B{n % 120}"}),
        "action and branch": lambda n: _page({"action": "request.approved", "branch": f"B{n % 120}"}),
        "refusals": lambda _n: _page({"refused": "on"}),
        "accounts, for their administrator": lambda _n: _page({}, admin),
        "refusals of accounts, for their administrator": lambda _n: _page({"refused": "on"}, admin),
        "participant": _trail,
        "who saw this person": lambda n: _lookers(n, auditor),
    }
    found = {}
    for name, ask in pages.items():
        times = []
        for _ in range(_RUNS):
            value = chance.randrange(1, rows)
            began = time.perf_counter()
            ask(value)
            times.append((time.perf_counter() - began) * 1000)
        times.sort()
        found[f"{name}, p50 ms"] = round(times[_RUNS // 2], 2)
        found[f"{name}, p95 ms"] = round(times[_RUNS * 95 // 100], 2)
    return found


def _page(query: dict[str, str], reader: User | None = None) -> None:
    form = EntryFilter(query)
    if not form.is_valid():
        raise ValueError(form.errors)
    entries = AuditLog.objects.for_user(reader) if reader else AuditLog.objects.all()
    seals_of(page_of(form.apply(entries), older_than=form.cleaned_data["older"]).entries)


def _trail(n: int) -> None:
    seals_of(page_of(AuditLog.objects.filter(subject=_md5(n // 30))).entries)


def _lookers(n: int, auditor: User) -> None:
    who_saw(subject=uuid.UUID(_md5(n // 30)), by=auditor)


def _md5(number: int) -> str:
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


if __name__ == "__main__":
    main()
