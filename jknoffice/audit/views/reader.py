"""Who is reading."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from jknoffice.audit.scope import Reader


def reader_of(request: HttpRequest) -> Reader:
    """Return the staff member who reads the log; raise PermissionDenied for anybody who may not."""
    user = request.user
    if not user.is_authenticated or not user.has_perm("audit.view_auditlog"):
        raise PermissionDenied
    return user
