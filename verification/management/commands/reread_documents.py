"""`manage.py reread_documents`: let the machine read photos once more."""

import json
from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from jknoffice import clock
from verification.annotation.report import read_again


class Command(BaseCommand):
    """Orders the reading of photos again, such as after a new version of the engine; the worker does it.

    Exit status: 0, or 2 for a moment that cannot be read.
    """

    help = "Lets the worker read photos once more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--since", metavar="MOMENT", help="only what was read since, such as 2026-11-01T00:00+07:00"
        )
        parser.add_argument("--not-by", default="", metavar="ENGINE", help="only what another engine has read")
        parser.add_argument("--dry-run", action="store_true", help="order nothing, only count")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")

    def handle(
        self,
        *,
        since: str | None,
        not_by: str,
        dry_run: bool,
        format: str,  # noqa: A002
        **options: object,
    ) -> None:
        """Order, and say how many."""
        count = read_again(since=_moment(since), not_by=not_by, at=clock.now(), dry_run=dry_run)
        if format == "json":
            self.stdout.write(json.dumps({"photos": count, "dry_run": dry_run}))
        else:
            self.stdout.write(f"{count:,} photos {'would be' if dry_run else 'are'} read again.")


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or timezone.is_naive(found):
        raise CommandError("--since needs a moment with its time zone, such as 2026-11-01T00:00+07:00", returncode=2)
    return found
