"""The work of an import grows with the file, whatever PostgreSQL believes of the register."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests import make
from tests.participants.importing.files import BRANCH, imported, person

PEOPLE = 2000


@pytest.mark.django_db
def test_a_register_known_to_be_empty_is_filled_without_looking_at_each_row_again(tmp_path: Path) -> None:
    make.branch(code=BRANCH)
    with connection.cursor() as cursor:
        # The planner then takes a look through the whole register for something that costs nothing.
        cursor.execute("TRUNCATE participants_peserta CASCADE")
        cursor.execute("ANALYZE participants_peserta")
        before = _fetched(cursor)  # with what was not counted yet of tests before this one
        assert (
            imported(tmp_path / "register.csv", *(person(number) for number in range(1, PEOPLE + 1))).created == PEOPLE
        )
        assert 0 < _fetched(cursor) - before < 10 * PEOPLE


def _fetched(cursor: Any) -> int:
    """How many blocks of the register this connection has looked at."""
    cursor.execute("SELECT pg_stat_get_xact_blocks_fetched('participants_peserta'::regclass)")
    return int(cursor.fetchone()[0])
