"""What hostile files carry reaches no disk, no page as markup, no report as a formula, and nobody outside.

`tests/hostile.py` has the photos, `tests/hostile_tables.py` the tables; each carries a canary that is looked for.
"""

import csv
import io
import socket
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from pytest_socket import SocketBlockedError

from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.roles import Role
from participants.importing.columns import COLUMNS
from participants.models import ImportUpload, Peserta
from participants.uploads.retention import remove_old
from tests import hostile, make, pictures
from tests.hostile_tables import CANARY, CELLS
from tests.participants.importing.files import BRANCH, person, table
from tests.participants.uploads import journey
from tests.verification.portal import walk

pytestmark = pytest.mark.django_db(transaction=True)

FORMULAS = tuple("=+-@\t\r\n\0＝＋－＠")


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Whatever asks for an address or a connection outside of this machine; nothing may."""
    met: list[Any] = []
    resolve, connect = socket.getaddrinfo, socket.socket.connect

    def note_name(host: Any, *rest: Any, **more: Any) -> Any:
        met.append(host)
        return resolve(host, *rest, **more)

    def note_place(self: socket.socket, place: Any) -> None:
        if self.family != socket.AF_UNIX:
            met.append(place)
        connect(self, place)

    monkeypatch.setattr(socket, "getaddrinfo", note_name)
    monkeypatch.setattr(socket.socket, "connect", note_place)
    yield met
    assert met == []


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for what is kept for a moment."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def kept(*folders: Path) -> list[Path]:
    """The files of ours that hold a canary, in clear; the database's own are left out."""
    marks = (CANARY.encode(), hostile.CANARY, CANARY.encode("utf-16-le"))
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(mark in path.read_bytes() for mark in marks)]


def ours(temporary: Path) -> list[Path]:
    apart = ("postgres", "database", "pg")
    return [temporary, *(each for each in Path(settings.JKN_VAR).glob("*") if not each.name.startswith(apart))]


class Markup(HTMLParser):
    """Notes each tag and attribute in which a canary stands as something else than words for people."""

    HARMLESS = frozenset({"value", "title", "alt", "aria-label", "content", "placeholder", "data-text"})

    def __init__(self) -> None:
        super().__init__()
        self.met: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = tag in {"script", "style"}
        for name, value in attrs:
            a_filter = name == "href" and (value or "").startswith("?")
            if CANARY.lower() in f"{name} {value}".lower() and name not in self.HARMLESS and not a_filter:
                self.met.append(f"<{tag} {name}>")

    def handle_data(self, data: str) -> None:
        if self._script and CANARY in data:
            self.met.append("script")


def is_plain(answer: Any) -> bool:
    """Whether a page shows canaries as words only."""
    assert answer.status_code in {200, 302}, answer
    html = answer.content.decode() if not answer.streaming else ""
    looked = Markup()
    looked.feed(html)
    raw = [cell for cell in CELLS.values() if "<" in cell and cell in html]
    return not looked.met and not raw


SHORT = {what: cell for what, cell in CELLS.items() if what != "a megabyte"}


def register() -> bytes:
    """One good row; each cell as a name and a place, which are free text; and each where only few words may stand."""
    rows = [person(1)]
    for number, cell in enumerate(SHORT.values(), start=1):
        rows.append(person(2 * number, name=cell, birth_place=cell, facility=cell))
        rows.append(person(2 * number + 1, segment=cell, branch=cell, email=cell))
    extra = f"=1+{CANARY}"  # a column that means nothing to us
    return table([{**row, extra: extra} for row in rows], columns=[*COLUMNS, extra]).encode()


def test_a_register_of_hostile_cells_is_words_on_every_page_and_no_formula_in_any_report(temporary: Path) -> None:
    make.branch(code=BRANCH, name="Jakarta Pusat")
    client = journey.browser()
    upload = journey.uploaded(client, register(), f"..\\..\\<script>{CANARY}.csv")
    pages = [client.get(journey.page("show", upload))]
    pages.append(journey.choose(client, upload))
    journey.work()
    pages.append(client.get(journey.page("show", upload)))
    reports = [journey.download(client, upload)]
    pages.append(journey.confirm(client, upload))
    journey.work()
    pages.append(client.get(journey.page("show", upload)))
    pages.append(client.get(reverse("admin:participants_importbatch_changelist")))
    found = Peserta.objects.filter(name__contains=CANARY[:6]) | Peserta.objects.filter(birth_place__contains=CANARY[:6])
    for peserta in found:
        answer = client.post(reverse("admin:participants_peserta_changelist"), {"q": peserta.nik}, follow=True)
        pages += [answer, client.get(reverse("admin:participants_peserta_person", args=[peserta.uuid]))]
    assert Peserta.objects.exists()
    assert [index for index, page in enumerate(pages) if not is_plain(page)] == []
    reports.append(journey.download(client, upload))
    for report in reports:
        rows = list(csv.reader(io.StringIO(report.decode(), newline="")))
        assert len(rows) > len(SHORT)
        assert [cell for row in rows for cell in row if cell.startswith(FORMULAS)] == []
    # The file itself is gone with the import, the report with its time.
    assert [path.name for path in Path(settings.UPLOAD_FOLDER).rglob("*") if path.is_file()] == ["rejects.csv"]
    remove_old(at=timezone.now() + settings.UPLOAD_LIFETIME * 2)
    assert kept(Path(settings.UPLOAD_FOLDER), *ours(temporary)) == []


