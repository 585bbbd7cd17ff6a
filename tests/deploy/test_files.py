"""The files of a deployment say what the product can do, and give each process no more than it needs."""

import os
import re
import runpy
import shutil
import subprocess
import time
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import reverse
from procrastinate.contrib.django import app

from deploy.cluster import nginx
from deploy.cluster.layout import Layout
from jknoffice.hands import Hand

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("jkn-office")}
ROLE = re.compile(r"postgres://(\w+):")
SETTING = re.compile(r'(?:env\.\w+|_key(?:_or)?|_object|_time_of_day)\(\s*"(\w+)"')


def role(service: dict[str, Any]) -> str:
    found = ROLE.match(service["environment"]["DATABASE_URL"])
    assert found
    return found[1]


def queues(command: list[str]) -> set[str]:
    return set(command[command.index("--queues") + 1].split(","))


def unit(file: Path) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(file)
    return parser


def test_no_process_can_do_more_than_it_needs() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
    for file in UNITS:
        told = unit(file)["Service"]
        assert told["User"].startswith("jkn"), file.name
        assert (told["ProtectSystem"], told["NoNewPrivileges"]) == ("strict", "yes"), file.name
        assert told["CapabilityBoundingSet"] == "", file.name
    image = (DEPLOY / "Containerfile").read_text()
    assert re.search(r"^USER 10001:10001$", image, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", image, re.MULTILINE)
    assert ":latest" not in image


def test_each_process_logs_in_to_the_database_with_its_own_role() -> None:
    roles = {name: role(service) for name, service in OURS.items() if name != "archive"}
    workers = dict.fromkeys(["worker1", "worker2", "reader"], "jkn_worker")
    others = {"sealer": "jkn_sealer", "owner": "jkn_owner", "backup": "jkn_worker"}
    assert roles == {"web1": "jkn_web", "web2": "jkn_web", **workers, **others}
    made = set(re.findall(r"CREATE ROLE (\w+)", (DEPLOY / "postgres" / "roles.sh").read_text()))
    assert made == {*roles.values(), "jkn_replication"}
    assert {f"jkn_{hand}" for hand in Hand} < made


def test_the_back_up_runs_each_night_and_holds_no_private_key() -> None:
    (timer,) = (DEPLOY / "systemd").glob("*.timer")
    assert (DEPLOY / "systemd" / f"{timer.stem}.service").exists()
    assert unit(timer)["Timer"]["Persistent"] == "true"
    told = unit(DEPLOY / "systemd" / "jkn-backup.service")["Service"]
    assert "manage.py backup --to " in told["ExecStart"]
    assert told["ReadWritePaths"] == "/var/backups/jkn"
    backup = SERVICES["backup"]
    assert (backup["command"][:3], backup["profiles"]) == (["python", "manage.py", "backup"], ["backup"])
    for file in (DEPLOY / "systemd").iterdir():
        assert "identity" not in file.read_text()


def test_what_archives_the_log_knows_no_key_and_lands_where_the_back_up_does() -> None:
    archive, backup = SERVICES["archive"], SERVICES["backup"]
    assert set(archive["environment"]) == {"JKN_BACKUP_URL", "JKN_BACKUP_RECIPIENT"}
    assert archive["command"][archive["command"].index("--to") + 1] == backup["command"][-1]
    told = unit(DEPLOY / "systemd" / "jkn-archive.service")["Service"]
    assert "-m jknoffice.backup.receive --to /var/backups/jkn-log --spool /var/lib/jkn-archive" in told["ExecStart"]
    assert told["EnvironmentFile"] == "/etc/jkn/archive.env"
    users = {file.name: unit(file)["Service"]["User"] for file in UNITS}
    assert [name for name, user in users.items() if user == users["jkn-archive.service"]] == ["jkn-archive.service"]
    for settings in (" ".join(SERVICES["primary"]["command"]), (DEPLOY / "postgres" / "standby.sh").read_text()):
        # What stays open is in no archive; what nobody fetches must not fill the disk.
        assert "archive_timeout=60s" in settings
        assert "max_slot_wal_keep_size=" in settings


def test_only_the_sealer_has_the_key_that_seals() -> None:
    assert [name for name, service in OURS.items() if "JKN_SEAL_KEY" in service["environment"]] == ["sealer"]


def test_somebody_works_on_each_queue() -> None:
    known = {task.queue for task in app.tasks.values()} - {"builtin"}  # of procrastinate itself: we defer none
    commands = [service["command"] for service in OURS.values() if "worker" in service.get("command", [])]
    assert set().union(*map(queues, commands)) == known
    lines = [
        unit(file)["Service"]["ExecStart"].split() for file in UNITS if not re.search("web|backup|archive", file.name)
    ]
    assert set().union(*map(queues, lines)) == known
    for found in (*commands, *lines):
        assert "reading" not in queues(found) or queues(found) == {"reading"}
        assert "seal" not in queues(found) or queues(found) == {"seal"}


def test_each_variable_that_is_set_means_something() -> None:
    settings = (ROOT / "jknoffice" / "settings.py").read_text()
    known = {
        *SETTING.findall(settings),
        *(f"JKN_S3_{name}" for name in ("BUCKET", "ENDPOINT", "ACCESS_KEY", "SECRET_KEY")),
    }
    known |= {"EMAIL_URL", "JKN_BIND"}
    for name, service in OURS.items():
        assert set(service["environment"]) <= known, name
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    told = set(re.findall(r"^(\w+)=", (DEPLOY / "env.example").read_text(), re.MULTILINE))
    assert asked == told


def test_no_file_holds_a_secret() -> None:
    for line in (DEPLOY / "env.example").read_text().splitlines():
        name, _, value = line.partition("=")
        assert not value or not re.search("KEY|PASSWORD|TOKEN", name), line
    for service in OURS.values():
        for name, value in service["environment"].items():
            assert not re.search("(KEY|PASSWORD|TOKEN)$", name) or str(value).startswith("${"), name


def test_nothing_that_a_client_writes_is_believed_and_no_address_is_logged() -> None:
    told = (DEPLOY / "nginx" / "nginx.conf").read_text()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in told
    assert "proxy_set_header X-Request-ID $request_id;" in told
    (form,) = re.findall(r"log_format told (.+?);", told, re.DOTALL)
    variables = set(re.findall(r"\$(\w+)", form))
    assert not variables & {"request", "request_uri", "uri", "args", "query_string", "remote_addr", "http_referer"}
    (upload,) = re.findall(r"location ~ \^(\S+) ", told)
    assert reverse("admin:participants_upload").startswith(upload)


def test_gunicorn_opens_no_door_besides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JKN_BIND", "127.0.0.1:8123")
    told = runpy.run_path(str(DEPLOY / "gunicorn_conf.py"))
    assert (told["bind"], told["control_socket_disable"], told["accesslog"]) == ("127.0.0.1:8123", True, None)


ERRORS = DEPLOY / "nginx" / "errors"


def test_what_nginx_says_by_itself_is_in_both_languages_and_tells_nothing_of_it() -> None:
    told = (DEPLOY / "nginx" / "nginx.conf").read_text()
    named = set(re.findall(r"^ +error_page .* /_errors/(\d+\.html);", told, re.MULTILINE))
    assert named == {file.name for file in ERRORS.glob("*.html")} == {"400.html", "404.html", "413.html", "503.html"}
    for file in ERRORS.glob("*.html"):
        html = file.read_text()
        assert '<html lang="id">' in html
        assert '<section lang="en">' in html
        assert set(re.findall(r'(?:href|src)="([^"]+)"', html)) == {"/", "/_errors/page.css"}
        for word in ("<script", "style=", "nginx", "Django"):
            assert word not in html


class Served:
    """nginx as it is deployed, before an application that is not there."""

    def __init__(self, folder: Path) -> None:
        # Two processes of a run, or two runs, have one each; below those that the system gives away.
        layout = Layout(folder=folder, port=21_000 + 20 * (os.getpid() % 500))
        self.folder, self.port = folder / "nginx", layout.https
        self.folder.mkdir()
        nginx.certify(self.folder)
        told = nginx.configuration(layout).replace(f"{ERRORS}/maintenance", f"{folder}/maintenance")
        (self.folder / "nginx.conf").write_text(told)
        self.process = subprocess.Popen(["nginx", "-c", self.folder / "nginx.conf", "-g", "daemon off;"])

    def ask(self, path: str, *more: str, in_clear: bool = False) -> str:
        """The whole answer, headers and all; asked by a program of its own, for tests open no sockets."""
        place = f"http://localhost:{self.port + 1}" if in_clear else f"https://localhost:{self.port}"
        for _ in range(50):
            command = ["curl", "-sik", "--http1.1", *more, f"{place}{path}"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 7:  # not yet listening
                return done.stdout
            time.sleep(0.1)
        raise AssertionError("nginx does not answer")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    started = Served(tmp_path)
    try:
        yield started
    finally:
        started.process.terminate()
        started.process.wait(10)


HAS_NGINX = pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("curl")), reason="nginx or curl is not installed here"
)


