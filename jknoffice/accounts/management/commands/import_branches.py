"""`manage.py import_branches FILE`: branch offices from a file."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from jknoffice.accounts.importing import FileRefused, import_branches
from jknoffice.audit.actor import Actor


class Command(BaseCommand):
    """Creates branches, and renames known ones; none is deleted. All rows or none: status 2 names what is wrong."""

    help = "Import branch offices from a file with the columns code, name and region."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check everything and keep nothing")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what was done."""
        by = Actor.system("import_branches")
        with override("en"):
            try:
                done = asdict(import_branches(path=options["file"], by=by, dry_run=options["dry_run"]))
            except FileRefused as refusal:
                raise CommandError(str(refusal), returncode=2) from refusal
        if options["format"] == "json":
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(", ".join(f"{count} {what}" for what, count in done.items()))
