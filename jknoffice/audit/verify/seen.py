"""What the witnesses have seen against what the log holds."""

from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.utils import timezone

from jknoffice.audit.models import AuditCheckpoint, AuditOrigin
from jknoffice.audit.sealing import witnesses
from jknoffice.audit.sealing.health import LONGEST_UNSEALED
from jknoffice.audit.sealing.note import NoteError
from jknoffice.audit.sealing.witnesses.base import Unreachable
from jknoffice.audit.sealing.witnesses.folder import Folder
from jknoffice.audit.verify.notes import Checkpointed

_AT_ONCE = 500


def problems(origin: AuditOrigin, *, newest: Checkpointed | None, since: int, closed: bool) -> Iterator[str]:
    """Yield where a witness has seen something else than the log of `origin` holds, from `since` leaves on.

    `newest` is the newest signed checkpoint of the log. A `closed` origin was left because the database had lost its
    end: what the witnesses know beyond that is why it was closed.
    """
    folder = Folder(settings.JKN_SEAL_FOLDER)
    last = newest.size if newest else 0
    kept = 0
    try:
        notes = folder.notes(origin.name, since)
        while batch := dict(islice(notes, _AT_ONCE)):
            kept = max(batch)
            yield from _differences(origin, folder, batch, last if closed else None)
    except Unreachable as error:
        yield f"{folder.name} cannot be read: {error}"
    overdue = newest is not None and timezone.now() - newest.sealed_at > LONGEST_UNSEALED
    if overdue and not closed and kept < last:
        yield f"{folder.name} lacks the newest checkpoint, of {last} entries"
    if not closed:
        yield from _answers(origin)


def _differences(origin: AuditOrigin, folder: Folder, batch: dict[int, str], lost_after: int | None) -> Iterator[str]:
    held = dict(AuditCheckpoint.objects.filter(origin=origin, size__in=batch).values_list("size", "note"))
    for size, text in batch.items():
        if size not in held:
            if lost_after is None or size <= lost_after:
                yield f"{folder.name} has seen {size} entries, and our log has no such checkpoint"
        elif held[size] != text:
            yield f"{folder.name} holds another note for {size} entries"


def _answers(origin: AuditOrigin) -> Iterator[str]:
    for witness in witnesses.all_witnesses():
        try:
            witnesses.compare_one(origin, witness)
        except Unreachable as error:
            yield f"witness {witness.name} cannot be asked: {error}"
        except NoteError as error:
            yield str(error)
