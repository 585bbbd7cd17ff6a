"""An import and a decided request that meet at one row."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from jknoffice.audit.log import Thing
from participants import registry
from participants.importing import ImportResult
from participants.models import Peserta
from tests import make
from tests.participants.importing.files import BRANCH, BY, imported, person

DECIDED = "+6285711112222"


def wait_until_somebody_waits() -> None:
    """Return when another transaction waits for a row that this one has locked."""
    for _attempt in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("The import did not wait.")


@pytest.mark.django_db(transaction=True)
def test_a_number_decided_while_the_import_waits_is_kept(tmp_path: Path) -> None:
    make.branch(code=BRANCH)
    path = tmp_path / "register.csv"
    imported(path, person(1))
    pk = Peserta.objects.get().pk

    def run() -> ImportResult:
        try:
            return imported(path, person(1, name="SITI", phone="081333334444"))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            registry.set_phone(peserta_id=pk, phone=DECIDED, by=BY, cause=Thing("verification.case", "1"))
            running = pool.submit(run)
            wait_until_somebody_waits()
        result = running.result(timeout=30)
    peserta = Peserta.objects.get()
    assert (peserta.name, peserta.phone) == ("SITI", DECIDED)
    assert result.updated == 1
