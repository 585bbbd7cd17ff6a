"""Files whose names are odd, and rejects that go to what is no ordinary file."""

import os
from pathlib import Path

import pytest

from participants.importing import run_import
from participants.models import ImportBatch
from tests import make
from tests.participants.importing.files import BRANCH, BY, imported, person

pytestmark = pytest.mark.django_db


def test_a_name_that_is_no_utf_8_is_kept_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    make.branch(code=BRANCH)
    imported(tmp_path / os.fsdecode(b"peserta\xff.csv"), person(1))
    assert ImportBatch.objects.get().file_name == "peserta\N{REPLACEMENT CHARACTER}.csv"


def test_rejects_that_go_to_a_device_leave_it_where_it_is(tmp_path: Path) -> None:
    make.branch(code=BRANCH)
    imported(tmp_path / "register.csv", person(1))
    device = tmp_path / "like-dev-null"
    os.mkfifo(device)
    run_import(path=tmp_path / "register.csv", by=BY, user=None, rejects=device, dry_run=False)
    assert device.is_fifo()
