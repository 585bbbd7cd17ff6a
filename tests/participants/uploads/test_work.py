"""The worker's part: who comes first, who waits, what is done twice, and what goes wrong."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jknoffice.accounts.models import Branch
from jknoffice.audit.models import AuditLog
from jknoffice.hands import Hand
from participants.importing import Phase, staging
from participants.models import ImportBatch, ImportUpload, Peserta, UploadState
from participants.uploads import folder, steps, work
from participants.uploads.progress import Progress, Unwanted
from tests import make
from tests.hands import logged_in_as, run_task
from tests.participants.importing.files import BRANCH
from tests.participants.uploads import journey
from tests.participants.uploads.journey import browser, checked, choose, confirm, data_admin, page, uploaded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def branch() -> Branch:
    return make.branch(code=BRANCH)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "PATIENCE", 0.0)


@contextmanager
def another_import() -> Iterator[None]:
    """Another import runs meanwhile, in a connection of its own."""
    running, over = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with staging.alone():
                running.set()
                over.wait(60)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        assert running.wait(30)
        try:
            yield
        finally:
            over.set()
            future.result(30)


def test_of_two_who_confirm_at_once_one_begins_the_import() -> None:
    upload = checked(browser())
    people = [data_admin(), data_admin()]
    together = threading.Barrier(2)

    def confirmed(number: int) -> bool:
        together.wait(30)
        try:
            steps.confirm(upload=upload, typed=upload.file_name, by=people[number])
        except steps.NotNow:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirmed, range(2))) == [False, True]
    journey.work()
    assert ImportBatch.objects.count() == 1
    assert AuditLog.objects.filter(action="import.confirmed").count() == 1


def test_a_second_click_finds_the_import_under_way() -> None:
    client = browser()
    upload = checked(client)
    confirm(client, upload)
    answer = confirm(client, upload)
    assert "the file has moved on" in answer.content.decode()
    assert "Import under way" in answer.content.decode()


def test_a_file_waits_while_another_import_runs_and_then_goes_on(impatient: None) -> None:
    client = browser()
    upload = uploaded(client)
    choose(client, upload)
    with another_import():
        journey.work()
        answer = client.get(page("show", upload))
        assert "Another import is running." in answer.content.decode()
        waiting = ProcrastinateJob.objects.get(task_name=steps.CHECK_TASK, status="todo")
        assert waiting.scheduled_at is not None
        assert waiting.scheduled_at > timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    journey.work()
    upload.refresh_from_db()
    assert (upload.state, upload.phase) == (UploadState.CHECKED, "")


def test_a_job_that_died_after_the_import_imports_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a worker that is killed between the import's commit and the word that it is done
    client = browser()
    upload = checked(client)
    confirm(client, upload)
    with monkeypatch.context() as killed:
        killed.setattr(work, "_note_batch", lambda *_: None)
        journey.work()
    upload.refresh_from_db()
    assert (upload.state, ImportBatch.objects.count()) == (UploadState.IMPORTING, 1)
    # When its job runs again
    with logged_in_as(Hand.WORKER):
        work.publish(upload_id=upload.pk)
    # Then the batch is found, and is the only one
    upload.refresh_from_db()
    assert (upload.state, upload.batch) == (UploadState.DONE, ImportBatch.objects.get())


def test_jobs_of_files_that_stand_elsewhere_do_nothing() -> None:
    upload = checked(browser())
    before = AuditLog.objects.count()
    work.check(upload_id=upload.pk)
    work.publish(upload_id=upload.pk)
    work.check(upload_id=0)
    assert AuditLog.objects.count() == before
    assert not Peserta.objects.exists()


def test_a_file_that_is_gone_fails_with_a_sentence() -> None:
    client = browser()
    upload = uploaded(client)
    choose(client, upload)
    folder.remove_file(upload)
    journey.work()
    upload.refresh_from_db()
    assert (upload.state, upload.fault) == (UploadState.FAILED, "unreadable")
    assert AuditLog.objects.filter(action="import.failed").count() == 1
    assert "Nothing was written into the register." in client.get(page("show", upload)).content.decode()


def test_whatever_breaks_is_told_and_nothing_is_imported() -> None:
    # Given a file whose bytes are exchanged on the disk for others of another form
    client = browser()
    upload = uploaded(client)
    choose(client, upload)
    ImportUpload.objects.filter(pk=upload.pk).update(places={"nik": 0})
    journey.work()
    upload.refresh_from_db()
    assert (upload.state, upload.fault) == (UploadState.FAILED, "broken")
    assert ProcrastinateJob.objects.get(task_name=steps.CHECK_TASK).status == "failed"


def test_progress_is_seen_by_others_at_once_and_not_too_often() -> None:
    upload = uploaded(browser())
    ImportUpload.objects.filter(pk=upload.pk).update(
        state=UploadState.CHECKING, ordered_by=upload.uploaded_by, ordered_at=timezone.now()
    )
    upload.refresh_from_db()

    def seen() -> tuple[Any, ...]:
        return ImportUpload.objects.values_list("phase", "rows_read", "rows_expected").get()

    with logged_in_as(Hand.WORKER), Progress(upload) as progress:
        progress(2_000, Phase.READING, 10_000)
        assert seen() == ("reading", 2_000, 10_000)
        progress(4_000, Phase.READING, 10_000)
        assert seen() == ("reading", 2_000, 10_000)
        progress(10_000, Phase.COMPARING, 10_000)
        assert seen() == ("comparing", 10_000, 10_000)


def test_work_that_nobody_wants_any_more_stops() -> None:
    client = browser()
    upload = uploaded(client)
    choose(client, upload)
    upload.refresh_from_db()
    with logged_in_as(Hand.WORKER), Progress(upload) as progress:
        progress(1, Phase.READING, None)
        steps.discard(upload=upload, by=upload.uploaded_by.as_actor())
        with pytest.raises(Unwanted):
            progress(2, Phase.COMPARING, None)


def test_a_dry_run_whose_file_is_deleted_meanwhile_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a dry run that looks up from its work just when somebody deletes the file
    client = browser()
    upload = uploaded(client)
    choose(client, upload)
    plain = Progress.__call__

    def delete() -> None:
        try:
            steps.discard(upload=upload, by=upload.uploaded_by.as_actor())
        finally:
            connection.close()

    def deleted_meanwhile(self: Progress, rows: int, phase: Phase, expected: int | None) -> None:
        with ThreadPoolExecutor(1) as pool:  # in a connection of its own: this one is in the middle of a COPY
            pool.submit(delete).result(30)
        plain(self, rows, phase, expected)

    monkeypatch.setattr(Progress, "__call__", deleted_meanwhile)
    # When the worker does it
    journey.work()
    # Then the job is done, and the file stays deleted
    assert ProcrastinateJob.objects.get(task_name=steps.CHECK_TASK).status == "succeeded"
    assert ImportUpload.objects.get().state == UploadState.REMOVED


def test_the_page_shows_how_far_it_has_come() -> None:
    client = browser()
    upload = uploaded(client)
    choose(client, upload)
    ImportUpload.objects.update(phase="reading", rows_read=20_000, rows_expected=1_000_000)
    text = client.get(page("show", upload)).content.decode()
    assert 'max="1000000" value="20000"' in text
    assert "20,000 of about 1,000,000 rows" in text


def old(upload: ImportUpload, **age: float) -> None:
    ImportUpload.objects.filter(pk=upload.pk).update(moved_at=timezone.now() - timedelta(**age))


def removed_by_the_worker() -> None:
    run_task("participants.remove_uploads")


def test_after_a_day_a_file_is_deleted_with_its_reports(settings: Any) -> None:
    # Given files that wait, one of them for more than a day, and one that was imported then
    client = browser()
    forgotten, fresh, done = checked(client), checked(client), journey.imported(client)
    for upload in (forgotten, done):
        old(upload, hours=24, minutes=1)
    old(fresh, hours=23)
    stray = Path(settings.UPLOAD_FOLDER) / "stray"
    stray.mkdir()
    os.utime(stray, (0, 0))
    # When the hourly job runs
    removed_by_the_worker()
    # Then only the fresh one is left on the disk
    assert [path.name for path in Path(settings.UPLOAD_FOLDER).iterdir()] == [str(fresh.uuid)]
    states = dict(ImportUpload.objects.values_list("pk", "state"))
    assert states == {
        forgotten.pk: UploadState.REMOVED,
        fresh.pk: UploadState.CHECKED,
        done.pk: UploadState.DONE,
    }
    assert AuditLog.objects.filter(action="import.upload_removed", actor="retention").count() == 2
    # And its page and that of the batch still say what there was
    assert "This file was deleted" in client.get(page("show", forgotten)).content.decode()
    assert client.get(page("show", done), follow=True).status_code == 200
    # And it is done once
    removed_by_the_worker()
    assert AuditLog.objects.filter(action="import.upload_removed").count() == 2


def test_the_database_knows_the_states() -> None:
    upload = uploaded(browser())
    for change in ({"state": "x"}, {"state": "done"}, {"state": "checking"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportUpload.objects.filter(pk=upload.pk).update(**change)
