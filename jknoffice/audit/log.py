"""The one way to write into the audit log."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import connection, models, transaction

from jknoffice import clock
from jknoffice.audit import subjects
from jknoffice.audit.actor import Actor
from jknoffice.audit.context import current_session
from jknoffice.audit.entry import FORMAT_VERSION, Plain, canonical, demand_plain, mac_of
from jknoffice.audit.models import AuditLog, AuditValue
from jknoffice.audit.moments import microseconds


class NoTransaction(RuntimeError):
    """record() was called outside a transaction: the change and its entry could come apart."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What an entry is about: `type` is `app.model` in lower case, `id` its primary key as text."""

    type: str
    id: str

    @classmethod
    def of(cls, row: models.Model) -> "Thing":
        """Return the thing that a saved model instance is."""
        return cls(row._meta.label_lower, str(row.pk))


class Details(TypedDict, total=False):
    """What `record()` takes beside the action and the actor."""

    about: Thing | None
    version: int | None
    subject: uuid.UUID | None
    before: Mapping[str, Plain] | None
    after: Mapping[str, Plain] | None
    reason: str
    pii: Mapping[str, str] | None
    at: datetime | None


def record(
    action: str,
    *,
    by: Actor,
    about: Thing | None = None,
    version: int | None = None,
    subject: uuid.UUID | None = None,
    before: Mapping[str, Plain] | None = None,
    after: Mapping[str, Plain] | None = None,
    reason: str = "",
    pii: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> AuditLog:
    """Append one entry, inside the transaction of what it tells about.

    Arguments:
        action: a dotted verb in the past or a noun of reading, such as `request.approved` or `peserta.viewed`.
        by: who did it.
        about, version: the thing and, for a change, its new version; each version of a thing is written once.
        subject: whose personal data it touches (`Peserta.uuid`); needed by "who saw this person's data".
        before, after: changed values that are not personal.
        reason: a code from a fixed list. Free text always counts as personal: give it in `pii`.
        pii: personal values by field. The entry holds only a keyed commitment of each; the value stands encrypted
            beside it and can be shredded. Without a `subject` they get a subject of their own. Field names are
            ASCII, up to 40 characters.
        at: aware datetime, now when left out.

    Returns the stored row. Raises `NoTransaction`; `NotPlain` for a value without canonical form; ValueError for a
    naive `at`; IntegrityError for a version that has been written.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(action)
    entry_uuid = uuid.uuid4()
    values = dict(pii or {})
    demand_plain(values)
    owner, key = subjects.owner_of_new_values(subject) if values else (subject, b"")
    whose = subject or owner
    entry: dict[str, Plain] = {
        "v": FORMAT_VERSION,
        "uuid": str(entry_uuid),
        "at": microseconds(at or clock.now()),
        "kind": by.kind.value,
        "actor": by.name,
        "person": by.person,
        "branch": by.branch,
        "session": current_session(),
        "action": action,
        "object": {"type": about.type, "id": about.id} if about else None,
        "object_version": version,
        "subject": str(whose) if whose else None,
        "before": dict(before or {}),
        "after": dict(after or {}),
        "reason": reason,
        "pii": {field: subjects.commitment(key, field, value) for field, value in values.items()},
    }
    text = canonical(entry)
    row = AuditLog.objects.create(entry=text, mac=mac_of(text))
    if owner:
        AuditValue.objects.bulk_create(
            AuditValue(
                entry_uuid=entry_uuid,
                subject=owner,
                field=field,
                ciphertext=subjects.seal_value(key, entry_uuid=entry_uuid, field=field, value=value),
            )
            for field, value in values.items()
        )
    return row


def record_alone(action: str, *, by: Actor, **details: Unpack[Details]) -> AuditLog:
    """Append an entry in a transaction of its own: for refusals after the roll-back, and for reads before showing.

    Takes what `record()` takes. Raises RuntimeError inside a transaction that could still roll the entry back
    (Django's `atomic(durable=True)`); when this fails, the caller must not show what it was about to show.
    """
    with transaction.atomic(durable=True):
        return record(action, by=by, **details)
