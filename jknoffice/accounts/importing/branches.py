"""Branch offices from a file."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jknoffice.accounts.importing.rows import FileRefused, about, rows_of
from jknoffice.accounts.models import Branch
from jknoffice.accounts.models.branch import Zone
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record

COLUMNS = {
    "code": ("kode", "kode_cabang"),
    "name": ("nama", "nama_cabang"),
    "region": ("wilayah", "kedeputian_wilayah"),
    "time_zone": ("zona_waktu",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Branches:
    """What became of the rows of a file; branches that it lacks stay."""

    created: int
    updated: int
    unchanged: int


@transaction.atomic
def import_branches(*, path: Path, by: Actor, dry_run: bool = False, at: datetime | None = None) -> Branches:
    """Create the branches of a file, and give known ones (by code) their new names and regions.

    The file is one that `jknoffice.tabular` reads, with the columns code, name and region, and, where they are to
    differ from WIB, time_zone (WIB, WITA or WIT). Raises `FileRefused` with everything that is wrong; then nothing has
    changed.
    """
    known = {branch.code: branch for branch in Branch.objects.select_for_update()}
    seen: dict[str, int] = {}
    problems: list[str] = []
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    for line, row in rows_of(path, COLUMNS, optional={"time_zone"}):
        if earlier := seen.setdefault(row["code"], line) - line:
            problems.append(about(line, _("Line %(line)s has the same code.") % {"line": line + earlier}))
            continue
        branch = known.get(row["code"], Branch(code=row["code"]))
        change = _change(branch, row)
        counts[change] += 1
        if change == "unchanged":
            continue
        try:
            branch.full_clean()
        except ValidationError as error:
            problems += [about(line, message) for message in error.messages]
        else:
            branch.save()
    if problems:
        raise FileRefused(problems)
    done = Branches(**counts)
    if dry_run:
        transaction.set_rollback(True)
    else:
        record("branch.imported", by=by, after=asdict(done), at=at)
    return done


def _change(branch: Branch, row: dict[str, str]) -> str:
    """Give a branch the values of a row; return under what that counts."""
    is_new, before = branch.pk is None, (branch.name, branch.region, branch.time_zone)
    branch.name, branch.region = row["name"], row["region"]
    if zone := row.get("time_zone", "").upper():
        branch.time_zone = Zone[zone] if zone in Zone.__members__ else zone  # what is none, validation refuses
    if is_new:
        return "created"
    return "unchanged" if before == (branch.name, branch.region, branch.time_zone) else "updated"
