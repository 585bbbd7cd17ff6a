"""The Django backend `jknoffice.embedded`: PostgreSQL's own, which first makes sure that our server runs."""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from jknoffice import database


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the embedded PostgreSQL of settings.JKN_VAR."""

    def get_connection_params(self) -> dict[str, Any]:
        """Start the server when it does not run, and return psycopg's parameters.

        Django asks before it connects, and so does procrastinate (`connector_params`).
        """
        database.start(settings.JKN_VAR, place=settings.JKN_ENV)
        return super().get_connection_params()
