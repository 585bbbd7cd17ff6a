"""Two numbers side by side, so that nobody has to count digits."""

from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a number as it is shown; `differs` when the other number has other digits at these places."""

    text: str
    differs: bool


def differing(shown: str, other: str) -> list[Piece]:
    """Return `shown` in pieces, compared digit by digit with `other`; what groups the digits is passed over."""
    theirs = [char for char in other if char.isdigit()]
    marked: list[tuple[str, bool]] = []
    place = 0
    for char in shown:
        if char.isdigit():
            marked.append((char, place >= len(theirs) or theirs[place] != char))
            place += 1
        else:
            marked.append((char, False))
    return [
        Piece("".join(char for char, _ in run), differs) for differs, run in groupby(marked, key=lambda pair: pair[1])
    ]
