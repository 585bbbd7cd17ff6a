"""The tree of an export: the hashes of its leaves, its notes and what proves that it only grew; and trees before it."""

import json
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from jknoffice.audit.export.part import Part
from jknoffice.audit.export.proof import encoded, handovers, newest_signed
from jknoffice.audit.models import AuditCheckpoint, AuditKey, AuditLog, AuditOrigin
from jknoffice.audit.sealing import merkle, proofs
from jknoffice.audit.sealing.witnesses.folder import PER_FOLDER
from jknoffice.audit.verify.streams import rows


def write_leaves(out: Path, origin: AuditOrigin, size: int) -> None:
    """Write the hashes of the first `size` leaves, 32 bytes each."""
    with (out / "leaves.hashes").open("wb") as file:
        for (leaf,) in rows(
            "SELECT hash FROM audit_auditleaf WHERE origin_id = %s AND seq < %s ORDER BY seq", [origin.pk, size]
        ):
            file.write(leaf)


def write_notes(out: Path, origin: AuditOrigin, part: Part) -> None:
    """Write the notes of the part and the newest one, each with the proof that it grew out of the one before."""
    signed = AuditCheckpoint.objects.filter(origin=origin, note__isnull=False)
    ranged = signed.filter(size__gte=part.first, size__lte=part.after) | signed.filter(size=part.size)
    before, subtrees = 0, proofs.subtrees(origin)
    with (out / "consistency.jsonl").open("w", encoding="utf-8") as lines:
        for checkpoint in ranged.order_by("size").iterator():
            place = out / "notes" / f"{checkpoint.size // PER_FOLDER:015}"
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{checkpoint.size:020}.note").write_text(checkpoint.note or "", encoding="utf-8")
            with suppress(merkle.Mismatch):
                if before:
                    path = merkle.consistency_proof(before, checkpoint.size, subtrees)
                    add(lines, {"old": before, "new": checkpoint.size, "proof": encoded(path)})
            before = checkpoint.size


def write_keys(out: Path, origin: AuditOrigin) -> None:
    """Write the first key, and how each handed over to the next."""
    first_key = AuditKey.objects.filter(origin=origin).order_by("id").values_list("vkey", flat=True)[0]
    (out / "handovers.json").write_text(json.dumps(handovers(origin)) + "\n", encoding="utf-8")
    (out / "key.txt").write_text(first_key + "\n", encoding="utf-8")


def write_older(out: Path, present: AuditOrigin) -> None:
    """Write each origin that was left into a folder of `older`, with the entry that opened the one after it.

    Its entries are those of the present origin, which has sealed them again: only hashes are needed. An origin without
    a signed checkpoint has nothing to prove.
    """
    origins = [*AuditOrigin.objects.filter(pk__lt=present.pk).order_by("id"), present]
    for number, (old, after) in enumerate(pairwise(origins), 1):
        newest = newest_signed(old)
        if newest is None:
            continue
        place = out / "older" / f"{number:04}"
        place.mkdir(parents=True)
        write_leaves(place, old, newest.size)
        write_notes(place, old, Part(first=0, after=newest.size, size=newest.size))
        write_keys(place, old)
        opening = AuditLog.objects.filter(pk__in=[after.first_entry]).values_list("entry", flat=True)[0]
        (place / "opening.json").write_text(opening, encoding="utf-8")
        (place / "manifest.json").write_text(json.dumps({"origin": old.name, "size": newest.size}), encoding="utf-8")


def add(file: Any, value: Any) -> None:
    """Write one line of JSON."""
    file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
