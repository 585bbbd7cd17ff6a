"""Staff accounts from a file."""

import csv
import os
import secrets
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from jknoffice import clock
from jknoffice.accounts.importing.rows import FileRefused, about, rows_of
from jknoffice.accounts.life import letters
from jknoffice.accounts.login import links
from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.roles import Role
from jknoffice.accounts.staff import StaffRefused, create_staff
from jknoffice.audit.actor import Actor

COLUMNS = {
    "username": ("nama_pengguna",),
    "full_name": ("nama", "nama_lengkap"),
    "nik": (),
    "branch": ("cabang", "kode_cabang"),
    "role": ("peran",),
    "email": ("surel", "e-mail"),
}


@transaction.atomic
def import_staff(
    *, path: Path, secrets_to: Path, by: Actor, invite: bool = False, dry_run: bool = False, at: datetime | None = None
) -> int:
    """Create the accounts of a file, as `create_staff()` does for one; return how many.

    The file is one that `jknoffice.tabular` reads, with the columns of `COLUMNS`; `branch` may be empty where the role
    needs none. First passwords are made here and written to the new file `secrets_to`, which only its owner can read:
    hand them over and delete it. With `invite` these are one-time links, and nobody has a password yet; each link also
    goes out by e-mail. Staff administrators are not invited so: a second one has to confirm them. Raises `FileRefused`
    with everything that is wrong; then there is no new account and no such file.
    """
    at = at or clock.now()
    branches = {branch.code: branch for branch in Branch.objects.all()}
    made: list[tuple[str, str]] = []
    problems: list[str] = []
    for line, row in rows_of(path, COLUMNS):
        if row["role"] not in Role.values:
            problems.append(about(line, _("The role is one of %(roles)s.") % {"roles": ", ".join(Role.values)}))
        elif row["branch"] and row["branch"] not in branches:
            problems.append(about(line, _("There is no branch with this code.")))
        elif invite and row["role"] == Role.ADMIN:
            problems.append(about(line, _("A staff administrator is invited on the page: a second one confirms.")))
        else:
            password = None if invite else secrets.token_urlsafe(12)
            try:
                user = create_staff(
                    username=row["username"],
                    full_name=row["full_name"],
                    role=Role(row["role"]),
                    branch=branches.get(row["branch"]),
                    nik=row["nik"],
                    email=row["email"],
                    password=password,
                    by=by,
                    at=at,
                )
            except StaffRefused as refusal:
                problems += [about(line, problem) for problem in refusal.problems]
            else:
                made.append((row["username"], password or _link(user, by, at)))
    if problems:
        raise FileRefused(problems)
    if dry_run:
        transaction.set_rollback(True)
    else:
        _write(secrets_to, ("username", "link" if invite else "password"), made)
    return len(made)


def _link(user: User, by: Actor, at: datetime) -> str:
    link = links.issue(user=user, by=by, made_by=None, at=at)
    letters.invite(user=user, link=link, at=at)
    return link


def _write(path: Path, head: tuple[str, str], made: list[tuple[str, str]]) -> None:
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        sentence = _("The file for the passwords cannot be written: %(reason)s.")
        raise FileRefused([sentence % {"reason": error.strerror}]) from error
    with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *made])
