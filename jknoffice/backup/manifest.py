"""What one run of `manage.py backup` wrote: a file of JSON, which comes last and without which it is no back-up.

A set is a folder: `base/`, `documents/`, `manifests/` and the archive `wal/`. Each run adds a base back-up and those
photos that no earlier run of the set holds.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from jknoffice.backup import boxes

FORMAT = "jkn-backup/1"
FOLDER = "manifests"


class SetError(RuntimeError):
    """A set of back-ups is not what it should be; the message says why, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An encrypted file of the set: its path in it, its size in bytes, its SHA-256 in hex."""

    file: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One run: when it began (`at`), to whom it is encrypted, the base back-up, photos and their names, if any."""

    at: datetime
    recipient: str
    base: Piece
    documents: Piece | None
    names: Sequence[str]

    def write(self, folder: Path) -> Path:
        """Write it into a set, on the disk before it has its name; return the file."""
        file = folder / FOLDER / f"{stamp(self.at)}.json"
        told = {"format": FORMAT, **asdict(self), "at": self.at.isoformat(), "names": list(self.names)}
        with boxes.partial(file).open("w") as target:
            os.fchmod(target.fileno(), 0o600)
            json.dump(told, target, indent=1)
            target.flush()
            os.fsync(target.fileno())
        boxes.keep(file)
        return file


def stamp(at: datetime) -> str:
    """Return a moment as the files of a run are called: 20261129T081500Z."""
    return f"{at:%Y%m%dT%H%M%SZ}"


def read_all(folder: Path) -> list[Manifest]:
    """Return the runs of a set, the oldest first. Raises SetError when there is none or one cannot be read."""
    found = [_read(file) for file in sorted((folder / FOLDER).glob("*.json"))]
    if not found:
        raise SetError(f"{folder} holds no back-up: no file in {FOLDER}/.")
    return found


def _read(file: Path) -> Manifest:
    try:
        told = json.loads(file.read_text())
        if told["format"] != FORMAT:
            raise SetError(f"{file.name} is of another format.")
        return Manifest(
            at=datetime.fromisoformat(told["at"]),
            recipient=told["recipient"],
            base=Piece(**told["base"]),
            documents=Piece(**told["documents"]) if told["documents"] else None,
            names=told["names"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetError(f"{file.name} cannot be read.") from error
