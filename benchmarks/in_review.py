"""Counter cases that an operator holds, ready to be decided, by the ten thousand: by COPY, past the triggers."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from django.db import connection
from django.utils import timezone

from benchmarks.generate_register import fill as fill_register
from jknoffice.accounts.models import User
from participants.models import Peserta
from tests import make
from verification import reference
from verification.models import PhoneChangeRequest

FIRST_CASE, FIRST_PERSON = 770_000_001, 880_000_001
"""Numbers that occur nowhere else in a statement, so that they can be exchanged in its text."""
_COLUMNS = """
id submission reference peserta_id branch_id birth_date old_phone new_phone channel reason language status version
signals address_hash decision_reason asked_document asked_fault submitted_at confirmed_at entered_by_id claimed_by_id
claimed_at
""".split()
VERSION = 3
"""Entered, confirmed, claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Cases with the numbers from `FIRST_CASE` on, of the people from `FIRST_PERSON` on, all held by `operator`."""

    operator: User
    count: int

    def case(self, place: int) -> PhoneChangeRequest:
        """Return one case as a page would have read it."""
        return PhoneChangeRequest.objects.get(pk=FIRST_CASE + place)


def fill(count: int, *, spare: int = 0) -> Held:
    """Put cases into an empty database, each of another person, and ANALYZE it; `spare` more people have none."""
    fill_register(count + spare)
    branch = make.branch()
    operator, clerk = make.staff(branch=branch), make.staff(branch=branch)
    at, chance = timezone.now() - timedelta(minutes=10), Random(9)
    names: set[str] = set()
    while len(names) < count:
        names.add(reference.new())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE participants_peserta p SET id = %(first)s + n, phone = '+62811' || lpad(n::text, 8, '0'),"
            " birth_date = '1990-05-17', phone_changed_at = NULL, status = 'ACTIVE',"
            " uuid = ('00000000-0000-4000-8000-000' || (%(first)s + n)::text)::uuid"
            " FROM (SELECT id AS was, row_number() OVER (ORDER BY id) - 1 AS n FROM participants_peserta) numbered"
            " WHERE p.id = was",
            {"first": FIRST_PERSON},
        )
        with cursor.copy(f"COPY verification_phonechangerequest ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
            for place, name in enumerate(sorted(names)):
                copy.write_row((
                    FIRST_CASE + place, UUID(int=chance.getrandbits(128)), name, FIRST_PERSON + place, branch.pk,
                    "1990-05-17", f"+62811{place:08}", f"+62813{place:08}", "counter", "lost_phone", "id", "in_review",
                    VERSION, "[]", "", "", "", "", at, at, clerk.pk, operator.pk, at,
                ))  # fmt: skip
        cursor.execute(
            "INSERT INTO verification_document"
            " (request_id, kind, storage_key, wrapped_key, key_id, sha256, size, width, height, created_at)"
            " SELECT r.id, kind, kind || r.id, 'x', '', '', 1, 1, 1, submitted_at"
            " FROM verification_phonechangerequest r, unnest(ARRAY['ktp', 'card']) AS kind"
        )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE verification_phonechangerequest, verification_document, participants_peserta")
    return Held(operator=operator, count=Peserta.objects.filter(requests__isnull=False).count())
