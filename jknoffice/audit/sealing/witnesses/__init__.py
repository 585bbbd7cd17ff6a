"""Those who remember our checkpoints, so that a log that was cut short or rewritten does not go unseen.

A write-once folder always; HTTP witnesses (c2sp.org/tlog-witness) by setting.
"""

import logging

from django.conf import settings

from jknoffice.audit.models import AuditCheckpoint, AuditOrigin
from jknoffice.audit.sealing import keys, note
from jknoffice.audit.sealing.note import Checkpoint
from jknoffice.audit.sealing.witnesses.base import Disagreement, Unreachable, Witness
from jknoffice.audit.sealing.witnesses.folder import Folder
from jknoffice.audit.sealing.witnesses.http import HttpWitness

logger = logging.getLogger(__name__)


def all_witnesses() -> list[Witness]:
    """Return the witnesses that the settings name."""
    return [Folder(settings.JKN_SEAL_FOLDER), *[HttpWitness(url) for url in settings.JKN_SEAL_WITNESSES]]


def compare(origin: AuditOrigin) -> None:
    """Raise `Disagreement` when a witness has seen what our log does not hold.

    A witness that does not answer is passed over and logged: it will be asked again at the next run.
    """
    for witness in all_witnesses():
        try:
            compare_one(origin, witness)
        except Unreachable as error:
            logger.warning("witness %s does not answer: %s", witness.name, error)


def compare_one(origin: AuditOrigin, witness: Witness) -> None:
    """Raise `Disagreement` when this witness has seen what our log does not hold, `Unreachable` when it is silent."""
    newest = witness.newest(origin.name)
    if newest is not None:
        demand_held(origin, witness.name, newest)


def demand_held(origin: AuditOrigin, witness: str, newest: str) -> None:
    """Raise `Disagreement` when our log does not hold what the witness of that name has seen: the note `newest`."""
    seen = Checkpoint.parse(note.opened(newest))
    verifier = keys.verifier_for(origin, seen.size)
    held = AuditCheckpoint.objects.filter(origin=origin, size=seen.size).first()
    if verifier is None or held is None:
        raise Disagreement(f"witness {witness} has seen {seen.size} entries, and our log has no such checkpoint")
    note.opened(newest, verifier)
    if bytes(held.root) != seen.root:
        raise Disagreement(f"witness {witness} has seen another root for {seen.size} entries")


def hand_out(newest: AuditCheckpoint) -> None:
    """Give each witness the newest signed checkpoint unless it has it. Raises `Disagreement`."""
    for witness in all_witnesses():
        try:
            seen = witness.newest(newest.origin.name)
            size = Checkpoint.parse(note.opened(seen)).size if seen else 0
            if size < newest.size:
                witness.take(newest, seen=size)
        except Unreachable as error:
            logger.warning("witness %s does not answer: %s", witness.name, error)
