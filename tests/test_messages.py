"""Indonesian is the first language: nothing that we say lacks it."""

import re

import pytest
from babel.messages.catalog import Message

from tests import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def test_everything_that_we_say_has_indonesian_words() -> None:
    assert messages.missing() == {}


def test_the_catalogue_holds_nothing_that_we_no_longer_say() -> None:
    assert messages.obsolete() == []


def test_the_compiled_catalogue_is_that_of_the_text_file() -> None:
    assert messages.compiled(messages.translated()) == messages.MO.read_bytes()


@pytest.mark.parametrize("message", [each for each in messages.translated() if each.id], ids=lambda each: repr(each.id))
def test_translations_fill_in_the_same_values(message: Message) -> None:
    wanted = {name for text in messages.texts(message.id) for name in PLACEHOLDER.findall(text)}
    assert all(set(PLACEHOLDER.findall(text)) == wanted for text in messages.texts(message.string))
