"""`manage.py doctor`: what is wrong with this place, and what to do."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management import BaseCommand

from jknoffice.condition.findings import STATUS, Level, findings

_MARKS = {Level.GOOD: "ok  ", Level.WARNING: "warn", Level.BAD: "BAD "}


class Command(BaseCommand):
    """Look at settings, database, worker, messages, sealing and disks, and say in plain words what is wrong.

    Changes nothing. Exit status: 0 all is well, 1 something should be looked at, 2 something is broken.
    """

    help = "Says what is wrong with this place, and what to do about it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --format."""
        parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")

    def handle(self, *, format: str, **options: object) -> None:  # noqa: A002 - the option's name
        """Look, tell, and end with the status of the worst finding."""
        found = list(findings())
        if format == "json":
            self.stdout.write(json.dumps([asdict(finding) for finding in found]))
        else:
            for finding in found:
                self.stdout.write(f"{_MARKS[finding.level]}  {finding.words}")
                if finding.advice:
                    self.stdout.write(f"      {finding.advice}")
        if worst := max(STATUS[finding.level] for finding in found):
            sys.exit(worst)
