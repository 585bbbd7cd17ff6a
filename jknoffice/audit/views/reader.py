"""Who is reading, and what is within their reach."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from jknoffice.audit.log import record_alone
from jknoffice.audit.models import AuditLog
from jknoffice.audit.scope import OutOfScope, Reader

Row = TypeVar("Row", bound=Model)


def reader_of(request: HttpRequest) -> Reader:
    """Return the staff member who reads the log; raise PermissionDenied for anybody who may not."""
    user = request.user
    if not user.is_authenticated or not user.has_perm("audit.view_auditlog"):
        raise PermissionDenied
    return user


def entry_for(reader: Reader, pk: int) -> AuditLog:
    """Return the entry, or raise Http404. One that is out of the reader's scope is answered alike, and recorded."""
    return row_for(
        reader, AuditLog.objects.for_user(reader), pk, of=AuditLog.objects.all(), refused="audit.entry_refused"
    )


def row_for(reader: Reader, within: QuerySet[Row], pk: int, *, of: QuerySet[Row], refused: str) -> Row:
    """Return the row of `within` with this key, or raise Http404.

    One that is only among `of`, all the rows there are, is answered alike, and recorded as action `refused`.
    """
    row = within.filter(pk=pk).first()
    if row is None:
        if of.filter(pk=pk).exists():
            record_alone(refused, by=reader.as_actor(), reason=OutOfScope.code)
        raise Http404
    return row
