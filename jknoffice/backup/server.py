"""The server that is backed up, as PostgreSQL's own programs are told of it."""

import os
from collections.abc import Mapping

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from jknoffice.backup.manifest import SetError


def called(server: str, *, otherwise: Mapping[str, str] | None = None) -> tuple[str, dict[str, str]]:
    """Return the connection string for a command line, without the password, and the environment that has it.

    On a command line every user of the machine could read it. `server` is what `JKN_BACKUP_URL` holds, `otherwise`
    what it does not say (parameters of libpq). Raises SetError, which does not quote it.
    """
    try:
        named = {**(otherwise or {}), **conninfo_to_dict(server)}
    except psycopg.ProgrammingError:
        raise SetError("JKN_BACKUP_URL cannot be read.") from None  # its words would quote the password
    password = named.pop("password", None)
    return make_conninfo("", **named), {"PATH": os.defpath, **({"PGPASSWORD": str(password)} if password else {})}
