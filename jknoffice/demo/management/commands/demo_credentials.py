"""`manage.py demo_credentials`: how the demo accounts log in."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from jknoffice.demo import staff


class Command(BaseCommand):
    """Lists role, user name, password, authenticator secret and present code of the demo accounts."""

    help = "List the demo accounts with their passwords and present codes (development and test only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the format."""
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the accounts."""
        try:
            accounts = staff.credentials()
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(accounts, indent=2))
            return
        self.stdout.write(f"{'role':<12}{'user name':<18}{'password':<18}{'code now':<10}")
        for account in accounts:
            line = "{role:<12}{username:<18}{password:<18}{totp_now:<10}"
            self.stdout.write(line.format(**account))
