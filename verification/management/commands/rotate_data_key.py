"""`manage.py rotate_data_key`: seal what outlives some days by the JKN_DATA_KEY that is set now."""

import json
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jknoffice.audit.actor import Actor
from verification import resealing


class Command(BaseCommand):
    """Seals authenticators, readings, and keys of photos that have no key apart, by `JKN_DATA_KEY`, as the owner.

    `JKN_DATA_KEY_OLD` opens them. What is interrupted goes on when it is called again; docs/runbooks/keys.md has the
    steps around it. Exit status 0: all are sealed by the new key; 1: some can be opened by neither key, nothing was
    lost, look for the key that made them; 2: called wrongly.
    """

    help = "Seals authenticators and readings by JKN_DATA_KEY; JKN_DATA_KEY_OLD opens what the key before sealed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --dry-run and --format."""
        parser.add_argument("--dry-run", action="store_true", help="change nothing, only count")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")

    def handle(self, *, dry_run: bool, format: str, **options: object) -> None:  # noqa: A002 - the option's name
        """Seal anew, and say how many of which kind."""
        if not settings.JKN_DATA_KEY_OLD and not dry_run:
            raise CommandError("Set JKN_DATA_KEY_OLD to the key before.", returncode=2)
        found = resealing.reseal(by=Actor.system("rotate_data_key"), dry_run=dry_run)
        if format == "json":
            counted = {name: {"sealed": each.resealed, "unreadable": each.unreadable} for name, each in found.items()}
            self.stdout.write(json.dumps({"dry_run": dry_run, "key_id": resealing.present_id(), **counted}))
        else:
            does = "to be sealed" if dry_run else "sealed"
            for name, each in found.items():
                self.stdout.write(f"{name}: {each.resealed:,} {does} by {resealing.present_id()}")
        if unreadable := sum(each.unreadable for each in found.values()):
            raise CommandError(f"{unreadable:,} rows can be opened by neither key.", returncode=1)
