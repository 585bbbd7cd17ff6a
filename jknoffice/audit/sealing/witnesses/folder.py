"""A folder in which each checkpoint is written once: one file a size, never replaced.

Mount it where the web and database servers can add files but not change them (an append-only attribute, an object
lock, another machine's share), and copy it away: what was copied cannot be rewritten.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from jknoffice.audit.models import AuditCheckpoint
from jknoffice.audit.sealing.witnesses.base import Disagreement, Unreachable

PER_FOLDER = 100_000


class Folder:
    """Notes as files, readable by all, writable by none.

    The note of 1234567 entries is `<folder>/<hash of the origin>/000000000000012/00000000000001234567.note`: a folder
    for each hundred thousand entries, so that finding the newest stays fast for years.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = f"folder {folder}"

    def newest(self, origin: str) -> str | None:
        """Return the note with the largest size."""
        path = self._newest_path(origin)
        try:
            return path.read_text(encoding="utf-8") if path else None
        except (OSError, ValueError) as error:
            raise Unreachable(str(error)) from error

    def largest(self, origin: str) -> int:
        """Return the largest size that it has a note for, 0 when it has none."""
        path = self._newest_path(origin)
        try:
            return int(path.stem) if path else 0
        except ValueError as error:
            raise Unreachable(str(error)) from error

    def notes(self, origin: str, *, since: int, until: int) -> Iterator[tuple[int, str]]:
        """Yield size and note of all that it holds from `since` to `until` leaves, in the order of their sizes."""
        try:
            for place in sorted(self._place(origin).glob("*/")):
                for path in sorted(place.glob("*.note")) if int(place.name) >= since // PER_FOLDER else ():
                    if since <= int(path.stem) <= until:
                        yield int(path.stem), path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise Unreachable(str(error)) from error

    def _newest_path(self, origin: str) -> Path | None:
        try:
            for place in sorted(self._place(origin).glob("*/"), reverse=True):
                if found := max(place.glob("*.note"), default=None):
                    return found
        except OSError as error:
            raise Unreachable(str(error)) from error
        return None

    def take(self, checkpoint: AuditCheckpoint, *, seen: int) -> None:
        """Write the note; one that is there already must be the same, byte for byte."""
        place = self._place(checkpoint.origin.name) / f"{checkpoint.size // PER_FOLDER:015}"
        path = place / f"{checkpoint.size:020}.note"
        text = checkpoint.note or ""
        unfinished = place / f".{checkpoint.size:020}.{os.getpid()}"
        try:
            place.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(text, encoding="utf-8")
            unfinished.chmod(0o444)
            try:
                # A link fails where the file exists, and never shows half a note.
                path.hardlink_to(unfinished)
            finally:
                unfinished.unlink()
        except FileExistsError as error:
            if path.read_text(encoding="utf-8") != text:
                raise Disagreement(f"{self.name} holds another note for {checkpoint.size} entries") from error
        except OSError as error:
            raise Unreachable(str(error)) from error

    def _place(self, origin: str) -> Path:
        return self.folder / hashlib.sha256(origin.encode()).hexdigest()[:16]
