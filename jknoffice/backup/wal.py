"""`python -m jknoffice.backup.wal %p --to DIR --recipient FILE`: `archive_command`, without any of our keys.

PostgreSQL's own user runs it for each file of the log that is full: it needs the public key and nothing of the product,
so that the database server holds none of the keys that its data is encrypted with. Exit status 0: the file is on the
disk in the archive, compressed and encrypted; 1: it is not, and PostgreSQL tries again (its manual, 25.3.1).
"""

import argparse
import hashlib
import os
import re
import sys
import uuid
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from pyrage.x25519 import Recipient

from jknoffice.backup import boxes

FOLDER = "wal"
NAME = re.compile(r"[0-9A-F]{24}|[0-9A-F]{24}\.(?:[0-9A-F]{8}\.backup|partial)|[0-9A-F]{8}\.history")
SUFFIX = f".gz{boxes.SUFFIX}"
"""Compressed first: a file that is closed after a quiet minute (`archive_timeout`) is 16 MiB of zeros."""
DIGEST = ".sha256"


class ArchiveError(RuntimeError):
    """A file of the log cannot be archived; the message says why, for people."""


def archive(path: Path, *, to: Path, recipient: Recipient) -> bool:
    """Encrypt one file of the log into the archive `to`, and return whether it was new there.

    What is there already with the same content is left alone: PostgreSQL asks again after a crash between the two.
    Raises ArchiveError when it is there with other content (two servers with one archive), or is no file of the log.
    """
    if not NAME.fullmatch(path.name):
        raise ArchiveError(f"{path.name} is no file of the log.")
    folder = to / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    file = folder / f"{path.name}{SUFFIX}"
    if file.exists():
        return _same(file, digest)
    # Nobody else has this name: a second server at the same archive writes beside us, and one of both wins the link.
    mine = folder / f".{path.name}.{uuid.uuid4().hex}"
    try:
        with path.open("rb") as source:
            boxes.write(cast(BinaryIO, _Compressed(source)), mine, to=recipient)
        # The digest of what is inside stands in the name of a file, for the archive's machine cannot open it.
        noted = folder / f"{path.name}.{digest}{DIGEST}"
        noted.touch(mode=0o600)
        os.link(boxes.partial(mine), file)
    except FileExistsError:
        return _same(file, digest)
    finally:
        boxes.partial(mine).unlink(missing_ok=True)
    boxes.sync(folder)
    return True


def check(plain: Path, archive: Path) -> None:
    """Raise ArchiveError unless a decrypted file holds what its archived one (in the folder `archive`) was made of."""
    with plain.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    if not (archive / f"{plain.name}.{digest}{DIGEST}").exists():
        raise ArchiveError(f"{plain.name} does not hold what was archived.")


class _Compressed:
    """A stream whose bytes are those of another one, in the format of gzip (RFC 1952)."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._ready = source, bytearray()
        self._packing = zlib.compressobj(level=1, wbits=31)
        self._ended = False

    def read(self, size: int) -> bytes:
        while len(self._ready) < size and not self._ended:
            plain = self._source.read(1 << 20)
            self._ended = not plain
            self._ready += self._packing.compress(plain) if plain else self._packing.flush()
        given = bytes(self._ready[:size])
        del self._ready[:size]
        return given


def _same(file: Path, digest: str) -> bool:
    """Return False when the archived file has this content. Raises ArchiveError when it has another."""
    name = file.name.removesuffix(SUFFIX)
    # Not `{name}.*`: where a base back-up began, NAME.OFFSET.backup is called after a file of the log.
    noted = {each.name.split(".")[-2] for each in file.parent.glob(f"{name}.{'[0-9a-f]' * 64}{DIGEST}")}
    if noted != {digest}:
        raise ArchiveError(f"{name} is in the archive with other content: does another server write there?")
    boxes.sync(file.parent)
    return False


def main(arguments: list[str]) -> int:
    """Archive what the command line names; return 0, or 1 with a sentence on standard error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="%%p of archive_command")
    parser.add_argument("--to", type=Path, required=True, help="the archive, the same folder as of `manage.py backup`")
    parser.add_argument("--recipient", type=Path, required=True, help="file with the public key (age1…)")
    given = parser.parse_args(arguments)
    try:
        key = boxes.recipient(given.recipient.read_text())
        archive(given.path, to=given.to, recipient=key)
    except (ArchiveError, boxes.BoxError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
