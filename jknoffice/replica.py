"""Reads that may lag go to a replica (`JKN_REPLICA_URL`); all others, and whatever writes or locks, to the primary.

Who reads says so: `with may_lag():` around pages of the log and the search for people. Decisions and log-in never do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.signals import request_started
from django.db import models

PRIMARY, REPLICA = "default", "replica"

_may_lag: ContextVar[bool] = ContextVar("may_lag", default=False)
_wrote: ContextVar[bool] = ContextVar("wrote", default=False)


@contextmanager
def may_lag() -> Iterator[None]:
    """Let the queries of models within read the replica, which may be some moments behind.

    Changes nothing where there is no replica, and for a request that has written: it sees what it wrote.
    """
    token = _may_lag.set(True)
    try:
        yield
    finally:
        _may_lag.reset(token)


class Router:
    """Django's database router (DATABASE_ROUTERS)."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        """Return which database a query reads."""
        lags = _may_lag.get() and not _wrote.get() and REPLICA in settings.DATABASES
        return REPLICA if lags else PRIMARY

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        """Return which database is written or locked, and remember that this request did."""
        _wrote.set(True)
        return PRIMARY

    def allow_relation(self, first: models.Model, second: models.Model, **hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Migrate the primary only: the replica follows."""
        return db == PRIMARY


def _begin(**_kwargs: object) -> None:
    """Forget what the request before wrote in this thread."""
    _wrote.set(False)


request_started.connect(_begin)
