"""Who may look into the register. What is refused is recorded."""

from typing import cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from jknoffice.accounts.models import User
from jknoffice.audit.log import record_alone

NO_PERMISSION = "no_permission"


def searcher(request: HttpRequest, *, subject: UUID | None = None) -> User:
    """Return the member of staff behind a request; raise PermissionDenied when the role may not see participants.

    `subject` is the person whose page they ask for, where it is one.
    """
    user = cast("User", request.user)  # `admin_view` lets nobody else in
    if not user.has_perm("participants.view_peserta"):
        action = "peserta.view_refused" if subject else "peserta.search_refused"
        record_alone(action, by=user.as_actor(), subject=subject, reason=NO_PERMISSION)
        raise PermissionDenied
    return user