@pytest.mark.parametrize(
    "content",
    [
        b"nik,nama\n\0" + CANARY.encode(),
        b"PK\x03\x04" + CANARY.encode() * 100,
        b"\x1f\x8b\x08\0" + CANARY.encode() * 100,
        f"<html><script>{CANARY}</script>".encode() + b"\x81",
    ],
    ids=["NUL", "no ZIP", "no gzip", "no encoding"],
)
def test_of_a_file_that_is_refused_nothing_is_kept(content: bytes, temporary: Path) -> None:
    assert is_plain(journey.send(journey.browser(), content, f"{CANARY}.csv"))
    assert not ImportUpload.objects.exists()
    assert kept(Path(settings.UPLOAD_FOLDER), *ours(temporary)) == []


def test_branches_and_staff_with_hostile_names_are_words_or_refused(tmp_path: Path) -> None:
    make.branch(code="0901", name="a", region="IV")
    for number, cell in enumerate(CELLS.values(), start=10):
        files = {
            "import_branches": [["Kode", "Nama", "Wilayah"], [f"09{number}", cell, cell[:20]]],
            "import_staff": [
                ["username", "full_name", "nik", "branch", "role", "email"],
                [f"siti{number}", cell, f"31710117059000{number}", "0901", "operator", ""],
            ],
        }
        for command, rows in files.items():
            path = tmp_path / f"{number}.csv"
            with path.open("w", newline="") as file:
                csv.writer(file).writerows(rows)
            more = ["--passwords", str(tmp_path / f"{number}.passwords")] if command == "import_staff" else []
            with suppress(CommandError):
                call_command(command, str(path), *more)
    branches, staff = Branch.objects.filter(name__contains=CANARY), User.objects.filter(full_name__contains=CANARY)
    assert (branches.count(), staff.count()) > (8, 8)
    client = make.logged_in(make.staff(Role.ADMIN))
    pages = [client.get(reverse(f"admin:accounts_{name}_changelist")) for name in ("user", "branch")]
    pages += [client.get(reverse("admin:accounts_branch_change", args=[each.pk])) for each in branches]
    pages += [client.get(reverse("admin:accounts_user_change", args=[each.pk])) for each in staff]
    pages += [client.get(reverse("admin:sessions_of", args=[each.pk])) for each in staff]
    assert [page.request["PATH_INFO"] for page in pages if not is_plain(page)] == []


SLOW = ("MB", "million", "billion", "thousands")
PHOTOS = [what for what in hostile.CORPUS if not any(word in what for word in SLOW)]


def test_photos_leave_nothing_of_what_they_hid(temporary: Path) -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    answered, storage = 0, storages["documents"]
    for what in PHOTOS:
        content = hostile.CORPUS[what].make()
        if hostile.CANARY not in content:
            continue
        page = walk.give_photo(client, "ktp", pictures.upload(content))
        assert page.status_code == 200
        assert hostile.CANARY.decode() not in page.content.decode()
        answered += 1
    assert answered > 12
    for name in storage.listdir("")[1]:
        with storage.open(name) as file:
            assert hostile.CANARY not in file.read()
    assert kept(*ours(temporary)) == []
    assert list(temporary.iterdir()) == []


def test_the_canary_would_be_found(temporary: Path, asked: list[Any]) -> None:
    """The looks above can fail."""
    (temporary / "file").write_text(f"x{CANARY}")
    assert kept(temporary) == [temporary / "file"]
    for html in (CELLS["script"], f'<p class="{CELLS["end of an attribute"]}"></p>', f"<a href='/{CANARY}'>x</a>"):
        assert not is_plain(HttpResponse(html))
    with suppress(OSError, SocketBlockedError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        socket.create_connection((f"{CANARY.lower()}.example.org", 80), timeout=0.1)
    assert asked
    asked.clear()
