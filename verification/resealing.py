"""The exchange of `JKN_DATA_KEY`: what outlives some days is sealed by the new key (docs/runbooks/keys.md).

Authenticators of staff, what was read on photos, what people corrected there, and the keys of photos where those have
no key apart. All else that the key seals ends within three days, and is opened by the key before until then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from jknoffice.accounts.models import Authenticator
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.crypto import Purpose, Unreadable, key_for, key_id
from verification.annotation import sealing
from verification.documents import wrapping
from verification.models import DocumentReading, ReadingCorrection
from verification.models.reading import ReadingStatus

BATCH = 500
"""Rows that one transaction seals anew."""


@dataclass(slots=True)
class Count:
    """How many rows were sealed anew, and how many no key opens that is set here."""

    resealed: int = 0
    unreadable: int = 0


def reseal(*, by: Actor, dry_run: bool = False) -> dict[str, Count]:
    """Seal all rows by the present key, in batches; return what was done by kind.

    What is interrupted goes on the next time. Each batch has its entry in the log. A `dry_run` only counts. To be
    called outside a transaction, as a role that may change all of them (the owner).
    """
    done = {name: _reseal(name, rows(), again, by, dry_run) for name, (rows, again) in KINDS.items()}
    if settings.JKN_DOCUMENT_KEY == settings.JKN_DATA_KEY:
        done["photos"] = Count(wrapping.waiting()) if dry_run else Count(*wrapping.rotate(by=by))
    return done


def _reseal(
    name: str, rows: "QuerySet[Any]", again: Callable[[Any], Mapping[str, Any]], by: Actor, dry_run: bool
) -> Count:
    count, last = Count(), 0
    while True:
        with transaction.atomic():
            batch = list(rows.filter(pk__gt=last).select_for_update(of=("self",)).order_by("pk")[:BATCH])
            if not batch:
                return count
            last, done = batch[-1].pk, 0
            for row in batch:
                try:
                    columns = again(row)
                except Unreadable:
                    count.unreadable += 1
                    continue
                done += bool(columns)
                if columns and not dry_run:
                    rows.filter(pk=row.pk).update(**columns)
            count.resealed += done
            if done and not dry_run:
                span = {"first": batch[0].pk, "last": last}
                record(
                    "system.data_key_exchanged",
                    by=by,
                    after={"kind": name, "key_id": present_id(), "rows": done, **span},
                )


def present_id() -> str:
    """Return the name of the key that seals authenticators now; it tells nothing about the key."""
    return key_id(key_for(Purpose.FACTOR))


def _authenticator(device: Authenticator) -> Mapping[str, Any]:
    return {"key": again} if (again := device.resealed()) else {}


def _reading(reading: DocumentReading) -> Mapping[str, Any]:
    again = sealing.resealed_content(reading.content or {}, document_id=reading.document_id)
    return {"content": again} if again else {}


def _correction(correction: ReadingCorrection) -> Mapping[str, Any]:
    document_id = correction.reading.document_id
    again = sealing.resealed_value(correction.value, document_id=document_id, field=correction.field)
    return {"value": again} if again else {}


KINDS: Mapping[str, tuple[Callable[[], "QuerySet[Any]"], Callable[[Any], Mapping[str, Any]]]] = {
    "authenticators": (Authenticator.objects.all, _authenticator),
    "readings": (lambda: DocumentReading.objects.filter(status=ReadingStatus.DONE), _reading),
    "corrections": (lambda: ReadingCorrection.objects.select_related("reading"), _correction),
}
"""The rows, and what stands in their columns when they are sealed anew: nothing, when they are so already."""
