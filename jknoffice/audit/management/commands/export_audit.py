"""`manage.py export_audit`: the log on a USB stick."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError

from jknoffice.audit import asking
from jknoffice.audit.actor import Actor
from jknoffice.audit.export import folder
from jknoffice.audit.management.moment import moment
from jknoffice.audit.scope import Reader
from jknoffice.audit.values import Why


class Command(BaseCommand):
    """Writes the entries between two moments, with all that an offline verification needs; it is itself recorded."""

    help = "Export the audit log, or a part of it, so that it can be verified elsewhere with audit_verify.py."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the bounds, the folder, and who asks why."""
        parser.add_argument("--from", type=moment, metavar="ISO", dest="since", help="default: from the beginning")
        parser.add_argument("--to", type=moment, metavar="ISO", dest="until", help="before this moment; default: now")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder, missing or empty")
        parser.add_argument("--by", metavar="USERNAME", help="the auditor for whom it is made")
        parser.add_argument("--reason", choices=Why.values, default="", help="why, as a code")
        parser.add_argument("--without-proofs", action="store_true", help="no inclusion proof for each single entry")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export and say how much."""
        try:
            exported = folder.write(
                since=options["since"],
                until=options["until"],
                out=options["out"],
                by=_actor(options["by"]),
                reason=options["reason"],
                with_proofs=not options["without_proofs"],
            )
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error
        except folder.NothingSealed as error:
            raise CommandError("Nothing is sealed yet: run seal_audit first.") from error
        self.stdout.write(f"{exported.entries} entries of a tree of {exported.size} leaves are in {options['out']}.")


def _actor(username: str | None) -> Actor:
    if username is None:
        return Actor.system("export_audit")
    try:
        user = cast("Reader", get_user_model()._default_manager.get_by_natural_key(username))  # noqa: SLF001  (Django's documented name)
    except ObjectDoesNotExist as error:
        raise CommandError(f"There is no {username}.", returncode=2) from error
    try:
        asking.demand_whole_log(user, refused="audit.export_refused")
    except asking.OnlyAuditors as error:
        raise CommandError(str(error.sentence)) from error
    return user.as_actor()
