"""Rows of a file by column, and what is wrong with them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from jknoffice.refusal import Refusal
from jknoffice.tabular import CannotRead, Table

MOST_SHOWN = 50


class FileRefused(Refusal):
    """Nothing of the file was taken; `problems` lists sentences, each with the line that it is about."""

    code = "file_refused"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems[:MOST_SHOWN]))


def about(line: int, sentence: object) -> str:
    """Return a sentence with the line that it is about."""
    return _("Line %(line)s: %(sentence)s") % {"line": line, "sentence": sentence}


def rows_of(
    path: Path, columns: Mapping[str, Sequence[str]], *, optional: Collection[str] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a file by column, without blanks around, with the numbers of their lines.

    `columns` gives each column's other titles; all but those in `optional` must be there. Raises `FileRefused`.
    """
    try:
        table = Table.of(path)
        places = _places(table.header, columns, optional)
        for line, cells in table.rows():
            if len(cells) != len(table.header):
                raise FileRefused([about(line, _("The row has more or fewer values than the header."))])
            yield line, {column: cells[place].strip() for column, place in places.items()}
    except CannotRead as error:
        raise FileRefused([str(error)]) from error


def _places(header: Sequence[str], columns: Mapping[str, Sequence[str]], optional: Collection[str]) -> dict[str, int]:
    titles = [title.strip().lower().replace(" ", "_") for title in header]
    found = {}
    for column, others in columns.items():
        places = [place for place, title in enumerate(titles) if title in {column, *others}]
        if not places and column in optional:
            continue
        if len(places) != 1:
            sentence = _("The file needs one column “%(column)s”; it has %(n)s.")
            raise FileRefused([sentence % {"column": column, "n": len(places)}])
        found[column] = places[0]
    return found
