"""All questions at once: what `manage.py verify_audit` answers."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from jknoffice.audit.models import AuditCheckpoint, AuditHalt, AuditOrigin
from jknoffice.audit.moments import microseconds
from jknoffice.audit.sealing import census, opening
from jknoffice.audit.sealing.health import LONGEST_UNSEALED
from jknoffice.audit.sealing.merkle import Mismatch, Tree
from jknoffice.audit.verify import entries, seen
from jknoffice.audit.verify.notes import Checkpointed, Notes
from jknoffice.audit.verify.report import Problems, Report
from jknoffice.audit.verify.streams import rows, snapshot, value
from jknoffice.audit.verify.tree import Rebuilt

_UNSEALED = f"""
SELECT entry.id, {entries.SELECTED} FROM audit_auditlog AS entry
WHERE NOT EXISTS (SELECT FROM audit_auditleaf WHERE origin_id = %s AND audit_id = entry.id) ORDER BY entry.id
"""  # noqa: S608  (names of our own)
_AT = entries.COLUMNS.index("at_us")
_STRAY = """
SELECT 'a leaf' WHERE EXISTS (SELECT FROM audit_auditleaf WHERE origin_id NOT IN (SELECT id FROM audit_auditorigin))
UNION ALL
SELECT 'a subtree' WHERE EXISTS (SELECT FROM audit_auditnode WHERE origin_id NOT IN (SELECT id FROM audit_auditorigin))
UNION ALL
SELECT 'a checkpoint' FROM audit_auditcheckpoint WHERE origin_id NOT IN (SELECT id FROM audit_auditorigin)
UNION ALL
SELECT 'a key' FROM audit_auditkey WHERE origin_id NOT IN (SELECT id FROM audit_auditorigin)
"""
_TWICE = "SELECT uuid FROM audit_auditlog GROUP BY uuid HAVING count(*) > 1"
_VERSIONS = """
SELECT object_type, object_id FROM audit_auditlog WHERE object_version IS NOT NULL GROUP BY object_type, object_id
HAVING min(object_version) <> 1 OR max(object_version) <> count(*) OR count(DISTINCT object_version) <> count(*)
"""


def verify(*, since: datetime | None = None, progress: Callable[[int], Any] = lambda _entries: None) -> Report:
    """Verify the log and return what was found; changes nothing.

    With `since`, trees are rebuilt from the last checkpoint that was sealed before that moment, which is trusted once
    its note and frontier fit: then the time does not grow with the age of the log. `progress` is told of each leaf.
    """
    at, problems, checkpoints, sealed, present = timezone.now(), Problems(), 0, 0, 0
    origins = list(AuditOrigin.objects.order_by("id"))
    witnessed = [seen.look(origin) for origin in origins]
    with snapshot():
        for origin, known in zip(origins, witnessed, strict=True):
            closed = origin != origins[-1]
            if origin != origins[0] or origin.first_entry is not None:
                _demand_opening(origin, _before(origin, origins), problems)
            notes = Notes(origin, problems, at, closed=closed)
            start = _start(origin, since, notes, problems)
            rebuilt = Rebuilt(origin, start, notes, problems)
            rebuilt.run(progress)
            if not closed:
                notes.demand_present_key()
            trusted = start.size if start else 0
            for sentence in seen.problems(origin, known, newest=notes.newest, since=trusted, closed=closed, at=at):
                problems.add(f"{origin.name}: {sentence}")
            checkpoints += rebuilt.checkpoints
            sealed, present = rebuilt.last_size, origin.pk
        oldest_us = _unsealed(present, problems, at)
        for sentence in _about_all_entries():
            problems.add(sentence)
        total: int = value("SELECT count(*) FROM audit_auditlog")
    return Report(
        entries=total,
        sealed=sealed,
        unsealed_oldest_seconds=_age(oldest_us, at),
        checkpoints=checkpoints,
        problems=problems.sentences(),
    )


def _demand_opening(origin: AuditOrigin, old: AuditOrigin | None, problems: Problems) -> None:
    """Demand that the application wrote the entry that opens an origin, and that it names the end of the `old` one.

    Its mac is checked with those of all others.
    """
    text = value("SELECT entry FROM audit_auditlog WHERE id = %s AND action = %s", [origin.first_entry, origin.OPENED])
    said = json.loads(text)["after"] if text is not None else {}
    if said.get("origin") != origin.name:
        problems.add(f"{origin.name}: no entry opened this origin")
    elif old is None or not opening.kept_by(old).items() <= said.items():
        problems.add(f"{origin.name}: the entry that opened it names another end of the origin before it")


def _before(origin: AuditOrigin, origins: list[AuditOrigin]) -> AuditOrigin | None:
    place = origins.index(origin)
    return origins[place - 1] if place else None


def _start(origin: AuditOrigin, since: datetime | None, notes: Notes, problems: Problems) -> Checkpointed | None:
    """Return the last checkpoint before `since` if it fits, else None: the tree is rebuilt from its beginning."""
    row = AuditCheckpoint.objects.filter(origin=origin, sealed_at__lt=since).last() if since else None
    if row is None:
        return None
    start = Checkpointed.of(row)
    notes.check(start)
    try:
        if Tree.unpacked(start.size, start.frontier).root() == start.root:
            return start
    except Mismatch:
        pass
    problems.add(f"{origin.name}: the frontier of checkpoint {start.size} does not lead to its root")
    return None


def _unsealed(origin_id: int, problems: Problems, at: datetime) -> int | None:
    """Check the entries without a leaf; return the moment of the oldest in microseconds since 1970."""
    oldest_us, late, first_late = None, 0, None
    limit = microseconds(at - LONGEST_UNSEALED)
    for audit_id, text, mac, *columns in rows(_UNSEALED, [origin_id]):
        if wrong := entries.problem_with(text, mac, columns):
            problems.add(f"entry {audit_id} {wrong}")
        at_us = columns[_AT]
        if at_us is None:
            continue
        oldest_us = at_us if oldest_us is None else min(at_us, oldest_us)
        if at_us < limit:
            late, first_late = late + 1, first_late or audit_id
    if late:
        problems.add(f"{late} entries have not been sealed for more than a minute, the first is entry {first_late}")
    return oldest_us


def _about_all_entries() -> Iterator[str]:
    for (what,) in rows(_STRAY):
        yield f"{what} belongs to no origin"
    for (uuid,) in rows(_TWICE):
        yield f"two entries are called {uuid}"
    for object_type, object_id in rows(_VERSIONS):
        yield f"the versions of {object_type} {object_id} are not dense from 1"
    for reason in AuditHalt.objects.filter(ended_at=None).values_list("reason", flat=True):
        yield f"the sealer has halted: {reason}"
    yield from census.problems()


def _age(at_us: int | None, at: datetime) -> int:
    return max(0, (microseconds(at) - at_us) // 10**6) if at_us is not None else 0
