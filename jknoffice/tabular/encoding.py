"""Which encoding a text file has, and its digest."""

import codecs
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from jknoffice.tabular.faults import CannotRead
from jknoffice.tabular.unpacking import CHUNK, Form, unpacked

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_WINDOWS = "cp1252"
# What spreadsheets on Windows write: no control characters, and five bytes that have no meaning there.
_FOREIGN_TO_WINDOWS = {*range(9), 11, 12, *range(14, 32), 127, 0x81, 0x8D, 0x8F, 0x90, 0x9D}
_OF_WINDOWS = bytes(set(range(256)) - _FOREIGN_TO_WINDOWS)


def encoding_of(path: Path, form: Form) -> str:
    """Return the encoding of a text file: UTF-8 with or without a mark, UTF-16 with one, or Windows-1252.

    All of the file is read once, twice if it is no UTF-8. Raises `CannotRead` when it is none of these.
    """
    with unpacked(path, form) as (stream, _below):
        beginning = stream.read(3)
    for bom, encoding in _BOMS.items():
        if beginning.startswith(bom):
            return encoding
    if _is_utf8(path, form):
        return "utf-8"
    if all(not chunk.translate(None, _OF_WINDOWS) for chunk in _chunks(path, form)):
        return _WINDOWS
    raise CannotRead("encoding", _("The file is neither UTF-8 nor Windows text. Save it as “CSV UTF-8”."))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file as it lies there, in hexadecimal. Raises `CannotRead`."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CannotRead(
            "unreadable", _("The file cannot be read: %(reason)s.") % {"reason": error.strerror}
        ) from error


def _is_utf8(path: Path, form: Form) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(path, form):
            if b"\0" in chunk:
                raise CannotRead("no_text", _("The file is no text: it holds NUL characters."))
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(path: Path, form: Form) -> Iterator[bytes]:
    with unpacked(path, form) as (stream, _below):
        while chunk := stream.read(CHUNK):
            yield chunk
