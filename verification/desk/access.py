"""Who works at the desk, and which cases they may open. What is refused is recorded."""

from enum import StrEnum
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record_alone
from verification import reference
from verification.changes.people import OutOfReach
from verification.models import PhoneChangeRequest

NO_PERMISSION = "no_permission"

_STAFF = ("entered_by", "claimed_by", "reviewed_by", "second_by", "reversal_by", "reversed_by")


class Permission(StrEnum):
    """What a page of the desk asks of a role (`jknoffice/accounts/roles.py`)."""

    VIEW = "verification.view_phonechangerequest"
    WORK = "verification.work_phonechangerequest"
    SUPERVISE = "verification.supervise_phonechangerequest"
    ENTER = "verification.add_phonechangerequest"
    BREAK_GLASS = "verification.break_glass"


def worker(request: HttpRequest, permission: Permission) -> User:
    """Return the member of staff behind a request of the web; raise PermissionDenied when the role lacks this."""
    user = cast("User", request.user)  # `admin_view` lets nobody else in
    if not user.has_perm(permission):
        record_refusal(by=user, code=NO_PERMISSION)
        raise PermissionDenied
    return user


def case_for(user: User, typed: str, *, to_read: bool = False) -> PhoneChangeRequest:
    """Return the case with this reference; raise Http404 when there is none within the user's reach.

    `to_read` says that it is only shown: one that the user broke the glass for is within reach then.
    """
    stored = reference.parse(typed)
    found = PhoneChangeRequest.objects.select_related("peserta", "branch").filter(reference=stored)
    case = found.first() if stored else None
    if case is None:
        raise Http404
    demand_reach(user, case, to_read=to_read)
    _bring_staff(case, user)
    return case


def _bring_staff(case: PhoneChangeRequest, user: User) -> None:
    """Read all who had to do with a case at once: joined to it six times they cost more than all the rest."""
    numbers = {name: getattr(case, f"{name}_id") for name in _STAFF}
    people = User.objects.in_bulk(set(numbers.values()) - {None, user.pk}) | {user.pk: user}
    for name, number in numbers.items():
        if number:
            setattr(case, name, people[number])


def demand_reach(user: User, case: PhoneChangeRequest, *, to_read: bool = False) -> None:
    """Raise Http404, as if there were no such case, when it belongs to a branch that `user` does not answer for."""
    if user.answers_for(case.branch_id):
        return
    opened = PhoneChangeRequest.objects.for_user(user, to_read_at=clock.now()) if to_read else None
    if opened is None or not opened.filter(pk=case.pk).exists():
        record_refusal(by=user, code=OutOfReach.code, case=case)
        raise Http404


def record_refusal(*, by: User, code: str, case: PhoneChangeRequest | None = None, step: str = "") -> None:
    """Record that somebody was refused something, with the refusal's code; to be called outside a transaction."""
    record_alone(
        "request.refused",
        by=by.as_actor(),
        about=Thing.of(case) if case else None,
        subject=case.peserta.uuid if case and case.peserta else None,
        after={"step": step} if step else None,
        reason=code,
    )
