"""`manage.py grant_hands`: who may do what in the database, written by its owner after each migration."""

from argparse import ArgumentParser

from django.core.management import BaseCommand, CommandError

from jknoffice.hands import Hand, HandRefused, apply, differences


class Command(BaseCommand):
    """Give the roles of the web, the worker and the sealer what `jknoffice/hands/decision.py` says, and nothing else.

    Call it with the owner's DATABASE_URL. Exit status: 0 done, or no difference; 1 `--check` found one; 2 refused.
    """

    help = "Grants each database role what it needs, and takes everything else away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the names of the roles, and --check."""
        for hand in Hand:
            parser.add_argument(f"--{hand}", default=f"jkn_{hand}", metavar="ROLE", help="default: %(default)s")
        parser.add_argument("--check", action="store_true", help="change nothing, only say what differs")

    def handle(self, *, check: bool, **options: str) -> None:
        """Grant, or compare."""
        names = {hand: options[hand.value] for hand in Hand}
        if check:
            if found := differences(names):
                raise CommandError("\n".join(found), returncode=1)
            self.stdout.write("The database gives what was decided.")
            return
        try:
            apply(names)
        except HandRefused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write(f"Granted to {', '.join(names.values())}.")
