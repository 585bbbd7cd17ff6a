"""`manage.py migrate`, Django's own, which waits for a lock for some seconds only, and tries again."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from psycopg import sql
from psycopg.errors import LockNotAvailable

PAUSE_MOST = 30.0


class Command(migrate.Command):
    """Migrates beside a product that serves.

    A statement that waits for a lock makes all later ones on its table wait behind it. So it gives up after
    `--lock-timeout`; the migration is rolled back and tried again after a pause. One that works for longer than
    `--statement-timeout` is given up for good. An index that is made or dropped `CONCURRENTLY` waits as long as that:
    nobody waits behind it, and one that gave up would be left invalid. Exit status 0, or with a sentence 1, and 2 when
    it was called wrongly.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the limits beside Django's own options."""
        super().add_arguments(parser)
        parser.add_argument("--lock-timeout", type=float, default=5.0, help="seconds (default: %(default)s)")
        parser.add_argument(
            "--statement-timeout", type=float, default=900.0, help="seconds; 0: no limit (default: %(default)s)"
        )
        parser.add_argument("--tries", type=int, default=10, help="how often, all in all (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. Raises CommandError when a lock could not be had in all tries."""
        limits = {
            name: options.pop(name, default) for name, default in (("lock_timeout", 5.0), ("statement_timeout", 900.0))
        }
        tries = options.pop("tries", 10)
        if tries < 1:
            raise CommandError("--tries must be 1 or more.", returncode=2)
        if min(limits.values()) < 0:
            raise CommandError("--lock-timeout and --statement-timeout must be 0 or more seconds.", returncode=2)
        connection = connections[options.get("database") or DEFAULT_DB_ALIAS]
        for number in range(1, tries + 1):
            try:
                _limit(connection, limits)
                with connection.execute_wrapper(partial(_patiently, limits)):
                    super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if number == tries:
                    raise CommandError(
                        f"A lock could not be had in {tries} tries: what holds it stands in pg_stat_activity (a long"
                        " transaction, an import, a dump). What was migrated so far stays; call it again."
                    ) from error
                pause = min(PAUSE_MOST, 2.0**number)
                self.stderr.write(f"A lock could not be had; trying again in {pause:.0f} s.")
                time.sleep(pause)
            else:
                return
            finally:
                _limit(connection, dict.fromkeys(limits))


def _limit(connection: Any, limits: dict[str, float | None]) -> None:
    """Set the limits of this session in seconds; None takes what the server says."""
    with connection.cursor() as cursor:
        for name, seconds in limits.items():
            value = sql.DEFAULT if seconds is None else sql.Literal(f"{seconds * 1000:.0f}ms")
            cursor.execute(sql.SQL("SET {} TO {}").format(sql.Identifier(name), value))


def _patiently(
    limits: dict[str, float | None],
    execute: Callable[..., Any],
    statement: Any,
    params: Any,
    many: bool,
    context: dict[str, Any],
) -> Any:
    """Run a statement of a migration, what works `CONCURRENTLY` without a limit to its waiting for locks."""
    if not isinstance(statement, str) or " CONCURRENTLY " not in statement:
        return execute(statement, params, many, context)
    _limit(context["connection"], {"lock_timeout": 0.0})
    try:
        return execute(statement, params, many, context)
    finally:
        _limit(context["connection"], {"lock_timeout": limits["lock_timeout"]})
