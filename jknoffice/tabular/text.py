"""Rows of a CSV file."""

import csv
import io
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from jknoffice.tabular.faults import CannotRead

SEPARATORS = ",;\t|"
_LONGEST_HEADER = 100_000


def separator_of(stream: IO[bytes], encoding: str) -> str:
    """Return what separates the cells of the first line: of `,` `;` tab and `|` the one that stands there most.

    Only the header is asked: data may hold any of them.
    """
    with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        try:
            header = text.readline(_LONGEST_HEADER)
        except UnicodeError as error:
            raise _not_in(encoding) from error
    outside = "".join(header.split('"')[::2])
    return max(SEPARATORS, key=outside.count)


def rows_of(stream: IO[bytes], encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the numbers of the lines on which they begin; a quoted cell may span several lines.

    Empty lines are left out. Raises `CannotRead` where the text is no CSV.
    """
    with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        reader = csv.reader(text, delimiter=separator, strict=True)
        number = 1
        try:
            for cells in reader:
                if cells:
                    yield number, cells
                number = reader.line_num + 1
        except UnicodeError as error:
            raise _not_in(encoding) from error
        except csv.Error as error:
            sentence = _("From line %(number)s on the file is no CSV: %(reason)s.")
            raise CannotRead("no_csv", sentence % {"number": number, "reason": error}) from error


def _not_in(encoding: str) -> CannotRead:
    return CannotRead("encoding", _("The text is not in %(encoding)s throughout.") % {"encoding": encoding.upper()})
