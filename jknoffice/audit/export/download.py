"""A part of the log as one CSV file for people, as far as whoever asks may read it."""

from collections.abc import Iterator
from io import StringIO

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.export.table import Table
from jknoffice.audit.filters import Asked
from jknoffice.audit.log import record_alone
from jknoffice.audit.models import AuditLog
from jknoffice.audit.pages import page_of
from jknoffice.audit.scope import AuditLogQuerySet, Reader
from jknoffice.audit.seals import seals_of
from jknoffice.audit.values import Why
from jknoffice.audit.verify.entries import COLUMNS
from jknoffice.refusal import Refusal

MOST_ROWS = 100_000
ROWS_AT_ONCE = 1000


class NoEntries(Refusal):
    """Nothing fits that the reader may see."""

    code = "no_entries"
    sentence = _("No entry fits. Widen the filter.")


class TooManyEntries(Refusal):
    """A file that holds a part only would mislead: the reader must ask for less."""

    code = "too_many_entries"
    sentence = _("More than 100,000 entries fit, more than one file holds. Choose a shorter time or narrow the filter.")


def download(*, wanted: Q, asked: Asked, why: Why, note: str, by: Reader) -> Iterator[str]:
    """Return the text of a CSV file, newest entry first, piece by piece; the export is recorded before the first.

    Arguments:
        wanted: the condition on entries; what `by` may not read is left out whatever it says.
        asked: the same condition in words, for the log.
        why, note: the reason, and free text about it (may be empty), for the log.

    Raises `NoEntries`, `TooManyEntries`; both are recorded. Must be called outside a transaction.
    """
    entries = AuditLog.objects.for_user(by).filter(wanted)
    number = entries.order_by()[: MOST_ROWS + 1].count()
    for wrong, refusal in ((number == 0, NoEntries), (number > MOST_ROWS, TooManyEntries)):
        if wrong:
            record_alone("audit.export_refused", by=by.as_actor(), reason=refusal.code)
            raise refusal
    free = {"note": note, "query": asked.typed_query}
    record_alone(
        "audit.exported",
        by=by.as_actor(),
        after={**asked.kept, "entries": number},
        reason=why.value,
        pii={field: text for field, text in free.items() if text},
    )
    return _pieces(entries.defer("entry", "mac"))


def _pieces(entries: AuditLogQuerySet) -> Iterator[str]:
    buffer = StringIO()
    buffer.write("\ufeff")  # without it spreadsheets take the file for another encoding
    table, older_than, is_done = Table(buffer), None, False
    while not is_done:
        page = page_of(entries, older_than=older_than, size=ROWS_AT_ONCE)
        seals = seals_of(page.entries)
        for entry in page.entries:
            seal = seals.get(entry.pk)
            table.add(seal.seq if seal else None, entry.pk, [getattr(entry, column) for column in COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        older_than, is_done = page.older_than, page.older_than is None
