"""Requests and the log, one to one: `manage.py verify_audit` asks this."""

from collections.abc import Iterator

from jknoffice.audit.log import Thing
from jknoffice.audit.verify.streams import rows
from verification.models import PhoneChangeRequest

_DIFFERENT = f"""
WITH written AS (
    SELECT object_id::bigint AS id, max(object_version) AS version, count(*) AS entries FROM audit_auditlog
    WHERE object_type = %s AND object_version IS NOT NULL GROUP BY object_id
)
SELECT id, request.version, COALESCE(written.version, 0), COALESCE(entries, 0)
FROM {PhoneChangeRequest._meta.db_table} AS request FULL JOIN written USING (id)
WHERE request.version IS DISTINCT FROM written.version OR request.version IS DISTINCT FROM entries
ORDER BY id
"""  # noqa: S608  (a name of our own)


def unwritten() -> Iterator[str]:
    """Yield each request whose version has no entry, or that is not there though the log tells of it.

    Must be called inside a transaction.
    """
    for number, version, written, entries in rows(_DIFFERENT, [Thing.of(PhoneChangeRequest()).type]):
        if version is None:
            yield f"request {number} is gone, the log has {entries} versions of it"
        else:
            yield f"request {number} has version {version}, the log has {entries} entries up to version {written}"
