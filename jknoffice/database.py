"""The database: the one of DATABASE_URL, or, in development and tests, an embedded PostgreSQL that starts by itself."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from jknoffice.embedded import launcher, places
from jknoffice.place import Place

POSTGRESQL = "django.db.backends.postgresql"
SCHEMES = ("postgres://", "postgresql://")


def databases(*, url: str | None, place: str, var: Path, replica: str | None = None) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES. Connects to nothing and starts nothing.

    `url` is the text of DATABASE_URL (`postgres://user:password@host:port/name`), None or "" when unset; `place` is
    JKN_ENV; `var` is the folder of all that we write; `replica` is the text of JKN_REPLICA_URL, None or "" when unset.
    Connections are kept for 60 s: that tripled the requests/s.

    Raises ImproperlyConfigured when `url` names no PostgreSQL database, or is unset in production.
    """
    if url:
        chosen = _parsed(url)
    else:
        _refuse_production(place)
        chosen = {
            "ENGINE": "jknoffice.embedded",
            "NAME": launcher.DATABASE,
            "USER": launcher.SUPERUSER,
            "HOST": str(places.socket_folder(var)),
        }
    kept = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    found = {"default": {**kept, **chosen}}
    if replica:
        behind = _parsed(replica, "JKN_REPLICA_URL")
        # It may lead to the primary after a promotion: nothing is written by mistake, and nothing waits for long.
        options = {
            "options": "-c default_transaction_read_only=on -c statement_timeout=5s",
            **behind.get("OPTIONS", {}),
        }
        found["replica"] = {**kept, **behind, "OPTIONS": options, "TEST": {"MIRROR": "default"}}
    return found


def start(var: Path, *, place: str) -> Path:
    """Make sure that the embedded PostgreSQL of `var` answers, and return its socket folder.

    Raises ImproperlyConfigured when `place` (JKN_ENV) is production, EmbeddedError when the server does not come up.
    """
    _refuse_production(place)
    return launcher.start(var)


def stop(var: Path) -> bool:
    """Stop the embedded PostgreSQL of `var`, and return whether one ran. Its data stays."""
    return launcher.stop(var)


def remove(var: Path) -> bool:
    """Stop the embedded PostgreSQL of `var`, delete it with all its data, and return whether there was any."""
    return launcher.remove(var)


def _parsed(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Return Django's settings of one database. The refusal repeats nothing of `url`, which holds a password."""
    try:
        # environ would warn of any other scheme, and print the password.
        chosen = environ.Env.db_url_config(url) if url.startswith(SCHEMES) else {}
    except ValueError:
        chosen = {}
    if chosen.get("ENGINE") != POSTGRESQL or not chosen.get("NAME"):
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database: postgres://user:password@host/name")
    return chosen


def _refuse_production(place: str) -> None:
    if place not in {Place.DEVELOPMENT, Place.TEST}:
        raise ImproperlyConfigured(
            "Set DATABASE_URL: the embedded PostgreSQL is for JKN_ENV=development and test only."
        )
