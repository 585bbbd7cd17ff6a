"""Photos of a case beside the same photos in other participants' cases, as far as somebody may see them."""

from dataclasses import dataclass

from jknoffice.accounts.models import User
from verification.documents import viewing
from verification.models import Document, PhoneChangeRequest
from verification.signals.photo import pairs_of

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A photo of the case and what was found.

    `alike` is in per cent, 100 for the same pixels. `other` is None where the other case belongs to a branch that one
    does not answer for: only the branch's name is told. `shown` is whether they may look at both photos: one of the
    two cases is in their hands.
    """

    mine: Document
    other: Document | None
    branch: str
    alike: int
    shown: bool


def copies(*, case: PhoneChangeRequest, by: User) -> list[Copy]:
    """Return the newest pairs of photos of a case that `by` may see, those within reach first."""
    pairs = pairs_of(case).select_related("earlier__request__branch", "later__request__branch")
    found = []
    for pair in pairs.order_by("-found_at", "-pk")[:SHOWN]:
        is_earlier = pair.earlier.request_id == case.pk
        mine, other = (pair.earlier, pair.later) if is_earlier else (pair.later, pair.earlier)
        found.append((mine, other, pair.alike))
    reach = set(
        PhoneChangeRequest.objects.for_user(by)
        .filter(pk__in={other.request_id for _, other, _ in found})
        .values_list("pk", flat=True)
    )
    shown = [
        Copy(
            mine=mine,
            other=other if other.request_id in reach else None,
            branch=other.request.branch.name if other.request.branch else "",
            alike=alike,
            shown=other.request_id in reach and all(viewing.may_see(each, by) for each in (mine, other)),
        )
        for mine, other, alike in found
    ]
    return sorted(shown, key=lambda copy: copy.other is None)
