"""`manage.py create_staff`: creates a staff account."""

import getpass
import json
import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from jknoffice.accounts.models import Branch
from jknoffice.accounts.roles import Role
from jknoffice.accounts.staff import StaffRefused, create_staff
from jknoffice.audit.actor import Actor


class Command(BaseCommand):
    """Creates a staff account; the person sets up the second step at the first log-in.

    The password is asked for, read from standard input, or made and printed once. The NIK says who the person is, and
    only a keyed hash of it is kept. Exit status 2 when something is wrong with what was given.
    """

    help = "Create a staff account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the account."""
        parser.add_argument("--username", required=True)
        parser.add_argument("--full-name", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--branch", help="branch code, for roles that work on cases")
        parser.add_argument("--nik", required=True, help="16 digits; kept as a keyed hash only")
        parser.add_argument("--email", default="")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the account, and say what was made."""
        password, made = self._password(from_stdin=options["password_stdin"])
        with override("en"):
            try:
                user = create_staff(
                    username=options["username"],
                    full_name=options["full_name"],
                    role=Role(options["role"]),
                    branch=self._branch(options["branch"]),
                    nik=options["nik"],
                    password=password,
                    email=options["email"],
                    by=Actor.system("create_staff"),
                )
            except StaffRefused as refusal:
                raise CommandError(str(refusal), returncode=2) from refusal
        said = {"username": user.username, "role": user.role, "password": password if made else None}
        if options["format"] == "json":
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(f"Created {user.username} ({user.role}).")
        if made:
            self.stdout.write(f"Password, shown only now: {password}")

    def _password(self, *, from_stdin: bool) -> tuple[str, bool]:
        """Return the password, and whether it was made here."""
        if from_stdin:
            try:
                return sys.stdin.readline().rstrip("\r\n"), False
            except UnicodeDecodeError as error:
                raise CommandError("The password on standard input is not UTF-8.", returncode=2) from error
        typed = getpass.getpass("Password (empty: make one): ") if sys.stdin.isatty() else ""
        return (typed, False) if typed else (secrets.token_urlsafe(12), True)

    def _branch(self, code: str | None) -> Branch | None:
        if not code:
            return None
        found = Branch.objects.filter(code=code).first()
        if found is None:
            raise CommandError(f"There is no branch {code}.", returncode=2)
        return found
