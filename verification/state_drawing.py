"""The state table as a picture: a line down for each state, an arrow across for each move.

There is no layout to compute, so nothing overlaps whatever the table holds. Pure: text in, text out.
"""

from verification.states import MOVES, OPEN, Move, Role, Status

LEFT, TOP, COLUMN, ROW = 250, 74, 82, 25
"""Pixels: before the first line, above the first arrow, from line to line, from arrow to arrow."""

COLOURS = {"person": "#0b5c8a", "system": "#6b4a00"}
HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" \
font-family="DejaVu Sans, Verdana, sans-serif" font-size="11">
<title>The states of a request and the moves between them</title>
<rect width="{width}" height="{height}" fill="#ffffff"/>"""


def svg() -> str:
    """Return the drawing of `MOVES` as an SVG document; docs/states.svg holds it."""
    columns = {status: LEFT + COLUMN * place for place, status in enumerate(Status)}
    height = TOP + ROW * len(MOVES) + 40
    parts = [HEAD.format(width=LEFT + COLUMN * len(columns) - 38, height=height)]
    parts += [_state(status, x, height) for status, x in columns.items()]
    parts += [_move(move, columns, TOP + ROW * row) for row, move in enumerate(MOVES)]
    parts.append(_key(height - 12))
    return "\n".join([*parts, "</svg>", ""])


def _state(status: Status, x: int, height: int) -> str:
    fill, edge = ("#e3f0e9", "#0b6b3a") if status in OPEN else ("#eeeeee", "#555555")
    words = status.value.split("_")
    lines = "".join(
        f'<text x="{x}" y="{27 + 13 * row - 6 * (len(words) - 1)}" text-anchor="middle" fill="#111111">{word}</text>'
        for row, word in enumerate(words)
    )
    box = f'<rect x="{x - 38}" y="4" width="76" height="38" rx="6" fill="{fill}" stroke="{edge}"/>'
    return f'{box}{lines}<path d="M{x} 42V{height - 34}" stroke="#cccccc"/>'


def _move(move: Move, columns: dict[Status, int], y: int) -> str:
    colour = COLOURS["system" if move.roles == {Role.SYSTEM} else "person"]
    roles = ", ".join(sorted(role.value for role in move.roles))
    label = (
        f'<text x="8" y="{y + 4}" fill="{colour}"><tspan font-weight="bold">{move.verb.value}</tspan> ({roles})</text>'
    )
    end = columns[move.target]
    start = columns[move.source] if move.source else end - 30
    if start == end:
        loop = f'<path d="M{end} {y - 5}h18v10h-12" fill="none" stroke="{colour}"/>'
        return label + loop + _point(end, y + 5, -1, colour)
    side = 1 if end > start else -1
    dot = f'<circle cx="{start}" cy="{y}" r="3" fill="{colour}"/>'
    line = f'<path d="M{start} {y}H{end - 6 * side}" stroke="{colour}"/>'
    return label + dot + line + _point(end, y, side, colour)


def _point(x: int, y: int, side: int, colour: str) -> str:
    return f'<path d="M{x} {y}l{-8 * side} -4v8z" fill="{colour}"/>'


def _key(y: int) -> str:
    return (
        f'<text x="8" y="{y}" fill="#111111">Green: open, grey: closed. '
        f'<tspan fill="{COLOURS["person"]}">Blue: by a person</tspan>, '
        f'<tspan fill="{COLOURS["system"]}">brown: by the system alone</tspan>. '
        "Each arrow goes from the dot to the point.</text>"
    )
