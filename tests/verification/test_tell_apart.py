"""What an answer costs tells nobody who is in the register; `benchmarks.tell_apart` measures its time."""

import cProfile
import pstats

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.tell_apart import DOORS
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


def calls(door: str, number: int, *, known: bool) -> int:
    """How many functions are called for the answer that must not tell."""
    timed = DOORS[door](number, known)(Client(REMOTE_ADDR=f"10.0.{number}.{int(known)}"))
    profile = cProfile.Profile()
    profile.runcall(timed)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


@pytest.mark.parametrize("door", DOORS)
def test_an_answer_is_as_much_work_for_nobody_as_for_somebody(door: str) -> None:
    for known in (True, False):
        calls(door, 0, known=known)  # what is done once in the life of a process
    somebody, nobody = calls(door, 1, known=True), calls(door, 1, known=False)
    assert abs(somebody - nobody) <= 0.01 * nobody
