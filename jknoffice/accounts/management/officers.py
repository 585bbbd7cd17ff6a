"""What the commands share that take two officers."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from jknoffice.accounts import officers
from jknoffice.accounts.models import User
from jknoffice.refusal import Refusal


class OfficersCommand(BaseCommand):
    """Asks two officers at the terminal. Exit status 1 for a refusal, 2 when it was wrongly called."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the two user names and the form of the answer; passwords and codes are asked for."""
        parser.add_argument("--first", required=True, metavar="USERNAME", help="the officer who does it")
        parser.add_argument("--second", required=True, metavar="USERNAME", help="another person, who agrees")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def prove(self, options: dict[str, str], *, permission: str, at: datetime) -> tuple[User, User]:
        """Return the two officers once both have proved who they are. Raises `Refusal`."""
        first, second = options["first"], options["second"]
        return officers.prove_two(first=first, second=second, permission=permission, at=at)

    def confirm(self, *, shown: str, word: str) -> bool:
        """Show on stderr what will happen, and return whether somebody has typed `word`."""
        self.stderr.write(shown, lambda text: text)
        return officers.typed_unseen(f"Type {word} to go on: ").strip() == word


@contextmanager
def told() -> Iterator[None]:
    """Speak English, and end the command with exit status 1 (2 without a terminal) and the sentence of a refusal."""
    with override("en"):
        try:
            yield
        except officers.NoTerminal as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
