"""The database roles of the product, also in tests: each request of a test is served with the web's hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from psycopg import sql

from jknoffice.hands import Hand, apply

NAMES = {hand: f"jkn_{hand}" for hand in Hand}


def part_hands() -> None:
    """Make the roles, which all databases of a server share, and grant them their rights in this one."""
    with connection.cursor() as cursor:
        for name in NAMES.values():
            cursor.execute(
                f"DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$"
            )
    apply(NAMES)


@contextmanager
def acting_as(hand: Hand) -> Iterator[None]:
    """Let this thread's connection act as one hand, past Django, so that no query is counted."""
    connection.ensure_connection()
    plain = connection.connection
    before = plain.execute("SELECT current_user").fetchone()[0]
    plain.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(NAMES[hand])))
    try:
        yield
    finally:
        if connection.connection is plain and plain.info.transaction_status.name != "INERROR":
            plain.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(before)))


@contextmanager
def logged_in_as(hand: Hand) -> Iterator[None]:
    """Let all new connections of this process log in as one hand; for tests that commit."""
    present = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = NAMES[hand]
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = present


def run_worker(hand: Hand = Hand.WORKER, queue: str = "default") -> None:
    """Run a worker with connections of its own until the queue is empty."""
    with logged_in_as(hand), app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(queues=[queue], wait=False, install_signal_handlers=False, listen_notify=False)


def run_task(name: str) -> None:
    """Order the periodic task of this name and run a worker: near its time an earlier worker may have ordered it."""
    with suppress(AlreadyEnqueued):
        app.configure_task(name).defer(timestamp=0)
    run_worker()


class WebHand:
    """Middleware around all others. `/healthz` answers without a database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            return self.get_response(request)
        with acting_as(Hand.WEB):
            return self.get_response(request)
