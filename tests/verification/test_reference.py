"""References: spoken, mistyped, guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification import reference

references = st.builds(reference.new)


@given(references)
def test_a_reference_is_understood_however_it_is_typed(made: str) -> None:
    shown = reference.show(made)
    assert len(shown) == 11
    for typed in (shown, made, shown.lower(), f" {shown} ", shown.replace("-", " "), shown.replace("1", "I")):
        assert reference.parse(typed) == made


@given(references, st.integers(0, reference.LENGTH - 1), st.sampled_from(reference.ALPHABET))
def test_one_wrong_character_is_noticed(made: str, place: int, char: str) -> None:
    typed = made[:place] + char + made[place + 1 :]
    assert reference.parse(typed) == (made if typed == made else None)


@given(references, st.integers(0, reference.LENGTH - 2))
def test_two_neighbours_swapped_are_noticed_but_for_the_pair_that_luhn_cannot_tell(made: str, place: int) -> None:
    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
    blind = {made[place], made[place + 1]} == {reference.ALPHABET[0], reference.ALPHABET[-1]}
    assert reference.parse(swapped) == (swapped if swapped == made or blind else None)


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_none(text: str) -> None:
    parsed = reference.parse(text)
    assert parsed is None or len(parsed) == reference.LENGTH


@pytest.mark.parametrize("text", ["", "ABC", "ABC-DEF-GH", "ABC-DEF-GHJK", "ÄBC-DEF-GHJ", "\0" * 9])
def test_what_is_no_reference(text: str) -> None:
    assert reference.parse(text) is None


def test_references_do_not_repeat() -> None:
    assert len({reference.new() for _ in range(2000)}) == 2000
