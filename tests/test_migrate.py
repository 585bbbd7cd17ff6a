"""A migration beside a product that serves: it never lets others wait for long."""

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import OperationalError, connection, transaction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def holder() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Somebody else who reads a table in a long transaction."""
    given = connection.get_connection_params()
    chosen = {name: given[name] for name in ("host", "user", "dbname", "port", "password") if given.get(name)}
    with psycopg.connect(**chosen) as other:
        other.execute("LOCK TABLE accounts_branch IN ACCESS SHARE MODE")
        yield other


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Let a migration alter that table; what it was allowed at the moment is returned."""
    seen: list[str] = []

    def alter(*_args: object, **_options: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')")
            seen.append(cursor.fetchone()[0])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE accounts_branch ADD COLUMN made_up int; ALTER TABLE accounts_branch DROP made_up"
            )

    monkeypatch.setattr(migrate.Command, "handle", alter)
    monkeypatch.setattr("jknoffice.management.commands.migrate.PAUSE_MOST", 0.2)
    return lambda: seen


def test_it_gives_way_and_tries_again(
    holder: Any, migrated: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = SimpleNamespace(sleep=lambda _seconds: holder.rollback())
    monkeypatch.setattr("jknoffice.management.commands.migrate.time", waiting)
    call_command("migrate", lock_timeout=0.2)
    assert len(migrated()) == 2
    assert set(migrated()) == {"200ms 15min"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone()[0] == "0"


def test_in_the_end_it_says_what_to_look_for(holder: Any, migrated: Callable[[], list[str]]) -> None:
    with pytest.raises(CommandError, match="pg_stat_activity"):
        call_command("migrate", lock_timeout=0.05, tries=2)
    assert len(migrated()) == 2


@pytest.mark.parametrize("wrong", [{"tries": 0}, {"lock_timeout": -1}, {"statement_timeout": -1}])
def test_a_limit_that_means_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="must be") as told:
        call_command("migrate", **wrong)
    assert told.value.returncode == 2


def test_what_takes_too_long_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(*_args: object, **_options: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(migrate.Command, "handle", work)
    with pytest.raises(OperationalError, match="statement timeout"):
        call_command("migrate", statement_timeout=0.1)


def test_an_index_beside_others_waits_as_long_as_it_takes(holder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def add(*_args: object, **_options: object) -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute('CREATE INDEX CONCURRENTLY "made_up" ON "accounts_branch" ("name")')
            cursor.execute("SELECT current_setting('lock_timeout')")
            assert cursor.fetchone()[0] == "100ms"

    monkeypatch.setattr(migrate.Command, "handle", add)
    holder.execute("LOCK TABLE accounts_branch IN ROW EXCLUSIVE MODE")
    released = threading.Timer(0.8, holder.rollback)
    released.start()
    try:
        call_command("migrate", lock_timeout=0.1)
        assert tries == [1]
        with connection.cursor() as cursor:
            cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'made_up'::regclass")
            assert cursor.fetchone() == (True,)
    finally:
        released.join()
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS made_up")
