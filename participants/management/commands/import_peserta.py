"""`manage.py import_peserta FILE`: fills the register from a CSV file."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.utils.translation import override
from tqdm import tqdm

from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from participants.importing import CannotRun, ImportResult, run_import

KEYS = ("rows", "created", "updated", "unchanged", "refused", "seconds")


class Command(BaseCommand):
    """Imports participants from a CSV file: UTF-8, with a header (`participants/importing/columns.py`).

    Refused rows go to the rejects file with line, column, reason and the row as it was: correct them there and import
    that file. Its cells are not changed, so one that begins with `=` is a formula to a spreadsheet. Exit status: 0 all
    rows in, 1 some refused, 2 could not run.
    """

    help = "Import participants from a CSV file with a header."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and how to go about it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check everything and keep nothing")
        parser.add_argument("--rejects", type=Path, help="where refused rows go (default: FILE.rejects.csv)")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--by", metavar="USERNAME", help="data admin in whose name this is done")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what was done."""
        path: Path = options["file"]
        rejects: Path = options["rejects"] or path.with_name(f"{path.name}.rejects.csv")
        try:
            result = self._import(path, rejects, options["by"], dry_run=options["dry_run"])
        except CannotRun as refusal:
            raise CommandError(f"{refusal.fault}: {refusal}", returncode=2) from refusal
        except DatabaseError as error:
            # The further lines of its text may hold a row.
            raise CommandError(f"database: {str(error).partition(chr(10))[0]}", returncode=2) from None
        self._say(result, rejects, options["format"], dry_run=options["dry_run"])
        if result.refused:
            sys.exit(1)

    def _import(self, path: Path, rejects: Path, username: str | None, *, dry_run: bool) -> ImportResult:
        user = self._user(username)
        # What goes wrong is said in English on a terminal, like everything there; the rejects file speaks Indonesian.
        with override("en"), tqdm(unit=" rows", disable=None, leave=False) as bar:
            return run_import(
                path=path,
                by=user.as_actor() if user else Actor.system("import_peserta"),
                user=user,
                rejects=rejects,
                dry_run=dry_run,
                progress=bar.update,
            )

    def _user(self, username: str | None) -> User | None:
        if not username:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None or not user.has_perm("participants.import_peserta"):
            raise CommandError(f"no_permission: {username} is no active data admin.", returncode=2)
        return user

    def _say(self, result: ImportResult, rejects: Path, form: str, *, dry_run: bool) -> None:
        done = asdict(result)
        if form == "json":
            self.stdout.write(json.dumps({key: done[key] for key in KEYS}))
            return
        counts = ", ".join(f"{done[key]} {key}" for key in KEYS[1:-1])
        self.stdout.write(f"{result.rows} rows in {result.seconds} s: {counts}")
        if result.kept_numbers:
            self.stdout.write(f"{result.kept_numbers} numbers were changed lately by a request and are kept.")
        if result.refused:
            self.stdout.write(f"Refused rows: {rejects}")
        if dry_run:
            self.stdout.write("Dry run: nothing was kept.")
