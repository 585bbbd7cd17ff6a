"""The Django backend `jknoffice.embedded`: PostgreSQL's own, which first makes sure that our server runs."""

from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.backends.postgresql import base

from jknoffice import database
from jknoffice.embedded.places import EmbeddedError


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the embedded PostgreSQL of settings.JKN_VAR."""

    def get_connection_params(self) -> dict[str, Any]:
        """Start the server when it does not run, and return psycopg's parameters.

        Django asks before it connects, and so does procrastinate (`connector_params`).
        Raises OperationalError when the server does not come up, as any database that cannot be reached does.
        """
        try:
            database.start(settings.JKN_VAR, place=settings.JKN_ENV)
        except EmbeddedError as error:
            raise OperationalError(str(error)) from error
        return super().get_connection_params()
