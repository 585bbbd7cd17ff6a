"""The personal values of an entry, closed until somebody asks for them with a reason."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from jknoffice.audit import subjects
from jknoffice.audit.asking import demand_whole_log
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog, AuditValue
from jknoffice.audit.reveals import record_reveal
from jknoffice.audit.scope import Reader
from jknoffice.audit.words import field_label
from jknoffice.crypto import Unreadable


class Why(models.TextChoices):
    """Why an auditor opens personal values."""

    COMPLAINT = "complaint", _("A participant's complaint")
    INVESTIGATION = "investigation", _("An investigation of misuse")
    SAMPLE = "sample", _("A check of a sample")
    LAWFUL_REQUEST = "lawful_request", _("A lawful request from outside")


class State(models.TextChoices):
    """What has become of a value."""

    CLOSED = "closed", _("Hidden")
    OPEN = "open", _("Revealed")
    SHREDDED = "shredded", _("Shredded: its key has been deleted, nobody can read it any more")
    DAMAGED = "damaged", _("Damaged: what is stored does not fit the entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One personal value of an entry. `text` is empty unless the state is OPEN."""

    field: str
    commitment: str
    state: State
    text: str = ""

    @property
    def label(self) -> str:
        """The field in words."""
        return field_label(self.field)


def closed_values(entry: AuditLog) -> list[Value]:
    """Return the personal values of an entry without opening any."""
    return _values(entry, _closed)


def reveal(*, entry: AuditLog, by: Reader, why: Why) -> list[Value]:
    """Return the personal values of an entry in clear; the reveal is recorded first, with its reason.

    Each value is compared with the commitment in the entry. Raises `OnlyAuditors` and `TooManyReveals`, both recorded.
    Must be called outside a transaction.
    """
    demand_whole_log(by, refused="audit.reveal_refused", about_subject=entry.subject)
    record_reveal(
        "audit.revealed",
        by=by.as_actor(),
        refused="audit.reveal_refused",
        about=Thing.of(entry),
        subject=entry.subject,
        after={"fields": sorted(_commitments(entry))},
        reason=why.value,
    )
    return _values(entry, _opened)


def _commitments(entry: AuditLog) -> Mapping[str, str]:
    pii: dict[str, str] = json.loads(entry.entry)["pii"]
    return pii


def _values(entry: AuditLog, look: Callable[[AuditLog, AuditValue, Value], Value]) -> list[Value]:
    stored = {row.field: row for row in AuditValue.objects.filter(entry_uuid=entry.uuid)}
    found = []
    for field, commitment in _commitments(entry).items():
        damaged = Value(field=field, commitment=commitment, state=State.DAMAGED)
        try:
            found.append(look(entry, stored[field], damaged))
        except subjects.Shredded:
            found.append(replace(damaged, state=State.SHREDDED))
        except (KeyError, subjects.Unknown, Unreadable):
            found.append(damaged)
    return found


def _closed(entry: AuditLog, row: AuditValue, value: Value) -> Value:
    subjects.stored_key(row.subject)
    return replace(value, state=State.CLOSED)


def _opened(entry: AuditLog, row: AuditValue, value: Value) -> Value:
    key = subjects.stored_key(row.subject)
    text = subjects.open_value(key, entry_uuid=entry.uuid, field=row.field, ciphertext=bytes(row.ciphertext))
    if subjects.commitment(key, row.field, text) != value.commitment:
        return value
    return replace(value, state=State.OPEN, text=text)
