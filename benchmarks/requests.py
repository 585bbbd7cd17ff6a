"""Made-up requests by the hundred thousand, for benchmarks: by COPY, past the triggers."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from participants.models import Peserta
from verification import reference
from verification.models import PhoneChangeRequest
from verification.states import Status

_COLUMNS = """
submission reference peserta_id branch_id birth_date old_phone new_phone channel reason language status version signals
address_hash submitted_at confirmed_at decision_reason asked_document asked_fault asked_at hold_until applied_at
closed_at
""".split()
_OPEN = (Status.QUEUED,) * 17 + (Status.NEEDS_INFO,) * 2 + (Status.ON_HOLD,)
_CLOSED = (Status.APPLIED,) * 8 + (Status.REJECTED, Status.EXPIRED)
_BLOCK = 10_000
Who = tuple[int, int, date, str | None]


def fill(*, open_ones: int, closed: int) -> None:
    """Put requests of the present participants into the empty table, and ANALYZE it.

    `open_ones` have come in within the last 72 hours, most of them queued, one a participant; `closed` ended within
    the last two years. Queued ones have the two photos that an approval asks for, without the pictures.
    """
    chance = Random(3)
    people = list(_people()[:open_ones])
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        _copy(cursor, _rows(people, closed, timezone.now(), chance, _references(set())))
        cursor.execute(
            """
            INSERT INTO verification_document
                (request_id, kind, storage_key, wrapped_key, key_id, sha256, size, width, height, created_at)
            SELECT id, kind, kind || id, 'x', '', '', 1, 1, 1, submitted_at
            FROM verification_phonechangerequest, unnest(ARRAY['ktp', 'card']) AS kind WHERE status = %s
            """,
            [Status.QUEUED],
        )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE verification_phonechangerequest, verification_document")


def add_closed(number: int) -> None:
    """Put so many more closed requests of all people beside those that are there, and ANALYZE the table."""
    taken = set(PhoneChangeRequest.objects.values_list("reference", flat=True))
    people = list(_people())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        _copy(cursor, _closed(people, number, timezone.now(), Random(number), _references(taken)))
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE verification_phonechangerequest")


def _people() -> QuerySet[Peserta, Who]:
    return Peserta.objects.order_by("pk").values_list("pk", "branch_id", "birth_date", "phone")


def _copy(cursor: Any, rows: Iterator[str]) -> None:
    with cursor.copy(f"COPY verification_phonechangerequest ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        while block := "".join(islice(rows, _BLOCK)):
            copy.write(block)


def _rows(people: list[Who], closed: int, now: datetime, chance: Random, names: Iterator[str]) -> Iterator[str]:
    for who in people:
        since = now - timedelta(seconds=chance.randrange(72 * 3600))
        yield _line(who, next(names), chance.choice(_OPEN), since, None, chance)
    yield from _closed(people, closed, now, chance, names)


def _closed(people: list[Who], closed: int, now: datetime, chance: Random, names: Iterator[str]) -> Iterator[str]:
    for number in range(closed):
        who, ended = people[number % len(people)], now - timedelta(seconds=chance.randrange(730 * 86_400))
        yield _line(who, next(names), chance.choice(_CLOSED), ended - timedelta(days=2), ended, chance)


def _references(taken: set[str]) -> Iterator[str]:
    """Of a million references two are alike now and then."""
    while True:
        name = reference.new()
        if name not in taken:
            taken.add(name)
            yield name


def _line(who: Who, name: str, status: Status, since: datetime, ended: datetime | None, chance: Random) -> str:
    person, branch, born, phone = who
    hold = since + timedelta(days=4) if status is Status.ON_HOLD else None
    asked = since if status is Status.NEEDS_INFO else None
    values = (
        UUID(int=chance.getrandbits(128)), name, person, branch, born, phone or "",
        f"+62813{chance.randrange(10**8):08}", "lost_access", "lost_phone", "id", status, 3, "[]", "", since, since,
        "data_differs" if status is Status.REJECTED else "", "ktp" if asked else "", "blurred" if asked else "", asked,
        hold, ended if status is Status.APPLIED else None, ended,
    )  # fmt: skip
    return "\t".join("\\N" if value is None else str(value) for value in values) + "\n"
