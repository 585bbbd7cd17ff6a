"""The sealer: makes leaves of new entries, signs the root, and hands it to the witnesses.

Several may run; one advisory lock lets one work at a time. It takes the lock first and reads after it, in READ
COMMITTED: read before the lock, and two sealers would build on the same checkpoint.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from jknoffice import clock
from jknoffice.audit.entry import mac_of
from jknoffice.audit.models import AuditCheckpoint, AuditHalt, AuditLeaf, AuditNode, AuditOrigin
from jknoffice.audit.sealing import keys, note, witnesses
from jknoffice.audit.sealing.merkle import Mismatch, Tree, leaf_hash
from jknoffice.audit.sealing.note import Checkpoint

LOCK = 0x4A4B4E53  # "JKNS"
BATCH = 5000
FLOOR_LAG = timedelta(hours=1)
"""An entry may be committed after ones with a higher id; transactions die long before this."""


class Halted(Exception):
    """Something does not fit: nothing was sealed or signed. The message says what, for the people who must look."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many entries were sealed now, and how many leaves the tree has."""

    entries: int
    size: int


def seal(*, at: datetime | None = None, batch: int = BATCH, everything: bool = False) -> Sealed:
    """Seal up to `batch` waiting entries, then sign and publish. Returns what was done.

    `everything` looks at all entries, not only at those above the floor: the nightly search for stragglers. Raises
    `Halted` when the tree, an entry's mac or a witness does not fit; that is recorded, and readiness fails until a
    later run finds all well.
    """
    at = at or clock.now()
    try:
        sealed = _seal(at, batch, everything)
        publish()
    except (Halted, Mismatch, note.NoteError) as error:
        if not AuditHalt.objects.filter(ended_at=None, reason=str(error)).exists():
            AuditHalt.objects.create(reason=str(error), halted_at=at)
        raise Halted(str(error)) from error
    AuditHalt.objects.filter(ended_at=None).update(ended_at=at)
    return sealed


def seal_all(*, everything: bool = False, batch: int = BATCH) -> Sealed:
    """Seal in batches until nothing waits; return how much in all. Takes and raises what `seal()` does."""
    entries = 0
    while True:
        sealed = seal(batch=batch, everything=everything)
        entries += sealed.entries
        if sealed.entries < batch:
            return Sealed(entries, sealed.size)


def origin() -> AuditOrigin:
    """Return the present origin; the first call makes the first one."""
    found = AuditOrigin.objects.last()
    if found is None:
        found, _made = AuditOrigin.objects.get_or_create(
            name=settings.JKN_SEAL_ORIGIN, defaults={"opened_at": clock.now()}
        )
    return found


@transaction.atomic
def publish() -> None:
    """Sign what is committed and newer than all that is signed, and hand the newest note to each witness that lacks it.

    After a crash the same bytes come out: Ed25519 signatures have no randomness. An older checkpoint that has lost its
    note is not signed again: it may be somebody else's. Raises `Halted` when another key than the known one would sign.
    """
    lock()
    present = origin()
    checkpoints = AuditCheckpoint.objects.filter(origin=present)
    signed = checkpoints.filter(note__isnull=False).last()
    for checkpoint in checkpoints.filter(size__gt=signed.size if signed else 0):
        signer = keys.signer(present)
        if keys.verifier_for(present, checkpoint.size) != signer.verifier:
            raise Halted(f"checkpoint {checkpoint.size} is to be signed by another key")
        text = Checkpoint(present.name, checkpoint.size, bytes(checkpoint.root)).text()
        checkpoint.note = note.signed(text, signer)
        checkpoint.save(update_fields=["note"])
    newest = checkpoints.last()
    if newest is not None:
        witnesses.hand_out(newest)


def lock() -> None:
    """Let one sealer work at a time, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def _seal(at: datetime, batch: int, everything: bool) -> Sealed:
    lock()
    present = origin()
    last = AuditCheckpoint.objects.filter(origin=present).last()
    tree = Tree.unpacked(last.size, bytes(last.frontier)) if last else Tree()
    if last and tree.root() != bytes(last.root):
        raise Halted(f"the root of checkpoint {last.size} does not follow from its frontier")
    _demand_key(present, tree.size, at)
    witnesses.compare(present)
    rows = _waiting(present, last, 0 if everything else _floor(present, at), batch)
    if not rows:
        return Sealed(0, tree.size)
    first = tree.size
    leaves, nodes = [], []
    for audit_id, entry, mac in rows:
        if bytes(mac) != mac_of(entry):
            raise Halted(f"entry {audit_id} was not written by the application: its mac does not fit")
        leaf = leaf_hash(entry.encode())
        leaves.append((tree.size, audit_id, leaf))
        nodes += [node for node in tree.push(leaf) if node[0] >= AuditNode.LOWEST]
    _write(present, leaves, nodes)
    AuditCheckpoint.objects.create(
        origin=present,
        size=tree.size,
        root=tree.root(),
        frontier=tree.packed(),
        highest_id=max(last.highest_id if last else 0, *(row[0] for row in rows)),
        sealed_at=at,
    )
    return Sealed(tree.size - first, tree.size)


def _demand_key(present: AuditOrigin, size: int, at: datetime) -> None:
    """Halt when another key than the last known one would sign; the very first one is recorded."""
    verifier = keys.signer(present).verifier
    known = keys.verifier_for(present, size + 1)
    if known is None:
        keys.remember(present, verifier, from_size=0, at=at)
    elif known != verifier:
        raise Halted(
            "the sealing key is not the one in use: only rotate_audit_key changes it, and then the settings follow"
        )


def _floor(present: AuditOrigin, at: datetime) -> int:
    old = AuditCheckpoint.objects.filter(origin=present, sealed_at__lt=at - FLOOR_LAG).last()
    return old.highest_id if old else 0


def _waiting(
    present: AuditOrigin, last: AuditCheckpoint | None, floor: int, batch: int
) -> list[tuple[int, str, bytes]]:
    """Return id, text and mac of entries without a leaf: new ones, and once those are few, stragglers below them.

    The entry that opens an origin becomes its leaf 0.
    """
    if last is None and present.first_entry:
        return _read("id = %s", [present.first_entry])
    highest = last.highest_id if last and last.highest_id != present.first_entry else 0
    without_leaf = "NOT EXISTS (SELECT FROM audit_auditleaf AS leaf WHERE origin_id = %s AND audit_id = entry.id)"
    fresh = _read(f"id > %s AND {without_leaf} ORDER BY id LIMIT %s", [highest, present.pk, batch])
    if len(fresh) == batch:
        return fresh
    late = _read(f"id > %s AND id <= %s AND {without_leaf} ORDER BY id LIMIT %s", [floor, highest, present.pk, batch])
    return [*late, *fresh]


def _read(which: str, parameters: list[int]) -> list[tuple[int, str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, entry, mac FROM audit_auditlog AS entry WHERE {which}", parameters)  # noqa: S608
        return list(cursor.fetchall())


def _write(present: AuditOrigin, leaves: list[tuple[int, int, bytes]], nodes: list[tuple[int, int, bytes]]) -> None:
    targets = (
        (AuditLeaf, "seq, audit_id, hash", leaves),
        (AuditNode, "level, index, hash", nodes),
    )
    with connection.cursor() as cursor:
        for model, columns, rows in targets:
            with cursor.copy(f"COPY {model._meta.db_table} (origin_id, {columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((present.pk, *row))
