"""Shredding: a person's values in the log become unreadable for ever; the log still verifies.

Only keys are emptied. The entries and their commitments stay as they were sealed.
"""

import uuid

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from jknoffice.audit import subjects
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.audit.models import AuditLog, AuditSubject, AuditValue

SHREDDED = "audit.subject_shredded"


class Why(models.TextChoices):
    """Why a person's values are shredded. The log shows the code."""

    RETENTION = "retention", _("The time of keeping is over")
    LAWFUL_REQUEST = "lawful_request", _("Lawful request of the person")


@transaction.atomic
def shred(*, subject: uuid.UUID, why: Why, by: Actor, second: Actor) -> int:
    """Empty the keys of all values that the log holds about `subject` until now, and record that with both officers.

    Returns how many keys were emptied. Raises `subjects.Unknown` when nothing was ever written under the subject's
    key. The caller answers for who may do this.
    """
    if not AuditSubject.objects.filter(uuid=subject).exists():
        raise subjects.Unknown(str(subject))
    entry = record(SHREDDED, by=by, subject=subject, reason=why.value, after=second_officer(second))
    return _empty(subject, entry.pk)


def second_officer(second: Actor) -> dict[str, str]:
    """Return what an entry says of the second of two officers; the first one is its actor."""
    return {"second": second.name, "second_person": second.person}


@transaction.atomic
def reapply() -> int:
    """Empty again the keys that a restore brought back, by the entries that tell of shredding; return how many.

    Values written about a person after their shredding stay.
    """
    told = AuditLog.objects.filter(action=SHREDDED).values_list("subject", "pk")
    return sum(_empty(subject, entry) for subject, entry in told if subject is not None)


def _empty(subject: uuid.UUID, before: int) -> int:
    """Empty the subject's key, and those of owners of values of their entries with an id below `before`."""
    entries = AuditLog.objects.filter(subject=subject, pk__lt=before).values("uuid")
    owners = AuditValue.objects.filter(entry_uuid__in=entries).values("subject")
    keys = AuditSubject.objects.filter(models.Q(uuid=subject) | models.Q(uuid__in=owners))
    return keys.exclude(wrapped_key=b"").update(wrapped_key=b"")
