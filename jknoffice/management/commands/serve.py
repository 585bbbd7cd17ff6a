"""`manage.py serve`: the development server and its workers in one go."""

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from procrastinate.contrib.django import app

from verification.annotation.work import QUEUE as READING_QUEUE

GRACE_SECONDS = 10


class Command(BaseCommand):
    """Run the web server and its workers until Ctrl-C or SIGTERM, which end all.

    All are child processes and write to this terminal. When one ends by itself the others are ended too. One worker
    does everything but read photos, which another one does where that is on (`JKN_READING`). Exit status: 0 when told
    to stop, 1 when a child ended by itself, 2 when the port is taken.
    """

    help = "Runs the development server on http://localhost:PORT together with its workers. Ctrl-C ends all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --port and --only-check-port."""
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: $PORT or 8000")
        parser.add_argument("--only-check-port", action="store_true", help="only say whether the port is free")

    def handle(self, *, port: int, only_check_port: bool, **options: object) -> None:
        """Start both, say where to go once the server answers, and wait."""
        if settings.PRODUCTION:
            raise CommandError("`serve` is for development: run gunicorn and `procrastinate worker` in production.")
        demand_free(port)
        if not only_check_port:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, lambda *_: sys.exit(0))
            self._run(port)

    def _run(self, port: int) -> None:
        children: dict[str, subprocess.Popen[bytes]] = {}
        try:
            children["server"] = _start(port, "runserver", f"localhost:{port}", "--noreload")
            # Two jobs at a time, so that a long import holds up no message. Photos are read by a worker of their own:
            # a row of them would hold up whatever came later.
            children["worker"] = _start_worker(port, *sorted(_queues() - {READING_QUEUE}), at_once=2)
            if settings.READING:
                children["reader"] = _start_worker(port, READING_QUEUE, at_once=1)
            announced = False
            while not (ended := [name for name, child in children.items() if child.poll() is not None]):
                if not announced and _answers(port):
                    announced = True
                    self._announce(port)
                time.sleep(0.2)
            raise CommandError(f"The {ended[0]} ended by itself: what it said stands above.")
        finally:
            _end(list(children.values()))

    def _announce(self, port: int) -> None:
        """Say where to go and how to log in."""
        call_command("demo_credentials", stdout=self.stdout)
        self.stdout.write(
            "A code is valid for 30 seconds; the log-in page shows the present ones.\n\n"
            f"Ready. Participants: http://localhost:{port}/   Staff: http://localhost:{port}/admin/\n"
            "Ctrl-C ends the server and its workers.\n"
        )
        self.stdout.flush()


def demand_free(port: int) -> None:
    """Raise CommandError, with exit status 2, when nobody can listen on `port` of localhost."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("localhost", port))
        except (OSError, OverflowError):
            raise CommandError(
                f"Port {port} is taken or not allowed: choose another one, as in `make run PORT=8001`.", returncode=2
            ) from None


def _start(port: int, *command: str) -> subprocess.Popen[bytes]:
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), *command]
    return subprocess.Popen(program, env=os.environ | {"PORT": str(port)})  # noqa: S603


def _start_worker(port: int, *queues: str, at_once: int) -> subprocess.Popen[bytes]:
    options = ("--queues", ",".join(queues), "--concurrency", str(at_once), "--shutdown-graceful-timeout", "5")
    return _start(port, "procrastinate", "worker", *options)


def _queues() -> set[str]:
    """Return the queues of all jobs that there are."""
    return {task.queue for task in app.tasks.values()}


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("localhost", port)) == 0


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    """Tell all to end, and kill those that don't in time. A second Ctrl-C changes nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        child.terminate()
    end = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
