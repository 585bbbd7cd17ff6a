"""What the witnesses have seen against what the log holds.

They are asked first, and the log is read after that: while it is verified the sealer goes on, and a witness may well
know more than what is being read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import transaction

from jknoffice.audit.models import AuditCheckpoint, AuditOrigin
from jknoffice.audit.sealing import sealer, witnesses
from jknoffice.audit.sealing.health import LONGEST_UNSEALED
from jknoffice.audit.sealing.note import NoteError
from jknoffice.audit.sealing.witnesses.base import Unreachable
from jknoffice.audit.sealing.witnesses.folder import Folder
from jknoffice.audit.verify.notes import Checkpointed

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the witnesses of one origin had when they were asked.

    `largest` is the largest size in the folder, `newest` the newest note by the name of its witness, `silent` tells
    which did not answer.
    """

    largest: int
    newest: dict[str, str]
    silent: list[str]


@transaction.atomic
def look(origin: AuditOrigin) -> Seen:
    """Ask the witnesses of an origin. What they answer is in the database once this returns."""
    sealer.lock()
    largest, newest, silent = 0, {}, []
    folder = Folder(settings.JKN_SEAL_FOLDER)
    try:
        largest = folder.largest(origin.name)
    except Unreachable as error:
        silent.append(f"{folder.name} cannot be read: {error}")
    for witness in witnesses.all_witnesses():
        try:
            if (found := witness.newest(origin.name)) is not None:
                newest[witness.name] = found
        except Unreachable as error:
            silent.append(f"witness {witness.name} cannot be asked: {error}")
    return Seen(largest=largest, newest=newest, silent=silent)


def problems(
    origin: AuditOrigin, seen: Seen, *, newest: Checkpointed | None, since: int, closed: bool, at: datetime
) -> Iterator[str]:
    """Yield where a witness has seen something else than the log of `origin` holds, from `since` leaves on.

    `newest` is the newest signed checkpoint of the log at the moment `at`. A `closed` origin was left because the
    database had lost its end: what the witnesses know beyond that is why it was closed.
    """
    folder = Folder(settings.JKN_SEAL_FOLDER)
    last = newest.size if newest else 0
    try:
        notes = folder.notes(origin.name, since=since, until=seen.largest)
        while batch := dict(islice(notes, _AT_ONCE)):
            yield from _differences(origin, folder, batch, last if closed else None)
    except Unreachable as error:
        yield f"{folder.name} cannot be read: {error}"
    if closed:
        return
    if newest is not None and at - newest.sealed_at > LONGEST_UNSEALED and seen.largest < last:
        yield f"{folder.name} lacks the newest checkpoint, of {last} entries"
    yield from seen.silent
    for name, text in seen.newest.items():
        try:
            witnesses.demand_held(origin, name, text)
        except NoteError as error:
            yield str(error)


def _differences(origin: AuditOrigin, folder: Folder, batch: dict[int, str], lost_after: int | None) -> Iterator[str]:
    held = dict(AuditCheckpoint.objects.filter(origin=origin, size__in=batch).values_list("size", "note"))
    for size, text in batch.items():
        if lost_after is not None and size > lost_after:
            continue
        if size not in held:
            yield f"{folder.name} has seen {size} entries, and our log has no such checkpoint"
        elif held[size] != text:
            yield f"{folder.name} holds another note for {size} entries"
