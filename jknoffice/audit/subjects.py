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


class Unknown(LookupError):
    """The subject has no key: nothing was ever written under it."""


def key_of(subject: uuid.UUID) -> bytes:
    """Return the subject's 32-byte key; the first use makes one. Raises `Shredded` when it has been deleted.

    Two transactions that meet a new subject at the same moment agree: the second waits for the first row.
    """
    try:
        return stored_key(subject)
    except Unknown:
        fresh = seal(key=key_for(Purpose.AUDIT_SUBJECT), plaintext=new_key(), bound_to=str(subject))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_auditsubject (uuid, wrapped_key) VALUES (%s, %s) ON CONFLICT (uuid) DO NOTHING",
                [subject, fresh],
            )
        return stored_key(subject)


def stored_key(subject: uuid.UUID) -> bytes:
    """Return the subject's key for reading; raise `Unknown`, `Shredded`, or `Unreadable` for a row altered by hand."""
    wrapped = AuditSubject.objects.filter(uuid=subject).values_list("wrapped_key", flat=True).first()
    if wrapped is None:
        raise Unknown(str(subject))
    if not wrapped:
        raise Shredded(str(subject))
    return unseal(key=key_for(Purpose.AUDIT_SUBJECT), sealed=bytes(wrapped), bound_to=str(subject))


def owner_of_new_values(subject: uuid.UUID | None) -> tuple[uuid.UUID, bytes]:
    """Return who owns the key for new values about `subject`, and that key.

    That is the subject. Where there is none, or its key has been shredded while the person lives on in the
    register, the values get an owner of their own: nothing is lost, and the old values stay gone.
    """
    if subject is not None:
        try:
            return subject, key_of(subject)
        except Shredded:
            pass
    owner = uuid.uuid4()
    return owner, key_of(owner)


def commitment(key: bytes, field: str, value: str) -> str:
    """Return the commitment to a value, keyed by its subject, in lower-case hexadecimal."""
    return keyed_hash(keyed_hash(key, "commitment"), field, value).hex()


def seal_value(key: bytes, *, entry_uuid: uuid.UUID, field: str, value: str) -> bytes:
    """Encrypt a value for its one place in the log."""
    return seal(key=keyed_hash(key, "value"), plaintext=value.encode(), bound_to=f"{entry_uuid}/{field}")


def open_value(key: bytes, *, entry_uuid: uuid.UUID, field: str, ciphertext: bytes) -> str:
    """Return the value that `seal_value()` encrypted; raise `Unreadable` if it is not from this place."""
    return unseal(key=keyed_hash(key, "value"), sealed=ciphertext, bound_to=f"{entry_uuid}/{field}").decode()
