"""`manage.py fingerprint_documents`: look for copies of photos that were kept before fingerprints were taken."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from jknoffice import clock
from verification.likeness import earlier


class Command(BaseCommand):
    """Orders the fingerprint of each photo that has none; the worker takes them when it has nothing else to do.

    What is interrupted goes on when it is called again. Wait until the worker is done before calling it again:
    what still waits would be ordered twice. Exit status: 0.
    """

    help = "Lets the worker take the fingerprints of photos that have none, and look for copies of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --dry-run and --format."""
        parser.add_argument("--dry-run", action="store_true", help="order nothing, only count")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")

    def handle(self, *, dry_run: bool, format: str, **options: object) -> None:  # noqa: A002 - the option's name
        """Order, and say how many."""
        count = earlier.without_fingerprint().count() if dry_run else earlier.order(at=clock.now())
        if format == "json":
            self.stdout.write(json.dumps({"photos": count, "dry_run": dry_run}))
        else:
            self.stdout.write(f"{count:,} photos {'have' if dry_run else 'had'} no fingerprint.")
