"""The product's own processes, each with the environment, the database role and the keys of a production place."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.cluster import processes, seaweed
from deploy.cluster.layout import Layout
from deploy.cluster.processes import ClusterError
from jknoffice.backup import boxes, keys

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(sys.executable)
WEBS = ("web1", "web2")
WORKERS = ("worker1", "worker2")
QUEUES = {**dict.fromkeys(WORKERS, ("default,imports", "2")), "reader": ("reading", "1"), "sealer": ("seal", "1")}


NONE: Mapping[str, str] = {}


def environment(layout: Layout, role: str, **other: str) -> dict[str, str]:
    """Return the environment of a process that logs in to the database as `role` (owner, web, worker, sealer)."""
    drawn = layout.keys
    sms = {"local": {"url": f"http://127.0.0.1:{layout.sms}/", "seconds": 3}}
    found = {
        "PATH": os.defpath,
        "HOME": str(layout.folder),
        "JKN_ENV": "production",
        "JKN_VAR": str(layout.folder / "var"),
        "JKN_STATIC_FOLDER": str(layout.folder / "static"),
        "JKN_ALLOWED_HOSTS": "localhost",
        "JKN_SITE_URL": layout.address,
        "JKN_TRUSTED_PROXIES": "1",
        "JKN_SEAL_ORIGIN": "local.cluster/audit",
        "JKN_SEAL_FOLDER": str(layout.folder / "notes"),
        "JKN_S3_BUCKET": seaweed.BUCKET,
        "JKN_S3_ENDPOINT": seaweed.endpoint(layout.s3),
        "JKN_S3_ACCESS_KEY": "jkn",
        "JKN_SMS_GATEWAY": "local",
        "JKN_SMS_HTTP": json.dumps(sms),
        "JKN_READING": "off",
        "DATABASE_URL": layout.database(role),
        **{name: drawn[name] for name in ("SECRET_KEY", "JKN_AUDIT_KEY", "JKN_DATA_KEY", "JKN_S3_SECRET_KEY")},
    }
    if layout.photos_in_folder:
        found = {name: value for name, value in found.items() if not name.startswith("JKN_S3_")}
    if role == "web":
        found["JKN_REPLICA_URL"] = layout.database(role, attributes="prefer-standby")
    if role == "sealer":
        found["JKN_SEAL_KEY"] = drawn["JKN_SEAL_KEY"]
    return found | other


def start_web(
    layout: Layout, name: str, *, processes_each: int = 1, threads: int = 8, other: Mapping[str, str] = NONE
) -> None:
    """Start one of `WEBS`: gunicorn with the configuration that is deployed, and `other` variables."""
    port = layout.webs[WEBS.index(name)]
    sizes = {"JKN_WEB_PROCESSES": str(processes_each), "JKN_WEB_THREADS": str(threads)}
    env = environment(layout, "web", JKN_BIND=f"127.0.0.1:{port}", **sizes, **other)
    command: list[str | Path] = [PYTHON.with_name("gunicorn"), "-c", "deploy/gunicorn_conf.py", "jknoffice.wsgi"]
    processes.start(layout.folder, name, command, env=env, cwd=ROOT)


def start_worker(layout: Layout, name: str, *, other: Mapping[str, str] = NONE) -> None:
    """Start one of `WORKERS`, "reader" or "sealer", with `other` variables."""
    queues, at_once = QUEUES[name]
    options = ("--queues", queues, "--concurrency", at_once, "--shutdown-graceful-timeout", "5")
    role = "sealer" if name == "sealer" else "worker"
    env = environment(layout, role, JKN_READING="on" if name == "reader" else "off", **other)
    command: list[str | Path] = [PYTHON, "manage.py", "procrastinate", "worker", *options]
    processes.start(layout.folder, name, command, env=env, cwd=ROOT)


def start_sms(layout: Layout) -> None:
    """Start the made-up SMS gateway, which keeps what it takes in `sms.jsonl`."""
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "deploy.cluster.sms_gateway",
        str(layout.sms),
        str(layout.folder / "sms.jsonl"),
    ]
    processes.start(layout.folder, "sms", command, env={"PATH": os.defpath}, cwd=ROOT)


def start_archive(layout: Layout) -> None:
    """Start what takes the log of the database into the archive."""
    command: list[str | Path] = [PYTHON, "-m", "jknoffice.backup.receive", "--to", layout.archive]
    command += ["--spool", layout.folder / "spool"]
    env = {"PATH": os.defpath, **backing_up(layout)}
    processes.start(layout.folder, "archive", command, env=env, cwd=ROOT)


def backing_up(layout: Layout) -> dict[str, str]:
    """Return the environment of what backs up: whence, and to which key, drawn by the first who asks."""
    if not layout.identity.exists():
        keys.write(layout.identity)
    recipient = boxes.identity(layout.identity).to_public()
    server = layout.database("replication", database="postgres")
    return {"JKN_BACKUP_URL": server, "JKN_BACKUP_RECIPIENT": str(recipient)}


def manage(layout: Layout, role: str, *words: str, fails: bool = False, **other: str) -> str:
    """Run a command of `manage.py` as a database role, and return what it printed.

    Raises ClusterError when it fails, unless `fails` says that it may.
    """
    return _run(environment(layout, role, **other), "manage.py", *words, fails=fails)


def stocked(layout: Layout, module: str, *words: str) -> str:
    """Run a module of ours as the owner, in a place for development; return what it printed. Raises ClusterError."""
    env = environment(layout, "owner", JKN_ENV="development", JKN_SMS_GATEWAY="console")
    return _run(env, "-m", module, *words, fails=False)


def _run(env: dict[str, str], *words: str, fails: bool) -> str:
    done = subprocess.run([PYTHON, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode and not fails:
        raise ClusterError(f"{' '.join(words[:2])} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout
