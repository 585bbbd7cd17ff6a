"""Two numbers side by side."""

from hypothesis import given
from hypothesis import strategies as st

from verification.desk.numbers import Piece, differing

numbers = st.from_regex(r"08[0-9]{2}-[0-9]{4}-[0-9]{1,5}", fullmatch=True)


@given(shown=numbers, other=numbers)
def test_the_pieces_are_the_number_and_what_differs_is_marked_digit_by_digit(shown: str, other: str) -> None:
    pieces = differing(shown, other)
    assert "".join(piece.text for piece in pieces) == shown
    marked = [piece.differs for piece in pieces for char in piece.text if char.isdigit()]
    mine, theirs = (text.replace("-", "") for text in (shown, other))
    assert marked == [place >= len(theirs) or digit != theirs[place] for place, digit in enumerate(mine)]


@given(number=numbers)
def test_the_same_number_is_one_unmarked_piece(number: str) -> None:
    assert differing(number, number) == [Piece(number, differs=False)]


def test_groups_of_another_length_change_nothing() -> None:
    assert differing("0812 34", "08-1234") == [Piece("0812 34", differs=False)]
