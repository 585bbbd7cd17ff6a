"""Personal values beside the log: committed to in the entry, readable only with the subject's key.

Deleting a subject's key makes the values unreadable for ever, and the log still verifies.
A plain hash of a NIK could be guessed in minutes; a commitment keyed by the subject cannot.
"""

import uuid

from django.db import connection

from jknoffice.audit.models import AuditSubject
from jknoffice.crypto import Purpose, key_for, keyed_hash, new_key, seal, unseal


class Shredded(LookupError):
    """The subject's key has been deleted: the value is gone."""


def key_of(subject: uuid.UUID) -> bytes:
    """Return the subject's 32-byte key; the first use makes one.

    Two transactions that meet a new subject at the same moment agree: the second waits for the first row.
    """
    sealed = _stored(subject)
    if sealed is None:
        wrapped = seal(key=key_for(Purpose.AUDIT_SUBJECT), plaintext=new_key(), bound_to=str(subject))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_auditsubject (uuid, wrapped_key) VALUES (%s, %s) ON CONFLICT (uuid) DO NOTHING",
                [subject, wrapped],
            )
        sealed = _stored(subject)
    if not sealed:
        raise Shredded(str(subject))
    return unseal(key=key_for(Purpose.AUDIT_SUBJECT), sealed=sealed, bound_to=str(subject))


def _stored(subject: uuid.UUID) -> bytes | None:
    row = AuditSubject.objects.filter(uuid=subject).values_list("wrapped_key", flat=True).first()
    return None if row is None else bytes(row)


def commitment(key: bytes, field: str, value: str) -> str:
    """Return the keyed commitment to a value, in lower-case hexadecimal."""
    return keyed_hash(key, field, value).hex()


def seal_value(key: bytes, *, entry_uuid: uuid.UUID, field: str, value: str) -> bytes:
    """Encrypt a value for its one place in the log."""
    return seal(key=key, plaintext=value.encode(), bound_to=f"{entry_uuid}/{field}")


def open_value(key: bytes, *, entry_uuid: uuid.UUID, field: str, ciphertext: bytes) -> str:
    """Return the value that `seal_value()` encrypted; raise `Unreadable` if it is not from this place."""
    return unseal(key=key, sealed=ciphertext, bound_to=f"{entry_uuid}/{field}").decode()
