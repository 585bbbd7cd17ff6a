"""From a file to the register, over the pages, with the worker's own job and role."""

import csv
import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from jknoffice.accounts.models import Branch
from jknoffice.audit.models import AuditLog
from participants.importing.columns import COLUMNS
from participants.models import ImportBatch, ImportUpload, Peserta, UploadState
from participants.uploads import folder
from tests import make
from tests.participants.importing.files import BRANCH, person, table
from tests.participants.uploads.journey import (
    NAME,
    browser,
    checked,
    choose,
    confirm,
    data_admin,
    download,
    imported,
    page,
    send,
    text_of,
    uploaded,
    work,
)
from tests.tabular.books import book

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def branch() -> Branch:
    return make.branch(code=BRANCH, name="Jakarta Pusat")


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_file_goes_from_the_browser_into_the_register() -> None:
    # Given a register with one of two people, and a data admin with a file of both
    known = make.peserta(nik=person(1)["nik"], card_number=person(1)["card_number"], name="LAMA")
    user = data_admin()
    client = browser(user)
    # When the file is uploaded, its columns are right at once and its first rows stand there as they will be read
    answer = send(client, text_of(person(1, phone="0812-0000-0001"), person(2, sex="P"), person(3, sex="X")))
    upload = ImportUpload.objects.get()
    assert upload.state == UploadState.RECEIVED
    for read in ("17-05-1990", "0812-0000-0001", "Female", "0901 Jakarta Pusat", "This code is unknown."):
        assert read in said(answer)
    # And the dry run is begun, nothing is written
    assert "Dry run under way" in said(choose(client, upload))
    work()
    assert Peserta.objects.get().name == "LAMA"
    # Then its report counts what would happen
    answer = client.get(page("show", upload))
    result = answer.context["result"]
    assert [result[name] for name in ("rows", "created", "updated", "unchanged", "refused")] == [3, 1, 1, 0, 1]
    assert "This code is unknown." in said(answer)
    # When its name is typed, it is imported
    assert "Import under way" in said(confirm(client, upload))
    work()
    assert sorted(Peserta.objects.values_list("name", flat=True)) == ["PESERTA 1", "PESERTA 2"]
    # Then the page of the batch says who, when, which file, and how much
    answer = client.get(page("show", upload), follow=True)
    batch = ImportBatch.objects.get()
    assert answer.request["PATH_INFO"] == reverse("admin:participants_importbatch_change", args=[batch.pk])
    for fact in (NAME, user.full_name, batch.sha256, "This code is unknown."):
        assert fact in said(answer)
    assert (batch.file_name, batch.imported_by) == (NAME, user)
    # And the file is gone, while the refused rows can still be had
    upload.refresh_from_db()
    assert upload.state == UploadState.DONE
    assert not folder.file_of(upload).exists()
    assert b"unknown_code" in download(client, upload)
    known.refresh_from_db()
    assert list(AuditLog.objects.filter(actor=user.username).order_by("pk").values_list("action", flat=True)) == [
        "import.uploaded",
        "import.previewed",
        "import.columns_chosen",
        "import.check_ordered",
        "import.checked",
        "import.confirmed",
        "import.finished",
        "import.file_imported",
        "import.report_downloaded",
    ]


FORMS = ["utf-8", "utf-8 with a mark", "utf-16", "windows, semicolons", "tabs", "bars", "gzip", "zip", "xlsx"]


def forms_of(path: Path) -> dict[str, bytes]:
    rows = [person(1), person(2, name="JOSÉ")]
    text = table(rows)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("peserta.csv", text)
    sheet: list[list[str | float]] = [[*COLUMNS]]
    sheet += [[*row.values()] for row in rows]
    return {
        "utf-8": text.encode(),
        "utf-8 with a mark": text.encode("utf-8-sig"),
        "utf-16": text.encode("utf-16"),
        "windows, semicolons": text.replace(",", ";").encode("cp1252"),
        "tabs": text.replace(",", "\t").encode(),
        "bars": text.replace(",", "|").encode(),
        "gzip": gzip.compress(text.encode()),
        "zip": packed.getvalue(),
        "xlsx": book(path / "a.xlsx", sheet).read_bytes(),
    }


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_file_is_shown_and_imported(tmp_path: Path, form: str) -> None:
    client = browser()
    answer = send(client, forms_of(tmp_path)[form])
    assert "JOSÉ" in said(answer)
    upload = ImportUpload.objects.get()
    choose(client, upload)
    work()
    upload.refresh_from_db()
    confirm(client, upload)
    work()
    assert sorted(Peserta.objects.values_list("name", flat=True)) == ["JOSÉ", "PESERTA 1"]


