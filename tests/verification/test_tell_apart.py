"""What sending a request costs tells nobody who is in the register; `benchmarks.tell_apart` measures its time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participants.models import Peserta
from tests import cases, make
from verification import changes

pytestmark = pytest.mark.django_db


def reads(peserta: Peserta) -> list[str]:
    """The statements of a submission that read, each without its values."""
    with CaptureQueriesContext(connection) as asked:
        changes.submit(intake=cases.intake(peserta, new_phone=f"+62857{peserta.pk or 0:08}"))
    statements = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    return [statement.partition(" FROM ")[2].partition(" ")[0] for statement in statements]


def test_as_much_is_read_for_nobody_as_for_somebody() -> None:
    somebody = make.peserta()
    nobody = Peserta(nik=make.nik(9_999), birth_date=somebody.birth_date)
    reads(make.peserta())  # what is asked once in the life of a process
    assert sorted(reads(somebody)) == sorted(reads(nobody))
