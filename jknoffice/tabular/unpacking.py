"""The bytes of a file, unpacked where it is packed."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from jknoffice.tabular.faults import CannotRead

CHUNK = 1024 * 1024
MOST_RATIO = 200
"""A register packs to a tenth; what unpacks to more than 200 times its size is a bomb, once it passes `HARMLESS`."""
HARMLESS = 64 * 1024 * 1024
_WORKBOOK = "xl/workbook.xml"


class Form(Enum):
    """How a file is packed, told by its first bytes, never by its name."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZIP = "zip"
    XLSX = "xlsx"


def form_of(path: Path) -> Form:
    """Return how a file is packed. Raises `CannotRead` when it cannot be opened."""
    with _reading(path), path.open("rb") as file:
        beginning = file.read(4)
        if beginning.startswith(b"\x1f\x8b"):
            return Form.GZIP
        if not beginning.startswith(b"PK\x03\x04"):
            return Form.PLAIN
        with zipfile.ZipFile(file) as archive:
            return Form.XLSX if _WORKBOOK in archive.namelist() else Form.ZIP


@contextmanager
def unpacked(path: Path, form: Form) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file: give the stream of its unpacked bytes, and the file below, whose position tells how far we are.

    Raises `CannotRead`, also while the streams are read within the block.
    """
    with _reading(path), path.open("rb") as below:
        if form is Form.PLAIN:
            yield below, below
        elif form is Form.GZIP:
            with gzip.GzipFile(fileobj=below) as packed:
                yield io.BufferedReader(_Guarded(packed, below)), below
        else:
            with zipfile.ZipFile(below) as archive, archive.open(_only_member(archive)) as member:
                yield io.BufferedReader(_Guarded(member, below)), below


class _Guarded(io.RawIOBase):
    """A stream that refuses to unpack a bomb."""

    def __init__(self, stream: Any, below: IO[bytes]) -> None:
        self._stream, self._below, self._read = stream, below, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._read += len(data)
        if self._read > HARMLESS and self._read > MOST_RATIO * max(self._below.tell(), 1):
            raise CannotRead("bomb", _("The file unpacks to far more than a register holds. Send it unpacked."))
        return len(data)


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [info for info in archive.infolist() if not info.is_dir() and not _is_clutter(info.filename)]
    if len(members) != 1:
        raise CannotRead(
            "members", _("The ZIP archive must hold exactly one file; it holds %(n)s.") % {"n": len(members)}
        )
    if members[0].flag_bits & 1:
        raise CannotRead("locked", _("The ZIP archive is locked with a password. Send it without one."))
    return members[0]


def _is_clutter(name: str) -> bool:
    """What macOS puts beside."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] == ".DS_Store"


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError) as error:
        raise CannotRead("damaged", _("The packed file is damaged or was cut off. Send it again.")) from error
    except OSError as error:
        sentence = _("The file cannot be read: %(reason)s.") % {"reason": error.strerror or type(error).__name__}
        raise CannotRead("unreadable", sentence) from error
