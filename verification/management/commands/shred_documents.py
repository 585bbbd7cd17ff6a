"""`manage.py shred_documents`: delete photos whose time is over."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from jknoffice import clock
from verification.documents import shredding


class Command(BaseCommand):
    """Does at once what the worker does each night: shreds photos of cases closed more than `JKN_PHOTO_DAYS` ago.

    `--dry-run` only counts. Exit status 0.
    """

    help = "Shreds the photos of cases that were closed more than JKN_PHOTO_DAYS ago."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --dry-run and --format."""
        parser.add_argument("--dry-run", action="store_true", help="delete nothing, only count")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")

    def handle(self, *, dry_run: bool, format: str, **options: object) -> None:  # noqa: A002 - the option's name
        """Shred, and say how many."""
        count = shredding.due(clock.now()).count() if dry_run else shredding.shred_due()
        if format == "json":
            self.stdout.write(json.dumps({"dry_run": dry_run, "documents": count}))
        else:
            self.stdout.write(f"photos {count:>10,} {'would go' if dry_run else 'gone'}")
