"""`manage.py import_staff FILE`: staff accounts from a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from jknoffice.accounts.importing import FileRefused, import_staff
from jknoffice.audit.actor import Actor


class Command(BaseCommand):
    """Creates staff accounts, with first passwords or links. All rows or none: exit status 2 names what is wrong."""

    help = "Import staff from a file with the columns username, full_name, nik, branch, role and email."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and where first passwords go."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--passwords", type=Path, help="new file for the first passwords (FILE.passwords.csv)")
        parser.add_argument("--invite", action="store_true", help="make one-time links and no passwords")
        parser.add_argument("--links", type=Path, help="new file for the links (FILE.links.csv)")
        parser.add_argument("--dry-run", action="store_true", help="check everything and keep nothing")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what was done."""
        path: Path = options["file"]
        kind = "links" if (invite := options["invite"]) else "passwords"
        secrets_to: Path = options[kind] or path.with_name(f"{path.name}.{kind}.csv")
        by = Actor.system("import_staff")
        with override("en"):
            try:
                created = import_staff(
                    path=path, secrets_to=secrets_to, by=by, invite=invite, dry_run=options["dry_run"]
                )
            except FileRefused as refusal:
                raise CommandError(str(refusal), returncode=2) from refusal
        if options["format"] == "json":
            self.stdout.write(json.dumps({"created": created}))
        elif options["dry_run"]:
            self.stdout.write(f"{created} accounts could be created. Dry run: nothing was kept.")
        else:
            named = "One-time links" if invite else "First passwords"
            self.stdout.write(f"{created} accounts created. {named}: {secrets_to}. Hand them over, then delete it.")
