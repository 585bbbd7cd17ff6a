"""One case, two decisions at the same moment."""

from collections import Counter
from functools import partial
from typing import Any

from django.db import connection

from benchmarks.in_review import FIRST_CASE, Held
from benchmarks.racing.two import Gate, in_two
from jknoffice.refusal import Refusal
from verification import changes
from verification.models.choices import RejectReason

PAIRS = (("approve", "reject"), ("reject", "approve"), ("approve", "approve"), ("reject", "reject"))
"""In turns: what the first process does, and the second."""


def race(stock: Held, *, cases: int) -> dict[str, Any]:
    """Let two processes decide so many cases; return what they counted, and what is wrong in rows and log."""
    counted = sum(in_two(partial(_decide, stock, cases)), Counter[str]())
    won = counted["approve won"] + counted["reject won"]
    refused = sum(count for name, count in counted.items() if name.startswith("refused"))
    return {
        "decisions raced": won + refused,
        **{f"decisions, {name}": count for name, count in sorted(counted.items())},
        "WRONG: decisions without one winner": abs(won - cases) + abs(refused - cases),
        **{f"WRONG: {name}": _number(query, cases) for name, query in WRONG.items()},
    }


def _decide(stock: Held, cases: int, number: int, gate: Gate) -> Counter[str]:
    counted: Counter[str] = Counter()
    for place in range(cases):
        request, does = stock.case(place), PAIRS[place % len(PAIRS)][number]
        gate.together()
        try:
            if does == "approve":
                changes.approve(request=request, by=stock.operator, compared=True)
            else:
                changes.reject(request=request, by=stock.operator, reason=RejectReason.DATA_DIFFERS)
        except Refusal as refusal:
            counted[f"refused as {refusal.code}"] += 1
        else:
            counted[f"{does} won"] += 1
    return counted


_ENTRIES = """
    FROM verification_phonechangerequest r
    JOIN participants_peserta p ON p.id = r.peserta_id
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE action = 'request.approved') AS approved,
               count(*) FILTER (WHERE action = 'request.rejected') AS rejected
        FROM audit_auditlog a
        WHERE a.object_type = 'verification.phonechangerequest' AND a.object_id = r.id::text
    ) log ON true
    LEFT JOIN LATERAL (
        SELECT count(*) AS changed FROM audit_auditlog a
        WHERE a.object_type = 'participants.peserta' AND a.object_id = p.id::text AND action = 'peserta.phone_changed'
    ) register ON true
    WHERE r.id >= %(first)s AND r.id < %(last)s
"""
WRONG = {
    "cases without exactly one decision in the log": f"SELECT count(*) {_ENTRIES} AND approved + rejected <> 1",
    "cases whose state is not what the log says": f"SELECT count(*) {_ENTRIES} AND"
    " (r.status, approved, rejected) NOT IN (('applied', 1, 0), ('rejected', 0, 1))",
    "numbers that were not changed as often as approved": f"SELECT count(*) {_ENTRIES} AND"
    " (changed <> approved OR (p.phone = r.new_phone) <> (approved = 1))",
    "messages written twice": "SELECT count(*) FROM (SELECT 1 FROM verification_outboxmessage"
    " WHERE request_id >= %(first)s AND request_id < %(last)s"
    ' GROUP BY request_id, template, "to" HAVING count(*) > 1) twice',
}


def _number(query: str, cases: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, {"first": FIRST_CASE, "last": FIRST_CASE + cases})
        return int(cursor.fetchone()[0])
