"""Back-up and restore of the test database, with PostgreSQL's own programs."""

import subprocess
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from jknoffice.embedded import binaries


def dump(path: Path) -> Path:
    """Back up the whole database into a file, and return that."""
    _program("pg_dump", "--format=custom", f"--file={path}", str(connection.settings_dict["NAME"]))
    return path


def restore(path: Path) -> None:
    """Drop the database, as if it were lost, and bring it back from a back-up."""
    name = str(connection.settings_dict["NAME"])
    connection.close()
    with psycopg.connect(dbname="postgres", autocommit=True, **_server()) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    _program("pg_restore", f"--dbname={name}", "--exit-on-error", str(path))


def _program(name: str, *arguments: str) -> None:
    server = _server()
    given = [f"--host={server['host']}", f"--username={server['user']}", *arguments]
    subprocess.run(
        [str(binaries.for_server(Path(settings.JKN_VAR) / "postgres") / name), *given], check=True, timeout=120
    )


def _server() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {name: given[name] for name in ("host", "user", "port", "password") if given.get(name)}
