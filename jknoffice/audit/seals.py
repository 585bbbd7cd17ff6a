"""Whether an entry is sealed: its leaf and the first signed checkpoint that holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from jknoffice.audit.asking import demand_whole_log
from jknoffice.audit.export.proof import Proof, proof_of
from jknoffice.audit.log import Thing, record_alone
from jknoffice.audit.models import AuditCheckpoint, AuditLeaf, AuditLog, AuditOrigin
from jknoffice.audit.scope import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Leaf number `seq` of the tree, signed since the checkpoint of `size` leaves at `sealed_at`."""

    seq: int
    size: int
    sealed_at: datetime


def seals_of(entries: Sequence[AuditLog]) -> dict[int, Seal]:
    """Return the seals of some entries by their id; an entry that waits for its seal has none. Two queries.

    Where several origins have sealed an entry, the newest one counts.
    """
    origins = list(AuditOrigin.objects.values_list("pk", flat=True))
    signed = AuditCheckpoint.objects.filter(
        origin=OuterRef("origin"), size__gt=OuterRef("seq"), note__isnull=False
    ).order_by("size")
    leaves = AuditLeaf.objects.filter(origin__in=origins, audit_id__in=[entry.pk for entry in entries]).annotate(
        signed_size=Subquery(signed.values("size")[:1]), signed_at=Subquery(signed.values("sealed_at")[:1])
    )
    return {
        leaf.audit_id: Seal(seq=leaf.seq, size=leaf.signed_size, sealed_at=leaf.signed_at)
        for leaf in leaves.order_by("origin_id")
        if leaf.signed_size is not None
    }


def take_proof(*, entry: AuditLog, by: Reader) -> Proof | None:
    """Return the inclusion proof of an entry for `audit_verify.py --proof`, None when it waits; recorded first.

    Raises `OnlyAuditors`, and `merkle.Mismatch` when the stored tree has holes. Must be called outside a transaction.
    """
    demand_whole_log(by, refused="audit.proof_refused", about_subject=entry.subject)
    record_alone("audit.proof_taken", by=by.as_actor(), about=Thing.of(entry), subject=entry.subject)
    return proof_of(entry)
