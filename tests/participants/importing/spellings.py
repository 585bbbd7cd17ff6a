"""How people and programs write numbers, for hypothesis."""

from hypothesis import strategies as st

# No NUL, which no file may hold, and no halves of surrogate pairs, which no UTF-8 can.
ODD_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=45) | st.text(
    " \t\n\r\v\f\x1c\x1f\x85\xa0\u2003\u2028\u3000ab0", max_size=12
)

_PREFIX = st.sampled_from(
    ["", "0", "62", "+62", "620", "+620", "0062", "00620", "+", "00", "6", "062", "+0062", "++62"]
)
_BETWEEN = st.sampled_from(["", "", "", " ", "-", ".", "(", ")", "/", "\u00a0", "\u2010", "\u2013", "_", "\u2014"])
_DIGIT = st.sampled_from("0123456789") | st.sampled_from(["٣", "８", "a", "+", "\n"])
_AROUND = st.sampled_from(["", "", "", " ", "\t", "\u3000", "\n", "'", ".0"])


@st.composite
def _spelt(draw: st.DrawFn, first: str, least: int, most: int, prefix: st.SearchStrategy[str]) -> str:
    plain = draw(st.booleans())
    count = draw(st.integers(least, most))
    digits = [draw(st.sampled_from("0123456789") if plain else _DIGIT)]
    digits += draw(st.lists(st.sampled_from("0123456789"), min_size=count, max_size=count))
    if not plain and draw(st.booleans()):
        digits.append(draw(_DIGIT))
    text = draw(prefix) + first + "".join(digit + (draw(_BETWEEN) if not plain else "") for digit in digits)
    return draw(_AROUND) + text + draw(_AROUND)


PHONES = _spelt("8", 6, 12, _PREFIX)
"""Numbers and nearly numbers, of 8 to 14 digits after the prefix."""


def identifiers_of(digits: int) -> st.SearchStrategy[str]:
    """Identifiers and nearly identifiers of so many digits."""
    return _spelt(
        "", digits - 3, digits + 1, st.sampled_from(["", "", "3", "31", "3.", "0x", "+", "1_"])
    ) | st.from_regex(r"[0-9][.,]?[0-9]{0,16}[eE]?\+?[0-9]{0,2}(\.0)?", fullmatch=True)
