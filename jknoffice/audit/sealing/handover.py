"""The hand-over of a log from one key to the next: a note that both keys sign. Pure.

Its text has five lines: the origin, `hand-over`, how many leaves the log had, their root in base64, and the new key.
Whoever has the first published key follows the hand-overs to the present one; no checkpoint looks like one of them.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from jknoffice.audit.sealing import note
from jknoffice.audit.sealing.note import Checkpoint, NoteError, Signer, Verifier

_WORD = "hand-over"


@dataclass(frozen=True, slots=True)
class Handover:
    """The key `new` signs checkpoints larger than `at`."""

    at: Checkpoint
    new: Verifier

    def text(self) -> str:
        """Return the text of the note."""
        root = base64.b64encode(self.at.root).decode()
        return f"{self.at.origin}\n{_WORD}\n{self.at.size}\n{root}\n{self.new.vkey}\n"

    @classmethod
    def parse(cls, text: str) -> "Handover":
        """Return the hand-over that a note's text states; raise `NoteError` when it states none."""
        lines = text.split("\n")
        if len(lines) != 6 or lines[1] != _WORD or lines[5]:
            raise NoteError("not a hand-over")
        found = cls(Checkpoint.parse(f"{lines[0]}\n{lines[2]}\n{lines[3]}\n"), Verifier.parse(lines[4]))
        if found.new.name != found.at.origin or found.text() != text:
            raise NoteError("not a hand-over of this log")
        return found


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key, and the checkpoint after which it signs; None for the first key."""

    verifier: Verifier
    after: Checkpoint | None


def signed(at: Checkpoint, *, old: Signer, new: Signer) -> str:
    """Return the note by which `old` hands the log over to `new`, signed by both."""
    return note.signed(Handover(at, new.verifier).text(), old, new)


def followed(first: Verifier, handovers: Sequence[str]) -> list[KeyInUse]:
    """Return all keys of a log, from the `first` one along the notes of its hand-overs, oldest first.

    Raises `NoteError` when a note was not signed by the key before it and by its own.
    """
    chain = [KeyInUse(first, None)]
    for text in handovers:
        last = chain[-1]
        found = Handover.parse(note.opened(text, last.verifier))
        note.opened(text, found.new)
        smaller = last.after is not None and found.at.size < last.after.size
        if found.at.origin != first.name or smaller or found.new in [each.verifier for each in chain]:
            raise NoteError("a hand-over is out of order")
        chain.append(KeyInUse(found.new, found.at))
    return chain


def key_at(chain: Sequence[KeyInUse], size: int) -> Verifier:
    """Return the key that signs checkpoints of `size` leaves."""
    return next(key.verifier for key in reversed(chain) if key.after is None or key.after.size < size)
