"""The raw limit: the statements of one step, captured, sent again by pgbench for one case after the other."""

import re
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from benchmarks.in_review import FIRST_CASE, FIRST_PERSON
from jknoffice.embedded import binaries

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_DIGEST = re.compile(r"'\\x[0-9a-f]{64}'(?:::bytea)?")

_APART = FIRST_PERSON - FIRST_CASE


@dataclass(frozen=True, slots=True)
class Script:
    """Statements in which numbers of case and person, and what must be unique, are variables of pgbench."""

    text: str
    statements: int

    def run(self, *, first: int, transactions: int) -> float:
        """Carry out so many transactions, over the cases from place `first` on; return how many there were a second."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE SEQUENCE IF NOT EXISTS bench_case")
            cursor.execute("SELECT setval('bench_case', %s, false)", [FIRST_CASE + first])
        name = connection.settings_dict
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "step.sql"
            file.write_text(self.text)
            words = ["-n", "-f", file, "-c", "1", "-t", str(transactions), "-h", name["HOST"], "-U", name["USER"]]
            program = binaries.folder() / "pgbench"
            done = subprocess.run([program, *words, name["NAME"]], capture_output=True, text=True, check=False)
        found = re.search(r"tps = ([0-9.]+) \(without initial", done.stdout)
        failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
        failures = done.returncode or (failed and failed[1] != "0")
        assert found, done.stdout + done.stderr
        assert not failures, done.stdout + done.stderr
        return float(found[1])


def script_of(way: Callable[[], object], *, place: int) -> Script:
    """Take a step with the case at `place`, and return the statements of its transaction."""
    sent: list[str] = []

    def kept(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if connection.in_atomic_block:
            sent.append(context["cursor"].cursor.mogrify(sql, params).rstrip("; \n"))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(kept):
        way()
    text = ";\n".join(sent)
    text = text.replace(str(FIRST_CASE + place), ":case").replace(str(FIRST_PERSON + place), ":person")
    uuids = list(dict.fromkeys(found for found in _UUID.findall(text) if not found.startswith("00000000")))
    for number, found in enumerate(uuids):
        # psycopg sends the type without its dashes.
        text = text.replace(found, f":uuid{number}").replace(found.replace("-", ""), f":uuid{number}")
    # Digests of secrets are unique, and macs are bytes to the database.
    text = _DIGEST.sub("sha256(random()::text::bytea)", text)
    drawn = "".join(f", gen_random_uuid() AS uuid{number}" for number in range(len(uuids)))
    begin = f"SELECT nextval('bench_case') AS case{drawn} \\gset\n\\set person :case + {_APART}\n"
    return Script(f"{begin}BEGIN;\n{text};\nCOMMIT;\n", len(sent))
