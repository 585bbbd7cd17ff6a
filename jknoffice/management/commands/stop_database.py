"""`manage.py stop_database`: the embedded PostgreSQL, which outlives the programs that use it, ends here."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from jknoffice import database
from jknoffice.embedded.places import EmbeddedError

WORDS = {
    False: ("The embedded database has stopped.", "No embedded database ran."),
    True: ("The embedded database is gone.", "There was no embedded database."),
}


class Command(BaseCommand):
    """Stop the embedded PostgreSQL of JKN_VAR. A database of DATABASE_URL is none of its business."""

    help = "Stops the embedded PostgreSQL of JKN_VAR. It starts again by itself when it is needed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --remove."""
        parser.add_argument("--remove", action="store_true", help="also delete the database with all its data")

    def handle(self, *, remove: bool, **options: object) -> None:
        """Stop the server, or remove it, and say what was done."""
        end = database.remove if remove else database.stop
        yes, no = WORDS[remove]
        try:
            self.stdout.write(yes if end(settings.JKN_VAR) else no)
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
