"""`manage.py verify_audit`: was anything altered, removed, re-ordered or slipped in?"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from jknoffice.audit.management.moment import moment
from jknoffice.audit.models import AuditLeaf
from jknoffice.audit.verify import whole
from jknoffice.audit.verify.report import Report


class Command(BaseCommand):
    """Verifies the whole log in the database. Exit status 0 when all is well, 1 when anything does not fit."""

    help = "Verify the audit log: every entry, leaf, root, signature, and what the witnesses have seen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --since and --format."""
        parser.add_argument(
            "--since", type=moment, metavar="ISO", help="rebuild from the last checkpoint before this moment only"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, print the report, and end with its status."""
        leaves = None if options["since"] else AuditLeaf.objects.count()
        with tqdm(total=leaves, desc="entries", unit="", disable=None, leave=False, file=sys.stderr) as bar:
            report = whole.verify(since=options["since"], progress=bar.update)
        self.stdout.write(json.dumps(report.as_json(), indent=2) if options["format"] == "json" else _in_words(report))
        if not report.ok:
            sys.exit(1)


def _in_words(report: Report) -> str:
    facts = (
        f"{report.entries} entries, {report.sealed} sealed in {report.checkpoints} checkpoints; the oldest that is not "
        f"sealed is {report.unsealed_oldest_seconds} s old."
    )
    if report.ok:
        return f"{facts}\nAll fits."
    return "\n".join([facts, *(f"- {problem}" for problem in report.problems), "The log does not verify."])
