"""The settings that matter, in the log: with which numbers and gateways a process works, since when."""

import json
import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.audit.models import AuditLog
from jknoffice.crypto import Purpose, key_for, key_id

NOTED = "system.settings_noted"
IDENTITY = "identity_key"

# What decides how hard it is to take a number over, and where messages and seals go: of addresses the host, of keys a
# name that tells nothing about them.
NAMES = """
JKN_ENV JKN_TRUSTED_PROXIES SESSION_IDLE SESSION_LONGEST SECOND_STEP_LIFETIME CODE_LIFETIME CODE_TRIES CODE_FREEZE
CODE_PAUSE CODES_PER_HOUR CODES_PER_DAY CODES_PER_HOUR_GLOBAL UNCONFIRMED_LIFETIME CORRECTION_LIFETIME CLAIM_LIFETIME
HOLD UNDO_LIFETIME SNOOZE_MOST SECOND_APPROVAL_WEIGHT SMS_GATEWAY JKN_SEAL_ORIGIN
""".split()

KEYS = {IDENTITY: Purpose.PERSON, "data_key": Purpose.FACTOR, "document_key": Purpose.DOCUMENT}

logger = logging.getLogger(__name__)


def note(*, process: str) -> bool:
    """Record the settings of this process ("web" or "worker") unless they are those recorded last; return whether.

    Must be called outside a transaction. A database that does not answer keeps nobody from starting: that is logged,
    and `/readyz` tells it as well.
    """
    present = {name: str(getattr(settings, name)) for name in NAMES}
    present["documents"] = type(storages["documents"]).__qualname__
    present["witnesses"] = " ".join(sorted(str(urlsplit(each).hostname) for each in settings.JKN_SEAL_WITNESSES))
    present |= {name: key_id(key_for(purpose)) for name, purpose in KEYS.items()}
    by = Actor.system(process)
    try:
        return _note(present, by)
    except DatabaseError as error:
        logger.warning("the settings of this process could not be recorded: %s", type(error).__name__)
        return False


def identity_is_another() -> bool:
    """Return whether people are told again by another key than at first: two accounts of one would count as two."""
    noted = AuditLog.objects.filter(action=NOTED, entry__contains=f'"{IDENTITY}"').order_by("at_us", "pk").first()
    first = json.loads(noted.entry)["after"]["settings"][IDENTITY] if noted else None
    return first not in {None, key_id(key_for(KEYS[IDENTITY]))}


@transaction.atomic(durable=True)
def _note(present: dict[str, str], by: Actor) -> bool:
    with connection.cursor() as cursor:
        # Several processes start at once; one of them records.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{NOTED} {by.name}"])
    last = AuditLog.objects.filter(actor=by.name, action=NOTED, kind=by.kind).order_by("-at_us", "-pk").first()
    if last and json.loads(last.entry)["after"] == {"settings": present}:
        return False
    record(NOTED, by=by, after={"settings": present})
    return True
