"""What every witness is to the sealer."""

from typing import Protocol

from jknoffice.audit.models import AuditCheckpoint
from jknoffice.audit.sealing.note import NoteError


class Unreachable(Exception):
    """A witness does not answer now."""


class Disagreement(NoteError):
    """A witness has seen what our log does not hold: it was cut short, restored from an old back-up, or forked."""


class Witness(Protocol):
    """One who remembers checkpoints."""

    name: str

    def newest(self, origin: str) -> str | None:
        """Return the newest note of an origin that it has seen, or None. Raises `Unreachable`."""

    def take(self, checkpoint: AuditCheckpoint, *, seen: int) -> None:
        """Give it a signed checkpoint, after one of `seen` leaves. Raises `Unreachable` and `Disagreement`."""
