"""The diagram in the documentation is the one that the table draws."""

import io
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def test_the_documentation_shows_the_present_table() -> None:
    out = io.StringIO()
    call_command("state_diagram", stdout=out)
    assert out.getvalue() in (Path(settings.BASE_DIR) / "docs" / "states.md").read_text()
