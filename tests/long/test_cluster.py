"""The local cluster: it starts, serves, survives the death of a web and of the primary, is restored, and stops."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy import local_cluster
from deploy.cluster import postgres, processes, services, topology
from deploy.cluster.layout import Layout
from jknoffice.backup import wal
from tests.long.clusters import serving

pytestmark = [pytest.mark.enable_socket, pytest.mark.xdist_group("cluster")]  # one cluster, in the order below


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    """A cluster of its own that serves."""
    with serving(tmp_path_factory.mktemp("cluster")) as found:
        yield found


ENTRY = """
from django.db import transaction
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
with transaction.atomic():
    record("peserta.viewed", by=Actor.system("test"), after={"n": 1})
"""


def restored(layout: Layout) -> dict[str, Any]:
    """Write an entry, wait until the log is in the archive up to there, and return what a drill tells."""
    services.manage(layout, "owner", "shell", "-v", "0", "-c", ENTRY)
    services.manage(layout, "sealer", "seal_audit", "--everything")
    with postgres.admin(layout, postgres.leader(layout)) as server:
        row = server.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert row
    file = layout.archive / wal.FOLDER / f"{row[0]}{wal.SUFFIX}"
    processes.wait(file.exists, seconds=60, what=f"{row[0]} in the archive")
    given = ("--from", str(layout.archive), "--identity", str(layout.identity), "--format", "json")
    told: dict[str, Any] = json.loads(services.manage(layout, "owner", "restore_drill", *given, fails=True))
    return told


def entries(layout: Layout) -> int:
    with postgres.admin(layout, postgres.leader(layout), "jkn") as server:
        row = server.execute("SELECT count(*) FROM audit_auditlog").fetchone()
    assert row
    return int(str(row[0]))


def test_what_was_archived_is_the_whole_log(layout: Layout) -> None:
    # Given a back-up, and a log that goes on; what archives it dies in between
    given = ("--to", str(layout.archive))
    services.manage(layout, "worker", "backup", *given, fails=False, **services.backing_up(layout))
    processes.kill(layout.folder, "archive")
    assert '"archive", "level": "bad"' in services.manage(layout, "web", "doctor", "--format", "json", fails=True)
    assert topology.start_missing(layout) == ["archive"]

    # When it is restored, then nothing is missing
    told = restored(layout)
    assert (told["wrong"], told["entries"]) == ([], entries(layout))


def test_one_web_alone_serves(layout: Layout) -> None:
    processes.kill(layout.folder, "web1")
    assert [topology.ask(layout, "/")[0] for _ in range(10)] == [200] * 10
    assert topology.start_missing(layout) == ["web1"]
    processes.wait(lambda: topology.web_ready(layout, "web1"), seconds=60, what="web1")


def test_the_log_verifies_and_the_doctor_is_content(layout: Layout) -> None:
    assert "All fits." in services.manage(layout, "worker", "verify_audit")
    assert '"bad"' not in services.manage(layout, "web", "doctor", "--format", "json", fails=True)


def test_what_may_lag_is_read_from_the_standby_and_cannot_write(layout: Layout) -> None:
    told = """
from django.db import connections
from jknoffice.replica import may_lag
from participants.models import Peserta
with may_lag(): people = Peserta.objects.all(); print('USED', people.db, len(people) > 0)
cursor = connections['replica'].cursor()
print('STANDBY', cursor.execute('SELECT pg_is_in_recovery()').fetchone()[0])
print('READ ONLY', cursor.execute('SHOW default_transaction_read_only').fetchone()[0])
"""
    said = services.manage(layout, "web", "shell", "--no-imports", "-c", told)
    assert said.splitlines() == ["USED replica True", "STANDBY True", "READ ONLY on"]


def test_the_standby_takes_over_and_only_then(layout: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["promote", "--folder", str(layout.folder), "--port", str(layout.port)]
    assert local_cluster.main(told) == 1
    assert "still runs" in capsys.readouterr().err
    processes.kill(layout.folder, postgres.PRIMARY)
    assert local_cluster.main(told) == 0
    assert "promoted" in topology.status(layout)[postgres.STANDBY]
    processes.wait(lambda: topology.ready(layout), seconds=60, what="a page")


def test_the_archive_follows_the_server_that_was_promoted(layout: Layout) -> None:
    topology.start_missing(layout)
    told = restored(layout)
    assert (told["wrong"], told["entries"]) == ([], entries(layout))


def test_after_a_promotion_the_old_primary_never_comes_back(layout: Layout) -> None:
    topology.stop(layout)
    topology.start(layout)
    assert processes.number(layout.folder, postgres.PRIMARY) is None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", layout.primary))


def test_a_number_in_a_file_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "web1.pid").write_text("1 1")
    assert processes.number(tmp_path, "web1") is None
    assert not processes.end(tmp_path, "web1")
    with pytest.raises(processes.ClusterError, match="does not run"):
        processes.kill(tmp_path, "web1")
