"""`manage.py change_api_client`: gives a partner of the API a new secret, or switches it off or on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from jknoffice.audit.actor import Actor
from verification.api import partners
from verification.api.partners import NotAPartner


class Command(BaseCommand):
    """Changes one partner, from its next call on. Exit status 2 when there is none with this client id."""

    help = "Give a partner of the API a new secret, or switch it off or on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the partner, and what to do."""
        parser.add_argument("client_id")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--rotate", action="store_true", help="print a new secret; the old one works no more")
        what.add_argument("--off", action="store_true")
        what.add_argument("--on", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change the partner."""
        client_id, by = options["client_id"], Actor.system("change_api_client")
        try:
            if options["rotate"]:
                self.stdout.write(f"Secret, shown only now: {partners.rotate(client_id=client_id, by=by)}")
            else:
                partners.switch(client_id=client_id, on=options["on"], by=by)
                self.stdout.write(f"{client_id} is {'on' if options['on'] else 'off'}.")
        except NotAPartner as refusal:
            with override("en"):
                raise CommandError(str(refusal), returncode=2) from refusal
