"""An export: a folder that `audit_verify.py` verifies without us. docs/audit-log.md tells what each file is."""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from jknoffice.audit.actor import Actor
from jknoffice.audit.export import tree
from jknoffice.audit.export.part import Part, part_between
from jknoffice.audit.export.proof import handovers, made, newest_signed
from jknoffice.audit.export.table import Table
from jknoffice.audit.log import record_alone
from jknoffice.audit.models import AuditCheckpoint, AuditOrigin
from jknoffice.audit.moments import microseconds
from jknoffice.audit.offline import audit_verify
from jknoffice.audit.sealing import merkle, proofs
from jknoffice.audit.verify import entries
from jknoffice.audit.verify.streams import rows, snapshot

FORMAT_VERSION = 1
_SEALED = f"""
SELECT leaf.seq, entry.id, {entries.SELECTED} FROM audit_auditleaf AS leaf
JOIN audit_auditlog AS entry ON entry.id = leaf.audit_id
WHERE leaf.origin_id = %s AND leaf.seq >= %s AND leaf.seq < %s ORDER BY leaf.seq
"""  # noqa: S608  (names of our own)
_WAITING = f"""
SELECT NULL, entry.id, {entries.SELECTED} FROM audit_auditlog AS entry
WHERE entry.at_us >= %s AND entry.at_us < %s AND NOT EXISTS (
    SELECT FROM audit_auditleaf AS leaf WHERE origin_id = %s AND audit_id = entry.id AND seq < %s
) ORDER BY entry.id
"""  # noqa: S608
_README = """An export of the audit log of JKN Office
=======================================

Verify it with Python 3.11 and the package `cryptography`:

    python audit_verify.py --key VKEY --export . --notes YOUR_COPY_OF_A_WITNESS_FOLDER

Take VKEY from where the log published it, and audit_verify.py from a place that you trust: those in this folder are for
convenience only. entries.csv is for reading; what is proved is entries.jsonl.
"""


class NothingSealed(Exception):
    """There is no signed checkpoint yet: there is nothing that an export could prove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """How many entries an export shows, and how many leaves its tree has."""

    entries: int
    size: int


def write(
    *, since: datetime | None, until: datetime | None, out: Path, by: Actor, reason: str = "", with_proofs: bool = True
) -> Exported:
    """Write the entries from `since` to before `until` (None: open) into the folder `out`, and record that first.

    The hashes of all leaves go with it, so that every signed root can be rebuilt from a part as well. `reason` is a
    code. Raises FileExistsError when `out` holds anything, `NothingSealed`. Must be called outside a transaction.
    """
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty")
    bounds = {"from": since.isoformat() if since else None, "to": until.isoformat() if until else None}
    record_alone("audit.exported", by=by, after=bounds, reason=reason)
    with snapshot():
        return _write_all(since, until, out, with_proofs, bounds)


def _write_all(
    since: datetime | None, until: datetime | None, out: Path, with_proofs: bool, bounds: dict[str, str | None]
) -> Exported:
    at = timezone.now()
    origin = AuditOrigin.objects.last()
    newest = newest_signed(origin) if origin else None
    if origin is None or newest is None:
        raise NothingSealed
    part = part_between(origin, newest.size, since, until)
    shown = _write_entries(out, origin, part, newest, with_proofs)
    tree.write_leaves(out, origin, part.size)
    tree.write_notes(out, origin, part)
    tree.write_older(out, origin)
    _write_about(out, origin, part, bounds, at)
    return Exported(entries=shown, size=part.size)


def _write_entries(out: Path, origin: AuditOrigin, part: Part, newest: AuditCheckpoint, with_proofs: bool) -> int:
    shown, keys, subtrees = 0, handovers(origin), proofs.subtrees(origin)
    with (
        (out / "entries.jsonl").open("w", encoding="utf-8") as lines,
        (out / "proofs.jsonl").open("w", encoding="utf-8") as proof_lines,
        (out / "entries.csv").open("w", encoding="utf-8-sig", newline="") as csv_file,
    ):
        table = Table(csv_file)
        for seq, audit_id, text, _mac, *columns in _entries(origin, part):
            shown += 1
            table.add(seq, audit_id, columns)
            tree.add(lines, {"seq": seq, "id": audit_id, "entry": text, "columns": _plain(columns)})
            if with_proofs and seq is not None:
                # Where the tree has holes there is no proof; the export still shows what there is.
                with suppress(merkle.Mismatch):
                    path = merkle.inclusion_proof(seq, part.size, subtrees)
                    tree.add(proof_lines, made(seq, text, path, newest, keys))
    return shown


def _entries(origin: AuditOrigin, part: Part) -> Iterator[tuple[Any, ...]]:
    yield from rows(_SEALED, [origin.pk, part.first, part.after])
    yield from rows(_WAITING, [part.since_us, part.until_us, origin.pk, part.size])


def _plain(columns: list[Any]) -> dict[str, Any]:
    values = (each if each is None or isinstance(each, int) else str(each) for each in columns)
    return dict(zip(entries.COLUMNS, values, strict=True))


def _write_about(out: Path, origin: AuditOrigin, part: Part, bounds: dict[str, str | None], at: datetime) -> None:
    manifest = {
        "format": FORMAT_VERSION,
        "origin": origin.name,
        **bounds,
        "exported_at_us": microseconds(at),
        "first": part.first,
        "entries": part.after - part.first,
        "size": part.size,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    tree.write_keys(out, origin)
    (out / "README.txt").write_text(_README, encoding="utf-8")
    shutil.copyfile(audit_verify.__file__, out / "audit_verify.py")