def test_titles_that_mean_nothing_to_us_are_chosen_by_hand() -> None:
    # Given a file whose NIK stands under a title of its own, and whose titles "phone" and "email" are exchanged
    client = browser()
    text = text_of(person(1, email="0812 0000 7777", phone="siti@contoh.id")).replace(b"nik,", b"No. KTP,", 1)
    answer = send(client, text)
    assert "These columns were not found: NIK." in said(answer)
    upload = ImportUpload.objects.get()
    # When the dry run is begun nevertheless, it is refused beside the field
    assert "This column is needed" in said(choose(client, upload))
    # When the columns are chosen, the rows stand there with them
    places = {"nik": "0", "phone": str(COLUMNS.index("email")), "email": str(COLUMNS.index("phone"))}
    assert "0812-0000-7777" in said(choose(client, upload, button="show", **places))
    choose(client, upload, **places)
    work()
    upload.refresh_from_db()
    confirm(client, upload)
    work()
    # Then they are imported so
    assert Peserta.objects.values_list("nik", "phone", "email").get() == (
        person(1)["nik"],
        "+6281200007777",
        "siti@contoh.id",
    )


def test_a_column_that_is_not_wanted_stays_as_it_is_in_the_register() -> None:
    make.peserta(nik=person(1)["nik"], card_number=person(1)["card_number"], email="lama@contoh.id")
    client = browser()
    upload = uploaded(client, text_of(person(1, email="baru@contoh.id")))
    choose(client, upload, email="")
    work()
    confirm(client, upload)
    work()
    assert Peserta.objects.get().email == "lama@contoh.id"


def test_one_column_cannot_be_two() -> None:
    client = browser()
    answer = choose(client, uploaded(client), kk_number="0")
    assert "This column is chosen for “NIK” already." in said(answer)
    assert ImportUpload.objects.get().state == UploadState.RECEIVED


@pytest.mark.parametrize("day", ["2099-01-01", "0001-01-01", "9999-12-31", "gestern", "2013-12-31", "\0", ""])
def test_a_day_that_cannot_be_is_refused(day: str) -> None:
    client = browser()
    answer = choose(client, uploaded(client), as_of=day)
    assert "Nothing has begun yet." in said(answer)
    assert ImportUpload.objects.get().state == UploadState.RECEIVED


def test_the_day_of_the_file_decides_which_numbers_are_kept() -> None:
    client = browser()
    upload = uploaded(client)
    choose(client, upload, as_of="2026-11-02")
    upload.refresh_from_db()
    assert f"{upload.as_of:%Y-%m-%d %H:%M}" == "2026-11-01 17:00"  # midnight in Jakarta
    work()
    confirm(client, upload)
    work()
    assert ImportBatch.objects.get().as_of == upload.as_of


def test_unless_a_day_is_given_it_is_thirty_days_ago() -> None:
    upload = uploaded(browser())
    assert (upload.uploaded_at - upload.as_of).days == 30


@pytest.mark.parametrize("typed", ["", "peserta", "PESERTA NOVEMBER.CSV", "\0", "x" * 300])
def test_another_name_imports_nothing(typed: str) -> None:
    client = browser()
    upload = checked(client)
    answer = confirm(client, upload, typed)
    work()
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED
    assert not Peserta.objects.exists()
    assert 'class="errorlist"' in said(answer)


def test_a_wrong_name_is_recorded() -> None:
    client = browser()
    confirm(client, checked(client), "peserta.csv")
    assert AuditLog.objects.filter(action="import.confirm_refused").count() == 1


def test_refused_rows_are_downloaded_corrected_and_uploaded_again() -> None:
    client = browser()
    upload = imported(client, text_of(person(1), person(2, care_class="9")))
    rejects = download(client, upload)
    assert [row["code"] for row in csv.DictReader(io.StringIO(rejects.decode()))] == ["care_class"]
    imported(client, rejects.replace(b",9,", b",2,"), "koreksi.csv")
    assert Peserta.objects.count() == 2


def test_a_file_of_which_all_is_there_already_says_so() -> None:
    client = browser()
    imported(client)
    upload = checked(client)
    assert "The register holds all of this already" in said(client.get(page("show", upload)))
    confirm(client, upload)
    work()
    assert [batch.unchanged for batch in ImportBatch.objects.all()] == [2, 0]


def test_a_dry_run_that_cannot_run_says_why_and_is_begun_again() -> None:
    # Given a file whose dates are written in two ways, which the first rows do not show
    client = browser()
    upload = checked(client, text_of(*(person(n) for n in range(1, 30)), person(30, birth_date="17-05-1990")))
    # The preview says so as well; the dry run was begun nevertheless
    assert upload.state == UploadState.FAILED
    answer = client.get(page("show", upload))
    assert "Tanggal ditulis" in said(answer) or "dates" in said(answer)
    # Then its columns can be looked at again
    assert client.get(page("show", upload) + "?columns").status_code == 200
    choose(client, upload)
    upload.refresh_from_db()
    assert (upload.state, upload.fault) == (UploadState.CHECKING, "")


def test_a_file_is_deleted_on_demand() -> None:
    client = browser()
    upload = uploaded(client)
    place = folder.file_of(upload).parent
    assert place.exists()
    answer = client.post(page("discard", upload), follow=True)
    assert "The file was deleted." in said(answer)
    assert not place.exists()
    upload.refresh_from_db()
    assert (upload.state, upload.reading) == (UploadState.REMOVED, {})
    assert "This file was deleted" in said(client.get(page("show", upload)))


def test_deleting_a_file_stops_its_dry_run() -> None:
    client = browser()
    upload = uploaded(client)
    choose(client, upload)
    client.post(page("discard", upload))
    work()
    upload.refresh_from_db()
    assert upload.state == UploadState.REMOVED
