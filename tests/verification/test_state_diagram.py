"""The diagram in the documentation is the one that the table draws."""

import io
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from verification.states import MOVES


def test_the_documentation_shows_the_present_table() -> None:
    out = io.StringIO()
    call_command("state_diagram", stdout=out)
    assert out.getvalue() in (Path(settings.BASE_DIR) / "docs" / "states.md").read_text()


def test_the_drawing_is_that_of_the_present_table() -> None:
    out = io.StringIO()
    call_command("state_diagram", format="svg", stdout=out)
    assert out.getvalue() == (Path(settings.BASE_DIR) / "docs" / "states.svg").read_text()
    assert out.getvalue().count('font-weight="bold"') == len(MOVES)