@HAS_NGINX
def test_nginx_has_pages_of_its_own_for_what_the_application_cannot_say(served: Served) -> None:
    (served.folder.parent / "large").write_bytes(bytes(25 * 1024 * 1024))
    large = ("-H", "Expect:", "--data-binary", f"@{served.folder.parent / 'large'}")
    asked = {
        "503": served.ask("/"),
        "404": served.ask("/metrics"),
        "413": served.ask("/data/", *large),
        "400": served.ask("/", "-H", f"X-Long: {'x' * 40_000}"),
    }
    for status, answer in asked.items():
        assert answer.startswith(f"HTTP/1.1 {status} "), answer
        assert (ERRORS / f"{status}.html").read_text() in answer.replace("\r\n", "\n")
        assert ("Retry-After: 60" in answer) is (status == "503")
        assert "style-src 'self'; base-uri 'none'" in answer
        assert re.search(r"^Server: nginx\r?$", answer, re.MULTILINE)
    assert "text/css" in served.ask("/_errors/page.css")


@HAS_NGINX
def test_programs_are_not_led_from_http_to_https_and_people_are(served: Served) -> None:
    for path in ("/api/v1/requests", "/sms/receipts/oca/"):
        assert served.ask(path, in_clear=True).startswith("HTTP/1.1 403 ")
    assert re.search(r"^Location: https://localhost/admin/\r?$", served.ask("/admin/", in_clear=True), re.MULTILINE)


