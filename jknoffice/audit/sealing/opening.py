"""Opening a new origin: after a restore that lost entries which a witness has seen, and that cannot be replayed.

The new tree begins with the entry that names the end of the old one; the sealer then seals again all that is left.
"""

import base64
import hashlib
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.audit.models import AuditCheckpoint, AuditOrigin
from jknoffice.audit.sealing import note, sealer, witnesses
from jknoffice.audit.sealing.merkle import EMPTY_ROOT
from jknoffice.audit.sealing.note import Checkpoint
from jknoffice.audit.sealing.witnesses.base import Disagreement, Unreachable, Witness
from jknoffice.audit.shredding import second_officer
from jknoffice.refusal import Refusal

NAME_LENGTH = 120


class Why(models.TextChoices):
    """Why the end of the log is lost. The log shows the code."""

    RESTORED = "restored", _("Restored from a back-up, and what came after it is lost")
    RESTORED_DAMAGED = "restored_damaged", _("Restored from a back-up, and what came after it is damaged")


class NotNeeded(Refusal):
    """No witness has seen more than the log holds: nothing is lost, and the present origin goes on."""

    code = "origin_not_needed"
    sentence = _("No witness has seen more than the log holds. The present origin goes on.")


class BadName(Refusal):
    """The name is taken, too long, or none for a note."""

    code = "origin_name"
    sentence = _("Give a name that no origin has had: up to 120 characters, neither white space nor a plus sign.")


@transaction.atomic
def open_origin(*, name: str, why: Why, by: Actor, second: Actor, at: datetime) -> AuditOrigin:
    """Open the origin `name` and record that with both officers; return it. The sealer goes on by itself.

    Its first entry names the last signed note that the old origin kept, and the newest that a witness has seen: size,
    root (base64) and SHA-256 of the note (hexadecimal). Raises `BadName`; `NotNeeded` unless a witness has seen what
    the log does not hold. The caller answers for who may do this.
    """
    sealer.lock()
    old = AuditOrigin.objects.last()
    witnessed = _lost(old) if old else None
    if old is None or witnessed is None:
        raise NotNeeded
    if not _is_name(name) or AuditOrigin.objects.filter(name=name).exists():
        raise BadName
    entry = record(
        AuditOrigin.OPENED,
        by=by,
        reason=why.value,
        after={"origin": name, **kept_by(old), **_described("witnessed", witnessed), **second_officer(second)},
        at=at,
    )
    return AuditOrigin.objects.create(name=name, opened_at=at, first_entry=entry.pk)


def kept_by(old: AuditOrigin) -> dict[str, str | int]:
    """Return what the entry that opens the next origin says of the end of `old` in this database."""
    last = AuditCheckpoint.objects.filter(origin=old, note__isnull=False).last()
    kept = _described("kept", last.note or "") if last else _facts("kept", 0, EMPTY_ROOT, "")
    return {"old_origin": old.name, **kept}


def _lost(old: AuditOrigin) -> str | None:
    """Return the largest note of `old` that a witness has seen and the log does not hold, None when there is none."""
    found = [lost for witness in witnesses.all_witnesses() if (lost := _lost_by(old, witness)) is not None]
    return max(found, key=lambda text: Checkpoint.parse(note.opened(text)).size, default=None)


def _lost_by(old: AuditOrigin, witness: Witness) -> str | None:
    try:
        newest = witness.newest(old.name)
        if newest is not None:
            witnesses.demand_held(old, witness.name, newest)
    except Unreachable:
        return None
    except Disagreement:
        return newest
    return None


def _described(which: str, text: str) -> dict[str, str | int]:
    said = Checkpoint.parse(note.opened(text))
    return _facts(which, said.size, said.root, text)


def _facts(which: str, size: int, root: bytes, text: str) -> dict[str, str | int]:
    return {
        f"{which}_size": size,
        f"{which}_root": base64.b64encode(root).decode(),
        f"{which}_note": hashlib.sha256(text.encode()).hexdigest(),
    }


def _is_name(name: str) -> bool:
    plain = name.isprintable() and not any(char.isspace() or char == "+" for char in name)
    return plain and 0 < len(name) <= NAME_LENGTH
