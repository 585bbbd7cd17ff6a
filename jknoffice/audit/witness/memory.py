"""What a witness remembers: the newest checkpoint of each log, on disk before it says so."""

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from jknoffice.audit.sealing import merkle, note
from jknoffice.audit.sealing.note import Checkpoint, NoteError, Verifier


class Untrusted(Exception):
    """The log is not one that this witness watches, or none of its keys has signed."""


class Conflict(Exception):
    """The witness has seen another size, or another root for this size. `size` is what it has seen last."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Memory:
    """The newest notes in `folder`, one file for each log; `keys` are those it trusts, several for one log or many."""

    def __init__(self, folder: Path, keys: Sequence[Verifier]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.keys = folder, keys
        self._lock = threading.Lock()

    def newest(self, place: str) -> str | None:
        """Return the newest note of the log whose name's SHA-256 is `place` (64 hexadecimal digits), or None."""
        if place not in {place_of(key.name) for key in self.keys}:
            return None
        try:
            return self._path(place).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def add(self, text: str, *, old: int, proof: Sequence[bytes]) -> None:
        """Remember the note `text`, which grew out of `old` leaves by `proof`; return once it is on the disk.

        Raises `Untrusted`; `Conflict` when `old` is not what was seen last, or the same size has another root;
        `merkle.Mismatch` when the proof is wrong; `note.NoteError` when `text` is no checkpoint.
        """
        new = self._trusted(text)
        if old > new.size:
            raise NoteError("the old size is larger than the new one")
        with self._lock:
            seen = self._seen(new.origin)
            if old != seen.size or (old == new.size and seen.root != new.root):
                raise Conflict(seen.size)
            if old:
                merkle.verify_consistency(old=old, new=new.size, old_root=seen.root, new_root=new.root, proof=proof)
            elif proof:
                raise merkle.Mismatch("nothing to prove from the empty tree")
            self._remember(self._path(place_of(new.origin)), text)

    def _trusted(self, text: str) -> Checkpoint:
        """Return the checkpoint of a note that a known key of its log has signed."""
        new = Checkpoint.parse(note.opened(text))
        for key in self.keys:
            if key.name == new.origin:
                try:
                    note.opened(text, key)
                except NoteError:
                    continue
                return new
        raise Untrusted("no known key of this log has signed")

    def _seen(self, origin: str) -> Checkpoint:
        newest = self.newest(place_of(origin))
        return Checkpoint.parse(note.opened(newest)) if newest else Checkpoint(origin, 0, merkle.EMPTY_ROOT)

    def _path(self, place: str) -> Path:
        return self.folder / f"{place}.note"

    def _remember(self, path: Path, text: str) -> None:
        unfinished = path.with_suffix(".new")
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        # The new name is on the disk only when the folder is.
        number = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def place_of(origin: str) -> str:
    """Return the name under which a log's checkpoint is asked for: the SHA-256 of its origin in hexadecimal."""
    return hashlib.sha256(origin.encode()).hexdigest()
