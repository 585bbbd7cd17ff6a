"""Looking at a photo: allowed to those who work the case, and recorded before it is shown."""

from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record_alone
from verification.documents import vault
from verification.models import Document, PhoneChangeRequest


def view(*, document_id: int, by: User) -> bytes:
    """Return the JPEG bytes of a document to a member of staff who may see its case, and record that they saw it.

    Raises `Document.DoesNotExist` also when it belongs to a case outside of their reach, and what
    `vault.jpeg_of()` raises.
    """
    cases = PhoneChangeRequest.objects.for_user(by)
    document = Document.objects.select_related("request__peserta").get(pk=document_id, request__in=cases)
    jpeg = vault.jpeg_of(document)
    peserta = document.request.peserta
    record_alone(
        "document.viewed",
        by=by.as_actor(),
        about=Thing.of(document.request),
        subject=peserta.uuid if peserta else None,
        after={"document": document.pk, "kind": document.kind, "sha256": document.sha256},
    )
    return jpeg
