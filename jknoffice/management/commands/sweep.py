"""`manage.py sweep`: delete what is kept no longer."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from jknoffice.alarms.retention import RULES
from verification import retention


class Command(BaseCommand):
    """Does at once what the worker does each night: deletes old codes, messages, counters, sessions, alarms.

    `--dry-run` only counts. Exit status 0.
    """

    help = "Deletes codes, messages, counters, sessions and alarms that are kept no longer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --dry-run and --format."""
        parser.add_argument("--dry-run", action="store_true", help="delete nothing, only count")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")

    def handle(self, *, dry_run: bool, format: str, **options: object) -> None:  # noqa: A002 - the option's name
        """Sweep, and say how many rows of each kind."""
        found = retention.sweep(dry_run=dry_run, rules={**retention.RULES, **RULES})
        if format == "json":
            self.stdout.write(json.dumps({"dry_run": dry_run, **found}))
            return
        for name, count in found.items():
            self.stdout.write(f"{name:<10} {count:>10,} {'would go' if dry_run else 'gone'}")
