"""Bars of a chart, laid out on the server: the page needs no script for it."""

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar; `length` in units of the drawing, which is `WIDTH` wide, and `query` leads to its cases."""

    label: str
    value: int
    query: str
    length: int


def chart(rows: Iterable[tuple[str, int, str]]) -> list[Bar]:
    """Lay out bars from label, value and the query of the link to the cases; the longest takes the whole width."""
    given = [*rows]
    most = max((value for _, value, _ in given), default=0)
    return [
        Bar(label=label, value=value, query=query, length=round(WIDTH * value / most) if most else 0)
        for label, value, query in given
    ]
