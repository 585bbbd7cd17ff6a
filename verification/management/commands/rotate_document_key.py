"""`manage.py rotate_document_key`: wrap the keys of all photos by the key that is set now."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from jknoffice.audit.actor import Actor
from verification.documents import wrapping


class Command(BaseCommand):
    """Wraps the photos' own keys by `JKN_DOCUMENT_KEY`; `JKN_DOCUMENT_KEY_OLD` opens them.

    Photos are not touched. What is interrupted goes on when it is called again. Exit status 0: all are wrapped by the
    new key, and the old one may be destroyed; 1: some can be opened by neither key, nothing was lost, look for the key
    that made them; 2: called wrongly.
    """

    help = "Wraps the keys of all photos by JKN_DOCUMENT_KEY; JKN_DOCUMENT_KEY_OLD opens what the key before wrapped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --dry-run and --format."""
        parser.add_argument("--dry-run", action="store_true", help="change nothing, only count")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")

    def handle(self, *, dry_run: bool, format: str, **options: object) -> None:  # noqa: A002 - the option's name
        """Rotate, and say how many are done and what is left."""
        done, failed = (0, 0) if dry_run else wrapping.rotate(by=Actor.system("rotate_document_key"))
        left = wrapping.waiting()
        if format == "json":
            found = {"dry_run": dry_run, "key_id": wrapping.current_id(), "wrapped": done, "left": left}
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(f"wrapped by {wrapping.current_id()}: {done:,}, by other keys still: {left:,}")
        if failed:
            raise CommandError(f"{failed:,} photos can be opened by neither key.", returncode=1)
