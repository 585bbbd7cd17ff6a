"""Handing the log over to a new key."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.audit.models import AuditCheckpoint, AuditKey
from jknoffice.audit.sealing import handover, keys, sealer
from jknoffice.audit.sealing.merkle import EMPTY_ROOT
from jknoffice.audit.sealing.note import Checkpoint, Signer


class KeyUsedBefore(Exception):
    """The new key has signed this log before: a key that was given up stays given up."""


def rotate(*, new_seed: bytes, by: Actor, at: datetime | None = None) -> AuditKey:
    """Hand the present origin over to the key of `new_seed` (32 bytes), and record that.

    What waits is sealed first, by the old key. From then on the sealer halts until the settings name the new key.
    Returns the new key. Raises `KeyUsedBefore`, and `sealer.Halted` when the log is not in order.
    """
    sealer.seal_all()
    with transaction.atomic():
        sealer.lock()
        sealer.publish()
        origin = sealer.origin()
        old, new = keys.signer(origin), Signer(origin.name, new_seed)
        if new.verifier in keys.verifiers(origin):
            raise KeyUsedBefore
        last = AuditCheckpoint.objects.filter(origin=origin).last()
        present = Checkpoint(origin.name, last.size if last else 0, bytes(last.root) if last else EMPTY_ROOT)
        key = keys.remember(
            origin,
            new.verifier,
            from_size=present.size,
            at=at or timezone.now(),
            handover=handover.signed(present, old=old, new=new),
        )
        record(
            "audit.key_rotated",
            by=by,
            about=Thing.of(key),
            before={"key": old.verifier.vkey},
            after={"key": new.verifier.vkey, "from_size": present.size},
            at=at,
        )
    return key
