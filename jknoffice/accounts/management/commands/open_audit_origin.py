"""`manage.py open_audit_origin`: the log goes on under a new name after a restore that lost its end."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from jknoffice import clock
from jknoffice.accounts import officers
from jknoffice.accounts.management.officers import OfficersCommand, told
from jknoffice.audit.log import record_alone
from jknoffice.audit.models import AuditOrigin
from jknoffice.audit.sealing import keys, opening
from jknoffice.refusal import Refusal


class Command(OfficersCommand):
    """Opens a new origin, by two officers. Only when the lost entries cannot be replayed: read docs/runbooks first."""

    help = "Open a new origin of the audit log, by two officers, after a restore that lost sealed entries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name, the reason and the officers."""
        super().add_arguments(parser)
        parser.add_argument("--name", required=True, help="a new name, such as jkn.example/audit-2")
        parser.add_argument("--why", required=True, choices=opening.Why.values)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask both officers, open the origin, and say which key it has."""
        now, why = clock.now(), opening.Why(options["why"])
        with told():
            first, second = self.prove(options, permission=officers.OPEN_ORIGIN, at=now)
            by, beside = first.as_actor(), second.as_actor()
            try:
                origin = opening.open_origin(name=options["name"], why=why, by=by, second=beside, at=now)
            except Refusal as refusal:
                record_alone("audit.origin_refused", by=by, reason=refusal.code)
                raise
        key = _key_of(origin)
        if options["format"] == "json":
            self.stdout.write(json.dumps({"origin": origin.name, "first_entry": origin.first_entry, "key": key}))
            return
        self.stdout.write(
            f"Opened {origin.name}. The sealer goes on at its next run, and seals again what the log holds.\n"
            "Publish its key beside the one of the old origin, and give it to the HTTP witnesses:\n\n"
            f"    {key or 'see key.txt of the next export: the sealing key is not in the settings here'}\n"
        )


def _key_of(origin: AuditOrigin) -> str | None:
    """Return the public key that will sign, None where the settings hold none: the officers need not have it."""
    try:
        return keys.signer(origin).verifier.vkey
    except ImproperlyConfigured:
        return None
