"""Made-up files for `import_peserta`."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jknoffice.audit.actor import Actor
from participants.importing import ImportResult, run_import
from participants.importing.columns import COLUMNS

BY = Actor.system("test")
BRANCH = "0901"


def person(number: int = 1, /, **given: str) -> dict[str, str]:
    """One good row, by column; `given` replaces what the test cares about."""
    return {
        "nik": f"317101170590{number:04}",
        "card_number": f"{number:013}",
        "kk_number": "3171011010120001",
        "name": f"PESERTA {number}",
        "birth_place": "JAKARTA",
        "birth_date": "1990-05-17",
        "sex": "L",
        "phone": f"0812{number:08}",
        "email": "",
        "segment": "PBPU",
        "care_class": "3",
        "relation": "SELF",
        "status": "ACTIVE",
        "facility": "PUSKESMAS MELATI",
        "branch": BRANCH,
    } | given


def table(rows: Sequence[dict[str, str]], *, columns: Sequence[str] = COLUMNS) -> str:
    """The text of a CSV file with these columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def imported(
    path: Path, *rows: dict[str, str], columns: Sequence[str] = COLUMNS, dry_run: bool = False, **given: Any
) -> ImportResult:
    """What the import makes of these rows; beside `path` stand `rejects.csv` and `warnings.csv`."""
    path.write_text(table(rows, columns=columns), encoding="utf-8")
    rejects, warnings = path.with_name("rejects.csv"), path.with_name("warnings.csv")
    return run_import(path=path, by=BY, user=None, rejects=rejects, warnings=warnings, dry_run=dry_run, **given)


def rejected(path: Path, report: str = "rejects.csv") -> list[dict[str, str]]:
    """The refused rows of the last import of `path`, or those of another report."""
    with path.with_name(report).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
