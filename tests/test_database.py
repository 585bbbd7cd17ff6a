"""Which database a place uses."""

import traceback
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from jknoffice import database
from jknoffice.embedded import places
from jknoffice.place import Place
from tests.embedded.conftest import var as var  # a folder of its own for a server

LATER = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def test_database_url_is_taken_in_every_place() -> None:
    for place in Place:
        found = database.databases(url="postgres://office:s%40fe@db.example:6432/jkn", place=place, var=Path("unused"))
        assert found["default"] == LATER | {
            "ENGINE": database.POSTGRESQL,
            "HOST": "db.example",
            "PORT": 6432,
            "NAME": "jkn",
            "USER": "office",
            "PASSWORD": "s@fe",
        }


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///register.db",
        "mysql://office:secret@db/jkn",
        "postgres://office:secret@db.example",
        "postgres://office:secret@db.example/",
        "postgres://office:secret@db.example:port/jkn",
        "jkn",
        "://",
    ],
)
def test_what_names_no_postgresql_database_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must name a PostgreSQL database") as caught:
        database.databases(url=url, place=Place.PRODUCTION, var=Path("unused"))
    assert "secret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("url", ["", None])
def test_without_database_url_production_refuses_and_the_others_use_the_embedded_server(
    url: str | None, tmp_path: Path
) -> None:
    with pytest.raises(ImproperlyConfigured, match="Set DATABASE_URL"):
        database.databases(url=url, place=Place.PRODUCTION, var=tmp_path)
    for place in set(Place) - {Place.PRODUCTION}:
        found = database.databases(url=url, place=place, var=tmp_path)["default"]
        assert (found["ENGINE"], found["HOST"]) == ("jknoffice.embedded", str(places.socket_folder(tmp_path)))
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_server_does_not_start_in_production(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="Set DATABASE_URL"):
        database.start(tmp_path / "var", place=Place.PRODUCTION)
    assert not (tmp_path / "var").exists()


@pytest.mark.xdist_group("embedded")
def test_the_command_stops_and_removes_and_says_so(
    var: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.JKN_VAR = var
    database.start(var, place=Place.TEST)
    for words in ({}, {}, {"remove": True}, {"remove": True}):
        call_command("stop_database", **words)
    assert capsys.readouterr().out.splitlines() == [
        "The embedded database has stopped.",
        "No embedded database ran.",
        "The embedded database is gone.",
        "There was no embedded database.",
    ]


def test_a_server_that_cannot_come_up_is_a_database_that_cannot_be_reached(var: Path, settings: Any) -> None:
    settings.JKN_VAR = var
    var.mkdir()
    stranger = places.socket_folder(var)
    stranger.symlink_to(var)
    try:
        with pytest.raises(OperationalError, match="not a private folder"):
            connection.copy().get_connection_params()
        with pytest.raises(CommandError, match="not a private folder"):
            call_command("stop_database")
    finally:
        stranger.unlink()
