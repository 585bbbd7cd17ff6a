"""Passwords that became known in thefts of data, looked up in a file as haveibeenpwned.com gives it.

The file has one line for each password, sorted: the SHA-1 in hexadecimal digits, a colon, and how often it was seen.
With 40 GB it is never loaded: a look-up reads some forty lines.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import BinaryIO

_DIGITS = 40
_LONGEST_LINE = 80
_LINE = re.compile(rb"[0-9A-F]{40}(:[0-9]+)?")
_SAMPLES = 200


def is_listed(password: str, *, file: Path) -> bool:
    """Return whether a password stands in the file. Raises OSError when that cannot be read."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as opened:
        low, high = 0, opened.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            if _line_from(opened, middle)[:_DIGITS] < wanted:
                low = middle + 1
            else:
                high = middle
        return _line_from(opened, low)[:_DIGITS] == wanted


def looks_right(file: Path) -> bool:
    """Return whether lines from all over the file have the form that is needed, in rising order. Raises OSError."""
    with file.open("rb") as opened:
        size = opened.seek(0, os.SEEK_END)
        found = [_line_from(opened, size * number // _SAMPLES) for number in range(_SAMPLES)]
    lines = [line for line in found if line != _END]
    return bool(lines) and all(map(_LINE.fullmatch, lines)) and lines == sorted(lines)


_END = b"~"
"""Stands for the end of the file: greater than every line."""


def _line_from(opened: BinaryIO, offset: int) -> bytes:
    """Return the first line that begins at `offset` or after it, in capitals."""
    opened.seek(max(offset - 1, 0))
    if offset:
        opened.readline(_LONGEST_LINE)
    return opened.readline(_LONGEST_LINE).strip().upper() or _END
