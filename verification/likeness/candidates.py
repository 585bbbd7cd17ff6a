"""Which kept photos are worth a second look: found by index among millions."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection
from django.db.models import Q
from django.db.models.fields.json import KT

from verification.annotation.sealing import marks_in
from verification.likeness.fingerprint import Print, bands, signed
from verification.models import DocumentReading

MOST_BITS_APART: Final = 12
"""What compressing, resizing, turning and editing change of the 64 bits; crops by 8 per cent change more."""

MOST: Final = 24
"""So many second looks a photo gets at most, the nearest first."""

# Each piece of each turn by its own index. Photos of the participant's own, taken anew, are honest: they are left out.
_NEAR = """
SELECT f.document_id
FROM verification_fingerprint AS f
JOIN verification_document AS d ON d.id = f.document_id
JOIN verification_phonechangerequest AS r ON r.id = d.request_id
CROSS JOIN LATERAL (SELECT min(bit_count((f.bits # turn)::bit(64))) AS apart FROM unnest(%(turns)s::bigint[]) AS turn) AS n
WHERE f.bits IS NOT NULL
  AND (f.band_1 = ANY(%(band_1)s) OR f.band_2 = ANY(%(band_2)s)
       OR f.band_3 = ANY(%(band_3)s) OR f.band_4 = ANY(%(band_4)s))
  AND r.peserta_id <> %(peserta)s AND f.digest <> %(digest)s AND n.apart <= %(most)s
ORDER BY n.apart, f.document_id DESC
LIMIT %(limit)s
"""  # noqa: E501

_SAME = """
SELECT f.document_id
FROM verification_fingerprint AS f
JOIN verification_document AS d ON d.id = f.document_id
JOIN verification_phonechangerequest AS r ON r.id = d.request_id
WHERE f.digest = %(digest)s AND f.digest <> '' AND r.peserta_id <> %(peserta)s
ORDER BY f.document_id DESC
LIMIT %(limit)s
"""


def same_pixels(*, known_by: Print, not_of: int) -> list[int]:
    """Return the numbers of documents with the very same picture, of other participants than `not_of` (their id)."""
    return _asked(_SAME, {"digest": known_by.digest, "peserta": not_of, "limit": MOST}) if known_by.digest else []


def near(*, known_by: Print, not_of: int) -> list[int]:
    """Return the numbers of documents whose picture may be a copy, nearest first, of other participants.

    Empty for a picture of which only the digest counts.
    """
    if not known_by.turns:
        return []
    pieces = zip(*(bands(turn) for turn in known_by.turns), strict=True)
    given: dict[str, int | str | list[int]] = {f"band_{place}": list(values) for place, values in enumerate(pieces, 1)}
    given |= {"turns": [signed(turn) for turn in known_by.turns], "most": MOST_BITS_APART, "limit": MOST}
    return _asked(_NEAR, given | {"peserta": not_of, "digest": known_by.digest})


def same_numbers(*, document_id: int, not_of: int) -> list[int]:
    """Return the numbers of documents on which the machine read the same NIK or card number, the newest first.

    Only documents of the same type as it took this one for, and of other participants than `not_of` (their id). Empty
    while this document is not read, or where reading is off.
    """
    mine = DocumentReading.objects.filter(document=document_id, content__isnull=False).first()
    content = mine.content if mine else None
    if not content or not (marks := marks_in(content, document_id=document_id)):
        return []
    read = DocumentReading.objects.annotate(
        nik=KT("content__fields__nik__mark"),
        card_number=KT("content__fields__card_number__mark"),
        doc_type=KT("content__doc_type"),
    )
    same = Q(**{f"{name}__in": of for name, of in marks.items()}, _connector=Q.OR)
    strangers = read.filter(same, doc_type=content["doc_type"])
    strangers = strangers.exclude(document__request__peserta=not_of).exclude(document__request__peserta=None)
    return list(strangers.order_by("-document_id").values_list("document_id", flat=True)[:MOST])


def _asked(sql: str, given: Mapping[str, int | str | list[int]]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows: Sequence[tuple[int]] = cursor.fetchall()
    return [number for (number,) in rows]