@HAS_NGINX
def test_no_answer_repeats_a_request(served: Served) -> None:
    assert served.ask("/nginx-healthz", "-X", "TRACE").startswith("HTTP/1.1 405 ")


@HAS_NGINX
@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        (["--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"], False),
        (["--tls-max", "1.2", "--ciphers", "AES256-GCM-SHA384"], False),
        (["--tls-max", "1.2", "--ciphers", "ECDHE-ECDSA-AES128-SHA"], False),
        (["--tls-max", "1.2"], True),
        (["--tlsv1.3"], True),
    ],
)
def test_only_ways_to_talk_that_stay_secret_are_taken(served: Served, asked: list[str], *, taken: bool) -> None:
    assert served.ask("/nginx-healthz", *asked).startswith("HTTP/1.1 200 ") is taken


@HAS_NGINX
def test_for_maintenance_one_file_closes_every_page(served: Served) -> None:
    flag = served.folder.parent / "maintenance"
    flag.touch()
    assert served.ask("/admin/").startswith("HTTP/1.1 503 ")
    assert served.ask("/metrics").startswith("HTTP/1.1 503 ")
    assert served.ask("/nginx-healthz").startswith("HTTP/1.1 200 ")
    flag.unlink()
    assert served.ask("/metrics").startswith("HTTP/1.1 404 ")


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed here")
def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    layout = Layout(folder=tmp_path)
    folder = tmp_path / "nginx"
    folder.mkdir()
    nginx.certify(folder)
    file = folder / "nginx.conf"
    file.write_text(nginx.configuration(layout))
    done = subprocess.run(["nginx", "-t", "-c", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
