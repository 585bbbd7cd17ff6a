"""Looking at a photo: allowed to those who work the case, and recorded before it is shown."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record_alone
from jknoffice.refusal import Refusal
from verification.documents import vault, watermark
from verification.glass import glass_of, mark
from verification.models import Document, DocumentLikeness, PhoneChangeRequest
from verification.moments import written
from verification.states import OPEN, Status


class NotHeld(Refusal):
    """The case is in other hands, or in nobody's."""

    code = "not_held"

    def __init__(self, case: PhoneChangeRequest) -> None:
        self.case = case
        super().__init__(_("Only who holds the case sees its photos. Claim it first."))


def may_look(case: PhoneChangeRequest, by: User) -> bool:
    """Return whether `by` sees the photos of a case within their reach.

    Who holds it does, for they have to compare. What is held by nobody (frozen, waiting, closed) a supervisor may look
    at, who has to answer objections and complaints; what waits in the queue nobody. Who broke the glass sees them.
    """
    if case.claimed_by_id == by.pk or glass_of(case, by):
        return True
    beyond_the_queue = case.status not in OPEN or case.status in {Status.FROZEN, Status.ON_HOLD}
    return beyond_the_queue and by.has_perm("verification.supervise_phonechangerequest")


def may_see(document: Document, by: User) -> bool:
    """Return whether `by` sees a document within their reach: its case is in their hands, or one with a copy of it."""
    return may_look(document.request, by) or _may_compare(document, by)


def _may_compare(document: Document, by: User) -> bool:
    """Return whether the document is a copy of a photo that they may look at: they see both."""
    pairs = DocumentLikeness.objects.filter(Q(earlier=document) | Q(later=document))
    numbers = {number for pair in pairs.values_list("earlier", "later") for number in pair} - {document.pk}
    cases = PhoneChangeRequest.objects.for_user(by).filter(documents__in=numbers)
    return any(may_look(case, by) for case in cases)


def view(*, document_id: int, by: User) -> bytes:
    """Return a document as a JPEG with the name of who looks and the moment burnt in, and record that they saw it.

    Raises `Document.DoesNotExist` also when it belongs to a case outside of their reach, `NotHeld` when neither the
    case nor one with a copy of the photo is in their hands, and what `vault.jpeg_of()` raises.
    """
    now = clock.now()
    cases = PhoneChangeRequest.objects.for_user(by, to_read_at=now)
    document = Document.objects.select_related("request__peserta").get(pk=document_id, request__in=cases)
    case, peserta = document.request, document.request.peserta
    if not may_see(document, by):
        raise NotHeld(case)
    marked = watermark.burn(vault.jpeg_of(document), words=f"{by.username} {written(now)}")
    record_alone(
        "document.viewed",
        by=by.as_actor(),
        about=Thing.of(case),
        subject=peserta.uuid if peserta else None,
        after={
            "document": document.pk,
            "kind": document.kind,
            "sha256": document.sha256,
            **mark(glass_of(case, by, at=now)),
        },
        at=now,
    )
    return marked
