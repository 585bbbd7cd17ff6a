"""Many entries quickly: by COPY, with the very text, mac and columns that `record()` would write."""

import random
import uuid

from django.db import connection

from jknoffice.audit.entry import canonical, mac_of

_FIRST = 1_700_000_000_000_000


def fill(number: int, *, seed: int = 1) -> list[bytes]:
    """Write `number` approvals into the log; return the bytes of their texts when there are at most 200,000."""
    chance, kept = random.Random(seed), []
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY audit_auditlog (entry, mac) FROM STDIN") as copy,
    ):
        for count in range(number):
            text = _entry(count, chance)
            copy.write_row((text, mac_of(text)))
            if number <= 200_000:
                kept.append(text.encode())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_auditlog")
    return kept


def _entry(count: int, chance: random.Random) -> str:
    return canonical(
        {
            "v": 1,
            "uuid": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            "at": _FIRST + count * 1000,
            "kind": "staff",
            "actor": f"operator{count % 500}",
            "person": chance.randbytes(32).hex(),
            "branch": f"B{count % 120:04}",
            "session": chance.randbytes(8).hex(),
            "action": "request.approved",
            "object": {"type": "bench.case", "id": str(count // 5)},
            "object_version": count % 5 + 1,
            "subject": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            "before": {"status": "in_review"},
            "after": {"status": "on_hold", "signals": []},
            "reason": "",
            "pii": {"new_phone": chance.randbytes(32).hex()},
        }
    )
