"""`manage.py create_api_client`: makes a partner of the API."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from jknoffice.audit.actor import Actor
from verification.api import partners
from verification.api.partners import NotAPartner, Scope


class Command(BaseCommand):
    """Makes a partner and prints its secret, once. Exit status 2 when something is wrong with what was given."""

    help = "Make a partner of the API; its secret is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the partner."""
        parser.add_argument("--name", required=True, help="as the staff sees it on a case")
        parser.add_argument("--client-id", required=True)
        parser.add_argument("--scope", action="append", choices=list(Scope), help="default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the partner."""
        scopes = [Scope(scope) for scope in options["scope"] or Scope]
        by = Actor.system("create_api_client")
        try:
            client, secret = partners.create(name=options["name"], client_id=options["client_id"], scopes=scopes, by=by)
        except NotAPartner as refusal:
            with override("en"):
                raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write(f"Created {client.client_id} ({client.name}): {' '.join(client.scopes)}.")
        self.stdout.write(f"Secret, shown only now: {secret}")
