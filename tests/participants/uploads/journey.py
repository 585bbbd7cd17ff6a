"""What tests of the upload pages share: a data admin at the browser, and the way of a file step by step."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from participants.models import ImportUpload
from participants.uploads.steps import QUEUE
from tests import make
from tests.hands import run_worker
from tests.participants.importing.files import person, table
from tests.participants.visits import client_of

NAME = "peserta november.csv"


def data_admin() -> User:
    return make.staff(Role.DATA_ADMIN)


def browser(user: User | None = None) -> Client:
    return client_of(user or data_admin())


def page(name: str, upload: ImportUpload, *more: str) -> str:
    return reverse(f"admin:participants_upload_{name}", args=[upload.uuid, *more])


def text_of(*rows: dict[str, str]) -> bytes:
    return table(rows or [person(1), person(2)]).encode()


def send(client: Client, content: bytes | None = None, name: str = NAME) -> Any:
    """The answer to an upload, after the redirect."""
    file = SimpleUploadedFile(name, text_of() if content is None else content)
    return client.post(reverse("admin:participants_upload"), {"file": file}, follow=True)


def uploaded(client: Client, content: bytes | None = None, name: str = NAME) -> ImportUpload:
    send(client, content, name)
    return ImportUpload.objects.latest("pk")


def choose(client: Client, upload: ImportUpload, *, button: str = "check", **given: str) -> Any:
    """The answer to the form of columns, as it stands there but for what is given."""
    form = {column: str(place) for column, place in upload.places.items()}
    day = upload.as_of.date().isoformat()
    return client.post(page("columns", upload), form | {"as_of": day, button: ""} | given, follow=True)


def work() -> None:
    run_worker(queue=QUEUE)


def checked(client: Client, content: bytes | None = None, name: str = NAME) -> ImportUpload:
    """A file whose dry run has ended."""
    upload = uploaded(client, content, name)
    choose(client, upload)
    work()
    upload.refresh_from_db()
    return upload


def confirm(client: Client, upload: ImportUpload, typed: str | None = None) -> Any:
    return client.post(page("confirm", upload), {"typed": upload.file_name if typed is None else typed}, follow=True)


def imported(client: Client, content: bytes | None = None, name: str = NAME) -> ImportUpload:
    upload = checked(client, content, name)
    confirm(client, upload)
    work()
    upload.refresh_from_db()
    return upload


def download(client: Client, upload: ImportUpload, name: str = "rejects") -> bytes:
    """The content of a report, read to its end: that closes the file."""
    answer: Any = client.get(page("report", upload, name))
    assert answer.status_code == 200
    return b"".join(answer)
