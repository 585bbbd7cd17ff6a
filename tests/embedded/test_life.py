"""The embedded PostgreSQL comes up, whoever starts it and whatever happened to it before."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from jknoffice.embedded import places, running
from tests.embedded.conftest import Server

pytestmark = pytest.mark.xdist_group("embedded")
LONGEST_SOCKET = 107


def start_eight_times_at_once(server: Server) -> None:
    processes = [server.begin("start") for _ in range(8)]
    assert [server.finish(each) for each in processes] == [["['started']"]] * 8


def kill(server: Server) -> int:
    pid = running.postmaster(server.var)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def test_eight_first_starts_at_once_succeed_under_a_long_path(server: Server) -> None:
    assert len(os.fsencode(server.var)) > LONGEST_SOCKET
    start_eight_times_at_once(server)


def test_the_server_runs_as_a_plain_user_and_listens_only_in_a_private_folder(server: Server) -> None:
    assert server.do("show listen_addresses") == ["['']"]
    owner = Path(f"/proc/{running.postmaster(server.var)}").stat().st_uid
    assert owner != 0
    assert owner == server.uid or server.uid == 0
    assert places.socket_folder(server.var).stat().st_mode & 0o777 == 0o700
    assert places.data(server.var).stat().st_mode & 0o777 == 0o700


def test_after_a_kill_eight_starts_at_once_succeed_and_find_the_data(server: Server) -> None:
    server.do("create table if not exists kept (word text)", "insert into kept values ('kept')")
    kill(server)
    start_eight_times_at_once(server)
    assert server.do("select word from kept limit 1") == ["['kept']"]


def test_a_process_number_that_somebody_else_has_by_now_is_no_server(server: Server) -> None:
    server.do("start")
    pid = str(kill(server))
    for file in (places.data(server.var) / "postmaster.pid", places.socket_folder(server.var) / ".s.PGSQL.5432.lock"):
        file.write_text(file.read_text().replace(pid, str(os.getpid()), 1))
    assert running.postmaster(server.var) is None
    assert server.do("start") == ["['started']"]


def test_a_server_whose_folder_is_gone_makes_way_for_a_new_one(server: Server) -> None:
    server.do("start", "create table lost (word text)")
    moved = server.var.with_name("moved away")
    server.var.rename(moved)
    assert server.do("select count(*) from pg_class where relname = 'lost'", "remove") == ["[0]", "True"]
    shutil.rmtree(server.var)
    moved.rename(server.var)


def test_stopping_says_whether_a_server_ran(server: Server) -> None:
    assert server.do("start", "stop", "stop") == ["['started']", "True", "False"]
    assert running.postmaster(server.var) is None
    assert not places.socket_folder(server.var).exists()
