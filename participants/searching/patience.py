"""How long the database may look before a person is asked to say more."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import QueryCanceled

from jknoffice.refusal import Refusal

PATIENCE = timedelta(seconds=2)


class TooSlow(Refusal):
    """The search would have kept the database busy for too long."""

    code = "search_too_slow"
    sentence = _("Too many people could be meant. Add the date of birth or more of the name, then search again.")


@contextmanager
def patience(longest: timedelta | None = None) -> Iterator[None]:
    """Open a transaction in which PostgreSQL breaks off what takes longer than `longest` (2 seconds).

    Raises `TooSlow` then, and takes the transaction back. Must be called outside of one.
    """
    milliseconds = round((longest or PATIENCE).total_seconds() * 1000)
    try:
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooSlow from error
        raise
