"""`manage.py restore_drill --from DIR --identity FILE`: is what we back up really a back-up?"""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from jknoffice.audit.management.moment import moment
from jknoffice.backup import boxes, drill, manifest, wal
from jknoffice.backup.scratch import Scratch
from jknoffice.embedded.places import EmbeddedError


class Command(BaseCommand):
    """Restores into a scratch server and looks at it; nothing of the running product is touched.

    To be run with the keys of the product (JKN_AUDIT_KEY, JKN_DATA_KEY, JKN_IDENTITY_KEY, JKN_DOCUMENT_KEY) on a
    machine for restores.
    Exit status 0: all fits, 1: it was restored and something does not fit, 2: it could not be restored.
    """

    help = "Restore a set of back-ups into a scratch server, and verify the log and the photos in it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where from, with which key, to when, and what to do afterwards."""
        parser.add_argument("--from", dest="source", type=Path, required=True, metavar="DIR", help="folder of the set")
        parser.add_argument("--wal", type=Path, metavar="DIR", help="folder of the archive of the log (default: DIR)")
        parser.add_argument("--identity", type=Path, required=True, metavar="FILE", help="the private key")
        parser.add_argument("--to-time", type=moment, metavar="ISO", help="replay up to this moment, not to the end")
        parser.add_argument("--database", default=settings.DATABASES["default"]["NAME"], help="default: %(default)s")
        parser.add_argument("--sample", type=int, default=20, help="photos to decrypt (default: %(default)s)")
        parser.add_argument("--scratch", type=Path, default=settings.JKN_VAR / "drill", help="default: %(default)s")
        parser.add_argument("--keep", action="store_true", help="leave the scratch server running")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, tell, and end with the status."""
        scratch = Scratch(options["scratch"].resolve())
        try:
            if scratch.folder.exists():
                raise manifest.SetError(
                    f"{scratch.folder} is there: of a drill that was kept or interrupted? Remove it."
                )
            self._drill(scratch, options)
        except (boxes.BoxError, manifest.SetError, wal.ArchiveError, EmbeddedError, OSError) as error:
            self.stderr.write(str(error))
            sys.exit(2)

    def _drill(self, scratch: Scratch, options: dict[str, Any]) -> None:
        try:
            told = drill.Drill(
                source=options["source"].resolve(),
                archive=(options["wal"] or options["source"]).resolve(),
                identity=boxes.identity(options["identity"]),
                scratch=scratch,
                database=options["database"],
                to=options["to_time"],
                sample=options["sample"],
                progress=lambda words: self.stderr.write(f"{words} …", self.style.NOTICE),
            ).run()
            self._tell(told, scratch, options)
        finally:
            if not options["keep"]:
                scratch.remove()
        if told.wrong:
            sys.exit(1)

    def _tell(self, told: drill.Report, scratch: Scratch, options: dict[str, Any]) -> None:
        if options["format"] == "json":
            self.stdout.write(json.dumps({"seconds": told.seconds, **told.facts, "wrong": told.wrong}))
            return
        for name, seconds in told.seconds.items():
            self.stdout.write(f"{name:<18} {seconds:>8.1f} s")
        for name, fact in told.facts.items():
            self.stdout.write(f"{name}: {fact}")
        self.stdout.write(f"that is {drill.age(told, now=datetime.now(UTC)).total_seconds():.0f} s before now")
        for each in told.wrong:
            self.stdout.write(f"- {each}")
        self.stdout.write("Something does not fit." if told.wrong else "All fits.")
        if options["keep"]:
            self.stdout.write(f"DATABASE_URL={scratch.url(options['database'])}")
