"""`python -m benchmarks.loading.stock OPERATORS CASES PEOPLE`: what a crowd works on.

It fills the database of the environment. Counter cases with encrypted photos and a log, sessions of operators, and
people who have no request yet, past the domain's steps and the triggers: by them it would take an hour. Called with
the environment of the database's owner, who must be allowed to set `session_replication_role`. Prints JSON.
"""

import json
import os
import secrets
import sys
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from benchmarks.loading.photos import keep_photos
from benchmarks.sessions import logged_in

A_BRANCH = 20
"""Operators of a branch."""


def stock(*, operators: int, cases: int, people: int) -> dict[str, object]:
    """Fill the database; return `sessions`, `staff` (user names) and `people` (identifier, birth date, new number)."""
    from django.db import connection
    from django.utils import timezone

    from jknoffice.accounts.models import Branch
    from participants.models import Peserta
    from verification.likeness.queueing import MATCH_TASK

    branches = list(Branch.objects.order_by("code")[: max(1, operators // A_BRANCH)])
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        clerks = _hire("clerk", len(branches), branches)
        staff = _hire("load", operators, branches)
        # Whose number has not changed, and who is grown up: no signal, so that an approval is applied.
        calm = Peserta.objects.filter(status="ACTIVE", requests=None, phone__isnull=False, phone_changed_at=None)
        calm = calm.filter(birth_date__range=(date(1962, 1, 1), date(2000, 1, 1)))
        found = list(calm.order_by("pk")[: cases + people])
        if len(found) < cases + people:
            raise SystemExit(f"{len(found)} people for {cases} cases and {people} participants")
        _enter(cursor, found[:cases], clerks, timezone.now() - timedelta(hours=2))
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE verification_phonechangerequest, verification_document, audit_auditlog, accounts_user")
        # The demo's photos would keep the workers busy for minutes.
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'", [MATCH_TASK])
    asks = [
        (person.nik, f"{person.birth_date:%d-%m-%Y}", f"+628{secrets.choice('579')}{secrets.randbelow(10**9):09}")
        for person in found[cases:]
    ]
    return {"sessions": [logged_in(user) for user in staff], "staff": [user.username for user in staff], "people": asks}


def _hire(name: str, count: int, branches: list[Any]) -> list[Any]:
    from django.contrib.auth.hashers import make_password

    from jknoffice.accounts.identity import person_id
    from jknoffice.accounts.models import Authenticator, User
    from jknoffice.accounts.roles import Role

    password, tag = make_password(None), secrets.token_hex(3)
    users = User.objects.bulk_create(
        User(
            username=f"{name}-{tag}-{number}",
            full_name=f"Petugas {name} {number}",
            role=Role.OPERATOR,
            branch=branches[number % len(branches)],
            person_id=person_id(f"99{int(tag, 16):08}{number:06}"),
            password=password,
        )
        for number in range(count)
    )
    for user in users:
        Authenticator.objects.create(user=user, name="app", confirmed=True)
    return users


_COLUMNS = """
submission reference peserta_id branch_id birth_date old_phone new_phone channel reason language status version signals
address_hash decision_reason asked_document asked_fault submitted_at confirmed_at entered_by_id
""".split()


def _enter(cursor: Any, people: list[Any], clerks: list[Any], at: Any) -> None:
    from verification import reference

    names: set[str] = set()
    while len(names) < len(people):
        names.add(reference.new())
    with cursor.copy(f"COPY verification_phonechangerequest ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for number, (person, name) in enumerate(zip(people, sorted(names), strict=True)):
            clerk = clerks[number % len(clerks)]
            copy.write_row((
                uuid.uuid4(), name, person.pk, clerk.branch_id, person.birth_date, person.phone,
                f"+6281{secrets.randbelow(10**9):09}", "counter", "lost_phone", "id", "queued", 2, "[]", "", "", "", "",
                at + timedelta(seconds=number / 10), at + timedelta(seconds=number / 10 + 60), clerk.pk,
            ))  # fmt: skip
    cursor.execute(
        "SELECT id, peserta_id, entered_by_id FROM verification_phonechangerequest WHERE reference = ANY(%s)",
        [sorted(names)],
    )
    rows = cursor.fetchall()
    by_pk = {person.pk: person for person in people}
    with cursor.copy("COPY audit_auditlog (entry, mac) FROM STDIN") as copy:
        actors = {clerk.pk: clerk.as_actor() for clerk in clerks}
        for pk, peserta, clerk in rows:
            for text_and_mac in _entries(pk, by_pk[peserta].uuid, actors[clerk], at):
                copy.write_row(text_and_mac)
    keep_photos(cursor, [pk for pk, _peserta, _clerk in rows], at)


def _entries(pk: int, subject: Any, actor: Any, at: Any) -> Iterator[tuple[str, bytes]]:
    """Yield what the log has of a case that waits: submitted, a code sent, confirmed."""
    from jknoffice.audit.entry import FORMAT_VERSION, canonical, mac_of
    from jknoffice.audit.moments import microseconds

    for version, action in ((1, "request.submitted"), (None, "request.code_sent"), (2, "request.confirmed")):
        text = canonical({
            "v": FORMAT_VERSION, "uuid": str(uuid.uuid4()), "at": microseconds(at), "kind": actor.kind.value,
            "actor": actor.name, "person": actor.person, "branch": actor.branch, "session": "", "action": action,
            "object": {"type": "verification.phonechangerequest", "id": str(pk)}, "object_version": version,
            "subject": str(subject), "before": {}, "after": {}, "reason": "", "pii": {},
        })  # fmt: skip
        yield text, mac_of(text)


def main() -> None:
    """Fill, and print."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jknoffice.settings"
    import django

    django.setup()
    operators, cases, people = (int(word) for word in sys.argv[1:])
    sys.stdout.write(json.dumps(stock(operators=operators, cases=cases, people=people)) + "\n")


if __name__ == "__main__":
    main()
