"""Photos in a real S3 server: kept, shown, swept, and what happens when it dies."""

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from deploy.cluster import processes, seaweed
from jknoffice.condition import measures
from tests import cases
from verification.documents import store, vault
from verification.models import Document
from verification.models.choices import DocumentKind

pytestmark = [pytest.mark.enable_socket, pytest.mark.django_db]

KEY, SECRET = "jkn", "made-up-secret"


def free_port() -> int:
    """The first of twenty ports in a row, of those that belong to this process; 10,000 higher ones are used as well."""
    begin = 20_000 + 500 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for port in range(begin, begin + 500, 20):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) and probe.connect_ex(("127.0.0.1", port + 1)):
                return port
    raise AssertionError("no port is free")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """SeaweedFS, started once: its folder and its port."""
    folder, port = tmp_path_factory.mktemp("seaweed"), free_port()
    seaweed.start(folder, port=port, access_key=KEY, secret_key=SECRET)
    yield folder, port
    seaweed.stop(folder)


@pytest.fixture(autouse=True)
def _in_the_bucket(server: tuple[Path, int], settings: Any) -> None:
    use(settings, server[1])


def use(settings: Any, port: int, **other: str) -> None:
    where = {"bucket": seaweed.BUCKET, "endpoint": seaweed.endpoint(port), "region": seaweed.REGION}
    options = {**where, "access_key": KEY, "secret_key": SECRET, **other}
    documents = {"BACKEND": "verification.documents.bucket.Bucket", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "documents": documents}


def test_a_photo_is_kept_encrypted_and_comes_back() -> None:
    document = cases.submitted().documents.get(kind="ktp")
    picture = cases.both_photos()[DocumentKind.KTP].jpeg
    assert vault.jpeg_of(document) == picture
    assert picture[:100] not in store.get(document.storage_key)


def test_nobody_reads_it_without_a_key(server: tuple[Path, int]) -> None:
    document = cases.submitted().documents.earliest("pk")
    for path in (f"documents/{document.storage_key}", "documents/", ""):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(  # noqa: S310
                f"{seaweed.endpoint(server[1])}/{path}", timeout=5
            )
        assert refused.value.code == 403
        refused.value.close()
    assert not measures.storage_is_public()


def test_what_is_missing_is_lost_and_what_has_no_row_is_swept() -> None:
    first, second = cases.submitted().documents.order_by("pk")
    storages["documents"].delete(first.storage_key)
    storages["documents"].delete(first.storage_key)
    with pytest.raises(vault.Lost):
        vault.jpeg_of(first)
    store.put("0" * 32, b"nobody's")
    assert vault.remove_orphans(at=timezone.now()) == 0
    assert vault.remove_orphans(at=timezone.now() + timedelta(days=2)) >= 1
    assert storages["documents"].exists(second.storage_key)
    assert not storages["documents"].exists("0" * 32)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"secret_key": "another"}, "refuses our keys"),
        ({"access_key": "another"}, "refuses our keys"),
        ({"bucket": "another"}, "refuses our keys"),
    ],
)
def test_a_wrong_setting_is_named(server: tuple[Path, int], settings: Any, other: dict[str, str], said: str) -> None:
    use(settings, server[1], **other)
    assert said in measures.storage_trouble()
    with pytest.raises(store.Away):
        cases.submitted()
    with pytest.raises(store.Away):
        store.get("a")


def test_a_bucket_that_is_missing_is_named_to_who_may_make_one(server: tuple[Path, int], settings: Any) -> None:
    identities = json.loads((server[0] / "seaweed.json").read_text())["identities"]
    (key,) = next(each["credentials"] for each in identities if each["name"] == seaweed.OPERATIONS)
    use(settings, server[1], bucket="another", access_key=key["accessKey"], secret_key=key["secretKey"])
    assert "has no bucket" in measures.storage_trouble()


def test_killed_it_is_away_and_when_it_is_back_all_photos_are(server: tuple[Path, int]) -> None:
    document = cases.submitted().documents.get(kind="ktp")
    folder, port = server
    seaweed.kill(folder)
    try:
        assert "does not answer" in measures.storage_trouble()
        with pytest.raises(store.Away):
            vault.jpeg_of(document)
    finally:
        seaweed.start(folder, port=port, access_key=KEY, secret_key=SECRET)

    def shown() -> bool:
        with suppress(store.Away):
            return bool(vault.jpeg_of(document))
        return False

    processes.wait(shown, seconds=60, what="the photo")
    assert vault.jpeg_of(document) == cases.both_photos()[DocumentKind.KTP].jpeg
    assert Document.objects.count() == 2


def test_the_server_outlives_who_started_it(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from deploy.cluster import processes, seaweed;"
        "seaweed.start(Path(sys.argv[1]), port=int(sys.argv[2]), access_key='a', secret_key='b')"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path), str(free_port())], check=True, timeout=90)
    assert seaweed.stop(tmp_path)
    assert not seaweed.stop(tmp_path)
