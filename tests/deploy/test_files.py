"""The files of a deployment say what the product can do, and give each process no more than it needs."""

import re
import runpy
import shutil
import subprocess
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
SETTING = re.compile(r'(?:env\.\w+|_key|_object|_time_of_day)\(\s*"(\w+)"')


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
    roles = {name: role(service) for name, service in OURS.items()}
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


def test_only_the_sealer_has_the_key_that_seals() -> None:
    assert [name for name, service in OURS.items() if "JKN_SEAL_KEY" in service["environment"]] == ["sealer"]


def test_somebody_works_on_each_queue() -> None:
    known = {task.queue for task in app.tasks.values()} - {"builtin"}  # of procrastinate itself: we defer none
    commands = [service["command"] for service in OURS.values() if "worker" in service.get("command", [])]
    assert set().union(*map(queues, commands)) == known
    lines = [unit(file)["Service"]["ExecStart"].split() for file in UNITS if not re.search("web|backup", file.name)]
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
