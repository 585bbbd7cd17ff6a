"""What the walks over all writers share."""

from collections.abc import Callable

import pytest
from django.db import connection

from jknoffice.audit import log
from jknoffice.hands import DECISION


def digest() -> list[str]:
    """Of all tables but those that count attempts."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(DECISION.keys() - {"accounts_counter"}):
            cursor.execute(f"SELECT md5(string_agg(r::text, '' ORDER BY r::text)) FROM {table} AS r")  # noqa: S608 (our own)
            found.append(f"{table} {cursor.fetchone()[0]}")
    return found


@pytest.fixture
def without_log(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Calls something while no entry can be written, and checks that nothing has changed."""

    def check(call: Callable[[], object]) -> None:
        def fail(_entry: object) -> None:
            raise OSError("no log")

        before = digest()
        with monkeypatch.context() as patch:
            patch.setattr(log, "canonical", fail)
            with pytest.raises(OSError, match="no log"):
                call()
        assert digest() == before

    return check
