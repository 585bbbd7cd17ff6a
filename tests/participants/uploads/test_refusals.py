"""Files that are none, and whoever may not upload: one clear sentence, and nothing kept."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from jknoffice.audit.models import AuditLog
from participants.models import ImportUpload
from participants.uploads.receiving import MOST_COLUMNS, MOST_OPEN, cleaned
from tests import make
from tests.participants.uploads.journey import browser, choose, data_admin, page, send, text_of, uploaded

pytestmark = pytest.mark.django_db(transaction=True)

WRONG: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "The file is empty.", "no_file"),
    "blank": (b"\n\n", "The file is empty.", "empty"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it holds NUL characters", "no_text"),
    "encoding": (b"nik,nama\n\x81\xff", "neither UTF-8 nor Windows text", "encoding"),
    "half a gzip": (b"\x1f\x8b\x08\0\0", "damaged or was cut off", "damaged"),
    "half a zip": (b"PK\x03\x04\0\0", "damaged or was cut off", "damaged"),
    "columns": (b"a" + b",a" * MOST_COLUMNS + b"\n", "more than 200 columns", "too_many_columns"),
}


def entry_of(action: str) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(AuditLog.objects.filter(action=action).latest("pk").entry)
    return entry


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_file_is_refused_with_a_sentence_and_nothing_is_kept(wrong: str) -> None:
    content, sentence, code = WRONG[wrong]
    answer = send(browser(), content)
    assert sentence in " ".join(answer.content.decode().split())
    assert not ImportUpload.objects.exists()
    assert not Path(settings.UPLOAD_FOLDER).exists() or not list(Path(settings.UPLOAD_FOLDER).iterdir())
    assert entry_of("import.upload_refused")["reason"] == code


def test_the_sentence_is_indonesian() -> None:
    answer = send(make.logged_in(data_admin()), b"\n\n")
    assert "Berkas kosong." in answer.content.decode()


def test_a_form_without_a_file_is_refused() -> None:
    answer = browser().post(reverse("admin:participants_upload"), {"file": "no file"})
    assert "Choose a file first." in answer.content.decode()


def test_what_is_larger_than_allowed_is_not_stored(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    answer = send(browser(), text_of() + b"x" * 1024 * 1024)
    assert "The file is larger than 1 MiB." in answer.content.decode()
    assert not ImportUpload.objects.exists()
    assert entry_of("import.upload_refused")["reason"] == "too_large"


def test_what_says_that_it_is_larger_is_not_even_read(settings: Any) -> None:
    # Given a browser with a valid form, of which the file comes last
    settings.UPLOAD_MAX_BYTES = 1024
    client = make.logged_in(data_admin(), Client(enforce_csrf_checks=True))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    start = reverse("admin:participants_upload")
    token = client.get(start).context["csrf_token"]
    head = (
        f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    ).encode()
    # When a gigabyte is announced, of which only the beginning ever comes
    body = Beginning(head + b"nik" * 30_000, announced=1024**3)
    answer = client.generic("POST", start, b"", "multipart/form-data; boundary=x", **body.environ())
    # Then the answer does not wait for the rest
    assert answer.status_code == 200
    assert "The file is larger than 0 MiB." in answer.content.decode()
    assert not ImportUpload.objects.exists()


class Beginning:
    """The beginning of a body; whoever wants more of it than there is would wait for ever, and fails."""

    def __init__(self, content: bytes, *, announced: int) -> None:
        self._content, self._announced, self._place = content, announced, 0

    def environ(self) -> dict[str, Any]:
        return {
            "CONTENT_LENGTH": str(self._announced),
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "wsgi.input": self,
        }

    def read(self, size: int = -1) -> bytes:
        if self._place >= len(self._content):
            raise AssertionError("The rest was asked for.")
        piece = self._content[self._place : self._place + size]
        self._place += len(piece)
        return piece

    readline = read


def test_nobody_leaves_more_than_a_few_files_lying() -> None:
    client = browser()
    for _file in range(MOST_OPEN):
        send(client)
    assert "files of yours are waiting already" in send(client).content.decode()
    assert ImportUpload.objects.count() == MOST_OPEN
    # Somebody else's files do not count, and one that is deleted makes room
    send(browser())
    client.post(page("discard", ImportUpload.objects.earliest("pk")))
    send(client)
    assert ImportUpload.objects.count() == MOST_OPEN + 2


NAMES = {
    "peserta november.csv": "peserta november.csv",
    "../../etc/passwd": "passwd",
    "C:\\Data\\peserta.xlsx": "peserta.xlsx",
    "a\u202eb\x07\n c.csv": "a b c.csv",
    "\x00": "file",
    "e\u0301.csv": "é.csv",
    "x" * 300 + ".csv": "x" * 96 + ".csv",
}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_cleaned(name: str) -> None:
    assert cleaned(name) == NAMES[name]


def test_a_name_is_no_markup_and_no_path() -> None:
    client = browser()
    upload = uploaded(client, name="<b>&'\".csv")
    assert "<b>&" not in client.get(page("show", upload)).content.decode()
    assert [path.name for path in Path(settings.UPLOAD_FOLDER).iterdir()] == [str(upload.uuid)]


def test_only_this_user_of_the_system_reads_what_is_kept() -> None:
    uploaded(browser())
    top = Path(settings.UPLOAD_FOLDER)
    assert {oct(path.stat().st_mode & 0o777) for path in (top, *top.glob("*"))} == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in top.glob("*/*")} == {"0o600"}


Deed = Callable[[Client, ImportUpload], Any]
AFTER: dict[str, Deed] = {
    "columns": choose,
    "confirm": lambda client, upload: client.post(page("confirm", upload), {"typed": upload.file_name}, follow=True),
    "discard": lambda client, upload: client.post(page("discard", upload), follow=True),
}


@pytest.mark.parametrize("deed", AFTER)
def test_a_deleted_file_cannot_be_worked_on(deed: str) -> None:
    client = browser()
    upload = uploaded(client)
    client.post(page("discard", upload))
    before = AuditLog.objects.count()
    answer = AFTER[deed](client, upload)
    assert "the file has moved on" in answer.content.decode()
    assert AuditLog.objects.count() == before


@pytest.mark.parametrize("name", ["rejects", "warnings", "file", "x"])
def test_there_is_no_report_before_a_dry_run(name: str) -> None:
    client = browser()
    assert client.get(page("report", uploaded(client), name)).status_code == 404


@pytest.mark.parametrize("places", [{"nik": "99"}, {"nik": "-1"}, {"nik": "x"}, {"nik": "\0"}, {"nik": "9" * 5000}])
def test_a_column_that_the_file_has_not_is_refused(places: dict[str, str]) -> None:
    client = browser()
    answer = choose(client, uploaded(client), **places)
    assert answer.status_code == 200
    assert "Nothing has begun yet." in answer.content.decode()


def test_what_is_looked_at_is_recorded_with_the_people_of_the_register() -> None:
    known = make.peserta(nik="3171011705900001")
    client = browser()
    upload = uploaded(client)
    client.get(page("show", upload))
    entry = entry_of("import.previewed")
    assert (entry["after"], entry["object"]["id"]) == ({"rows": 2, "shown": [str(known.uuid)]}, str(upload.pk))
