"""`manage.py shred_subject`: a person's values in the audit log become unreadable for ever."""

import json
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from jknoffice import clock
from jknoffice.accounts import officers
from jknoffice.accounts.management.officers import OfficersCommand, told
from jknoffice.accounts.models import User
from jknoffice.audit import finders, shredding, subjects
from jknoffice.audit.entry import NotPlain, demand_plain
from jknoffice.audit.log import record_alone
from jknoffice.refusal import Refusal

REFUSED = "audit.shred_refused"


class NoValues(Refusal):
    """Nothing was ever written under the subject's key, or nobody was found."""

    code = "no_values"
    sentence = "The log holds no values of this person."


class NotConfirmed(Refusal):
    """The word that was shown was not typed."""

    code = "not_confirmed"
    sentence = "Not confirmed: nothing was shredded."


class Command(OfficersCommand):
    """Shreds the values of one person, by two officers, for ever; the log still verifies.

    An identifier never stands on the command line, where the history of the shell would keep it: `--nik-asked` asks.
    """

    help = "Shred a person's values in the audit log, by two officers. They cannot be brought back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the subject, the reason and the officers."""
        super().add_arguments(parser)
        parser.add_argument("subject", nargs="?", type=_uuid, metavar="SUBJECT", help="the person's uuid in the log")
        parser.add_argument("--nik-asked", action="store_true", help="ask for NIK, card or phone number instead")
        parser.add_argument("--why", required=True, choices=shredding.Why.values)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask both officers, show what will be shredded, and shred it."""
        if (options["subject"] is None) is not options["nik_asked"]:
            raise CommandError("Give either the subject's uuid or --nik-asked.", returncode=2)
        with told():
            first, second = self.prove(options, permission=officers.SHRED, at=clock.now())
            subject = options["subject"] or _found(first)
            why = shredding.Why(options["why"])
            try:
                self._demand_confirmation(subject, why, first, second)
                emptied = shredding.shred(subject=subject, why=why, by=first.as_actor(), second=second.as_actor())
            except subjects.Unknown as error:
                raise _refused(NoValues(), first, subject) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps({"subject": str(subject), "why": why.value, "keys_emptied": emptied}))
        else:
            self.stdout.write(f"{emptied} keys emptied: what the log held about {subject} cannot be read any more.")

    def _demand_confirmation(self, subject: uuid.UUID, why: shredding.Why, first: User, second: User) -> None:
        shown = (
            f"All personal values that the log holds about {subject} become unreadable for ever.\n"
            f"Why: {why.label}. Officers: {first.username} and {second.username}."
        )
        if not self.confirm(shown=shown, word=str(subject)[:8]):
            raise _refused(NotConfirmed(), first, subject)


def _uuid(text: str) -> uuid.UUID:
    return uuid.UUID(text)


def _found(by: User) -> uuid.UUID:
    """Ask for an identifier, record the search, and return whose it is. Raises `NoValues`."""
    typed = officers.typed_unseen("NIK, card or phone number: ")
    try:
        demand_plain(typed)
    except NotPlain as error:
        raise NoValues from error
    found = finders.find(typed)
    record_alone(
        "audit.searched", by=by.as_actor(), subject=found, after={"found": found is not None}, pii={"query": typed}
    )
    if found is None:
        raise _refused(NoValues(), by, None)
    return found


def _refused(refusal: Refusal, by: User, subject: uuid.UUID | None) -> Refusal:
    record_alone(REFUSED, by=by.as_actor(), subject=subject, reason=refusal.code)
    return refusal
