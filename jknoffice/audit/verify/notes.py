"""Signatures: the chain of keys of a tree, and the note of each of its checkpoints."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from jknoffice.audit.models import AuditCheckpoint, AuditKey, AuditOrigin
from jknoffice.audit.sealing import keys, note
from jknoffice.audit.sealing.handover import KeyInUse, followed, key_at
from jknoffice.audit.sealing.health import LONGEST_UNSEALED
from jknoffice.audit.sealing.merkle import EMPTY_ROOT
from jknoffice.audit.sealing.note import Checkpoint, NoteError, Verifier
from jknoffice.audit.verify.report import Problems


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """A checkpoint as it is stored."""

    size: int
    root: bytes
    frontier: bytes
    highest_id: int
    note: str | None
    sealed_at: datetime

    @classmethod
    def of(cls, row: AuditCheckpoint) -> "Checkpointed":
        """Return what a row holds."""
        return cls(row.size, bytes(row.root), bytes(row.frontier), row.highest_id, row.note, row.sealed_at)


class Notes:
    """Checks the notes of one tree as it was at the moment `at`, in the order of their sizes.

    `newest` is the last signed one that it has seen. The end of a `closed` origin may be unsigned: the back-up was made
    between commit and signature, and nobody signs there any more.
    """

    def __init__(self, origin: AuditOrigin, problems: Problems, at: datetime, *, closed: bool = False) -> None:
        self.origin, self.problems, self.at, self.closed = origin, problems, at, closed
        self.newest: Checkpointed | None = None
        self._unsigned: list[int] = []
        self._chain = self._followed()

    def check(self, checkpoint: Checkpointed) -> None:
        """Demand that the note of a checkpoint is signed by the key of its time, and says what the checkpoint does."""
        if checkpoint.note is None:
            if self.at - checkpoint.sealed_at > LONGEST_UNSEALED and not self.closed:
                self._tell(f"checkpoint {checkpoint.size} is not signed")
            elif len(self._unsigned) < 10:
                self._unsigned.append(checkpoint.size)
            return
        for size in self._unsigned:
            self._tell(f"checkpoint {size} is not signed, though a later one is")
        self._unsigned.clear()
        self.newest = checkpoint
        if self._chain:
            self._demand_note(checkpoint, checkpoint.note, key_at(self._chain, checkpoint.size))

    def demand_present_key(self) -> None:
        """Demand that the key in the settings, where they name one, is the last of the chain."""
        given = bool(settings.JKN_SEAL_KEY) or settings.JKN_SEAL_KEY_FILE.exists()
        if given and self._chain and self._chain[-1].verifier != keys.signer(self.origin).verifier:
            self._tell("the sealing key of the settings is not the one in use")

    def _demand_note(self, checkpoint: Checkpointed, text: str, verifier: Verifier) -> None:
        said = Checkpoint(self.origin.name, checkpoint.size, checkpoint.root).text()
        try:
            if note.opened(text, verifier) != said:
                self._tell(f"the note of checkpoint {checkpoint.size} says something else")
            elif text.count("\n") != said.count("\n") + 2:
                self._tell(f"the note of checkpoint {checkpoint.size} has more than our signature")
        except NoteError as error:
            self._tell(f"the note of checkpoint {checkpoint.size}: {error}")

    def _followed(self) -> list[KeyInUse]:
        rows = list(AuditKey.objects.filter(origin=self.origin).order_by("id"))
        if not rows:
            if AuditCheckpoint.objects.filter(origin=self.origin).exists():
                self._tell("no key is known")
            return []
        try:
            chain = followed(Verifier.parse(rows[0].vkey), [row.handover for row in rows[1:]])
        except NoteError as error:
            self._tell(f"the keys: {error}")
            return []
        if rows[0].handover or chain[0].verifier.name != self.origin.name:
            self._tell("the first key is not this log's")
        for row, key in zip(rows, chain, strict=True):
            if (row.vkey, row.from_size) != (key.verifier.vkey, key.after.size if key.after else 0):
                self._tell(f"key {row.pk} is not the one that was handed over to")
            elif key.after and key.after.root != self._root_at(key.after.size):
                self._tell(f"key {row.pk} was handed over at another root")
        return chain

    def _root_at(self, size: int) -> bytes | None:
        if size == 0:
            return EMPTY_ROOT
        found = AuditCheckpoint.objects.filter(origin=self.origin, size=size).values_list("root", flat=True).first()
        return bytes(found) if found is not None else None

    def _tell(self, sentence: str) -> None:
        self.problems.add(f"{self.origin.name}: {sentence}")
