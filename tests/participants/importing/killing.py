"""An import in a process of its own that is killed, and what the register looks like afterwards."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

_KILLED_AT = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from jknoffice.audit.actor import Actor
from participants.importing import filling, first_load, run_import
filling.CHUNK, filling.PARALLEL_FROM, first_load.WORTH_FROM = 4000, 0, 1000

def die(rows, phase, _all):
    if (phase, rows >= int(sys.argv[3])) == (sys.argv[2], True):
        os.kill(os.getpid(), signal.SIGKILL)

run_import(path=Path(sys.argv[1]), by=Actor.system("test"), user=None, rejects=None, progress=die)
"""


def environment() -> dict[str, str]:
    """That of a process which works on the database of this one."""
    name = connection.settings_dict
    url = f"postgres://{name['USER']}@/{name['HOST']}/{name['NAME']}"
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url}


def import_until(path: Path, phase: str, rows: int = 0) -> None:
    """Import in small chunks, and kill -9 in a phase as soon as so many rows have been read."""
    ended = subprocess.run(
        [sys.executable, "-c", _KILLED_AT, str(path), phase, str(rows)],
        cwd=settings.BASE_DIR,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def digest() -> str:
    """What the register says of people, as one number; not the ids, and not when anything was written."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) || ' ' || coalesce(sum(hashtextextended(ROW(
                nik, card_number, kk_number, name, birth_place, birth_date, sex, phone, email, segment, care_class,
                relation, status, facility, branch_id
            )::text, 0)::numeric), 0) FROM participants_peserta
            """
        )
        return str(cursor.fetchone()[0])
