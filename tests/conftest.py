"""What all tests share."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests import make
from tests.hands import part_hands

pytest_plugins = ["tests.browser"]

JOBS = {"procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers"}
"""Tables that Django does not know."""
OF_MIGRATIONS = {"auth_permission", "django_content_type"}
"""Tables that are filled after each migration, and by nobody else."""

# A deadline would measure how busy the machine is.
hypothesis_settings.register_profile("jkn", deadline=None)
hypothesis_settings.load_profile("jkn")


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_log() -> Iterator[None]:
    """Let the clean-up after a test that commits empty the append-only tables, as their owner.

    The product has no such switch: session_replication_role is for superusers, whom it is not in production. Rows are
    deleted: TRUNCATE makes new files for each of our many tables, which takes longer than most tests. What Django puts
    there after a migration stays, so that it need not be put there again two thousand times.
    """
    patch = pytest.MonkeyPatch()
    plain = DatabaseOperations.execute_sql_flush

    def flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        tables = {table for statement in sql_list for table in re.findall(r'"(\w+)"', statement)}
        emptied = sorted((tables | JOBS) - OF_MIGRATIONS) if tables else []
        deleting = [f'DELETE FROM "{table}"' for table in emptied]  # noqa: S608 - names of ours
        around = ("SET session_replication_role = replica", "SET session_replication_role = origin")
        plain(self, ["; ".join([around[0], *deleting, around[1]])] if deleting else [])

    patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
    patch.setattr("django.core.management.commands.flush.emit_post_migrate_signal", lambda *_given, **_named: None)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Part the hands once the database stands."""
    with django_db_blocker.unblock():
        part_hands()


@pytest.fixture(autouse=True)
def _no_language_left_over() -> None:
    """Each test begins in the product's language: a request in another one leaves that behind in this thread."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nothing_left_over() -> None:
    """Each test makes the same rows, whichever ran before, and no message fails because one failed there."""
    from verification.sms.gateways import memory

    make.begin_anew()
    memory.sent.clear()
    memory.failures.clear()


@pytest.fixture
def sms(_nothing_left_over: None) -> Any:
    """The messages that the memory gateway took, newest last."""
    from verification.sms.gateways import memory

    return memory.sent


@pytest.fixture(autouse=True)
def _own_uploads(settings: Any, tmp_path: Any) -> None:
    """Each test has a folder of its own for uploaded files."""
    settings.UPLOAD_FOLDER = tmp_path / "uploads"


@pytest.fixture(autouse=True)
def _own_seals(settings: Any, tmp_path: Any) -> None:
    """Each test has a sealing key and a folder of notes of its own."""
    settings.JKN_SEAL_KEY_FILE, settings.JKN_SEAL_FOLDER = tmp_path / "seal.key", tmp_path / "notes"
