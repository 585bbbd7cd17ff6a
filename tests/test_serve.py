"""`manage.py serve`: server and worker start together and end together."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from procrastinate.contrib.django import app

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        found: int = probe.getsockname()[1]
        return found


@pytest.fixture
def environment() -> dict[str, str]:
    """What the environment of `serve` has besides."""
    return {}


@pytest.fixture
def serving(transactional_db: None, port: int, environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A running `serve` on the database of the tests; whatever a test leaves of it is ended."""
    names = connection.settings_dict
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"postgres://{names['USER']}@/{names['HOST']}/{names['NAME']}"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield process
    process.terminate()
    process.communicate(timeout=30)


def queues_of_workers(process: "subprocess.Popen[str]") -> list[set[str]]:
    """The queues that each worker of a `serve` takes jobs from."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    commands = [Path(f"/proc/{number}/cmdline").read_text().split("\0") for number in found]
    return [set(words[words.index("--queues") + 1].split(",")) for words in commands if "worker" in words]


def children(process: "subprocess.Popen[str]") -> dict[str, int]:
    """The numbers of the child processes of a `serve`, by the command that each runs."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    commands = {number: Path(f"/proc/{number}/cmdline").read_text().split("\0") for number in found}
    return {name: int(each) for name in ("runserver", "worker") for each, words in commands.items() if name in words}


def wait_until_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Ready."):
            assert children(process).keys() == {"runserver", "worker"}
            return
    pytest.fail(process.communicate()[1])


def alive(number: int) -> bool:
    return Path(f"/proc/{number}").exists()


@pytest.mark.enable_socket
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_both(serving: "subprocess.Popen[str]", how: signal.Signals) -> None:
    wait_until_ready(serving)
    both = children(serving).values()
    serving.send_signal(how)
    assert serving.wait(timeout=30) == 0
    assert not any(alive(number) for number in both)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("dies", "other", "name"), [("worker", "runserver", "worker"), ("runserver", "worker", "server")]
)
def test_when_one_dies_the_other_ends_too_and_it_says_so(
    serving: "subprocess.Popen[str]", dies: str, other: str, name: str
) -> None:
    wait_until_ready(serving)
    both = children(serving)
    os.kill(both[dies], signal.SIGKILL)
    _, errors = serving.communicate(timeout=30)
    assert serving.returncode == 1
    assert f"The {name} ended by itself" in errors
    assert not alive(both[other])


@pytest.mark.enable_socket
def test_a_taken_port_is_one_clear_sentence(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("localhost", port))
        taken.listen()
        with pytest.raises(CommandError, match=rf"Port {port} is taken .*make run PORT=") as caught:
            call_command("serve", port=port)
    assert caught.value.returncode == 2
    call_command("serve", port=port, only_check_port=True)
    assert capsys.readouterr().out == ""


def test_production_serves_otherwise(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="gunicorn"):
        call_command("serve", only_check_port=True)


@pytest.mark.enable_socket
@pytest.mark.parametrize("environment", [{"DJANGO_SETTINGS_MODULE": "jknoffice.settings", "JKN_READING": "on"}])
def test_photos_are_read_by_a_worker_of_their_own_that_holds_up_nothing(serving: "subprocess.Popen[str]") -> None:
    wait_until_ready(serving)
    everything, reading = sorted(queues_of_workers(serving), key=len, reverse=True)
    assert reading == {"reading"}
    assert everything | reading == {task.queue for task in app.tasks.values()}
    assert "reading" not in everything
