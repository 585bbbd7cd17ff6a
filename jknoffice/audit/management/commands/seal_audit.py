"""`manage.py seal_audit`: seal what waits, now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jknoffice.audit.sealing import sealer


class Command(BaseCommand):
    """Seals until nothing waits. Exit status 1 when the sealer halts; what does not fit stands on stderr."""

    help = "Seal all waiting audit entries, sign the root and hand it to the witnesses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --everything and --format."""
        parser.add_argument("--everything", action="store_true", help="search the whole log for stragglers")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal and say how much."""
        try:
            sealed = sealer.seal_all(everything=options["everything"])
        except sealer.Halted as error:
            raise CommandError(f"The sealer has halted: {error}", returncode=1) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps({"sealed": sealed.entries, "size": sealed.size}))
        else:
            self.stdout.write(f"Sealed {sealed.entries} entries now, {sealed.size} in all.")
