"""`JKN_DATA_KEY` is exchanged while people work: docs/runbooks/keys.md, step by step, and nobody notices."""

import base64
import json
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pytest
from django_otp.oath import TOTP

from benchmarks.operators import Browser, Crowd, token_of
from deploy.cluster import processes, services, topology
from deploy.cluster.layout import Layout
from tests.long.clusters import serving

pytestmark = [pytest.mark.enable_socket, pytest.mark.xdist_group("cluster")]

WANTED = {"page 200", "take 302", "photo 200", "approve 302"}


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    """A cluster of its own that serves."""
    with serving(tmp_path_factory.mktemp("exchange")) as found:
        yield found


def restart(layout: Layout, keys: Mapping[str, str]) -> None:
    """Give every process these keys, one after the other."""
    for name in (*services.WEBS, *services.WORKERS, "sealer"):
        processes.end(layout.folder, name)
        if name in services.WEBS:
            services.start_web(layout, name, other=keys)
            processes.wait(partial(topology.web_ready, layout, name), seconds=60, what=name)
        else:
            services.start_worker(layout, name, other=keys)


def log_in(layout: Layout, account: Mapping[str, str]) -> int:
    """Pass both steps of the log-in as a person of the demo, and return the status of the page behind them."""
    browser = Browser(layout, "")
    token = token_of(browser.get("/admin/login/")[1])
    typed = {"username": account["username"], "password": account["password"]}
    _status, _text, place = browser.post("/admin/login/", {"csrfmiddlewaretoken": token, **typed})
    assert place == "/admin/login/verify/"
    totp = TOTP(base64.b32decode(account["totp_secret"]))
    totp.time = time.time()
    token = token_of(browser.get(place)[1])
    browser.post(place, {"csrfmiddlewaretoken": token, "code": f"{totp.token():06}"})
    status = browser.get("/admin/")[0]
    browser.hang_up()
    return status


def rotated(layout: Layout, keys: Mapping[str, str], *words: str) -> list[int]:
    """Call the command as the owner, and return the numbers that it prints."""
    said = services.manage(layout, "owner", "rotate_data_key", *words, fails=False, **keys)
    return [int(number) for number in re.findall(r"\b\d+\b", said)]


def test_the_data_key_is_exchanged_and_nobody_notices(layout: Layout) -> None:
    # Given operators at work, and the key of before and the one to come
    sessions: list[str] = json.loads(services.stocked(layout, "benchmarks.operators", "200").splitlines()[-1])
    development = {"JKN_ENV": "development", "JKN_SMS_GATEWAY": "console"}
    told: list[dict[str, Any]] = json.loads(
        services.manage(layout, "owner", "demo_credentials", "--format", "json", fails=False, **development)
    )
    people = iter(told)
    old, new = layout.keys["JKN_DATA_KEY"], base64.b64encode(secrets.token_bytes(32)).decode()
    learning = {"JKN_DATA_KEY": old, "JKN_DATA_KEY_OLD": new, "JKN_IDENTITY_KEY": old}
    exchanging = {"JKN_DATA_KEY": new, "JKN_DATA_KEY_OLD": old, "JKN_IDENTITY_KEY": old}
    afterwards = {"JKN_DATA_KEY": new, "JKN_IDENTITY_KEY": old}
    crowd = Crowd(layout, sessions)

    with crowd.at_work():
        # When every process has learnt to read the new key, then has it, and what is kept is sealed anew
        restart(layout, learning)
        assert log_in(layout, next(people)) == 200
        restart(layout, exchanging)
        assert log_in(layout, next(people)) == 200
        assert sum(rotated(layout, exchanging, "--dry-run")) > 0
        rotated(layout, exchanging)
        assert sum(rotated(layout, exchanging, "--dry-run")) == 0
        assert log_in(layout, next(people)) == 200

        # And the old one is taken away
        restart(layout, afterwards)
        assert log_in(layout, next(people)) == 200

    # Then each page, photo and decision of the crowd had its answer
    assert set(crowd.statuses) <= WANTED, crowd.statuses
    assert (crowd.unclear, len(crowd.acknowledged) > 20, crowd.photos > 20) == (0, True, True)

    # And without the old key all opens, and the log verifies
    assert services.manage(layout, "web", "check_documents", "--sample", "50", fails=False, **afterwards).startswith(
        "50 of 50"
    )
    assert "All fits." in services.manage(layout, "worker", "verify_audit", fails=False, **afterwards)
