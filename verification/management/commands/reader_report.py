"""`manage.py reader_report`: how well the machine reads."""

import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand

from verification.annotation.report import report


class Command(BaseCommand):
    """Prints by month and field on how many photos it was read, and how often people corrected it. Exit status 0."""

    help = "Prints how often each field was read and corrected, by month."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --format."""
        parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")

    def handle(self, *, format: str, **options: object) -> None:  # noqa: A002 - the option's name
        """Print the report."""
        lines = list(report())
        if format == "json":
            self.stdout.write(json.dumps([asdict(line) for line in lines]))
            return
        self.stdout.write(f"{'month':<9}{'field':<14}{'photos':>8}{'read':>8}{'corrected':>11}")
        for line in lines:
            self.stdout.write(f"{line.month:<9}{line.field:<14}{line.photos:>8}{line.read:>8}{line.corrected:>11}")
