""" "Not me": whoever hears of a change at the old number or by e-mail objects, without a log-in."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.audit.actor import Actor
from jknoffice.refusal import Refusal
from verification import links
from verification.changes import objection, step
from verification.models import PhoneChangeRequest, PrivateLink
from verification.models.link import LinkKind
from verification.states import OPEN, Status


class NoSuchLink(Refusal):
    """The link is unknown, used, over its time, or there is nothing left to object to; which is not said."""

    code = "no_such_link"
    sentence = _("This link does not work, or does not work any more.")


@transaction.atomic
def not_me(*, secret: str, at: datetime | None = None) -> Status:
    """Freeze a held change at once, or dispute an applied one, by the link with `secret`; return its state now.

    A link works once, until 30 days after the change. A change that is frozen already stays so. Raises `NoSuchLink`.
    """
    at = at or clock.now()
    link = links.living(kind=LinkKind.OBJECTION, secret=secret, at=at).select_for_update(of=("self",)).first()
    if link is None or link.request is None:
        raise NoSuchLink
    row = step.locked(link.request)
    if row.status == Status.ON_HOLD:
        objection.freeze(request=row, at=at)
    elif _is_disputable(row, at):
        _dispute(row, at)
    else:
        raise NoSuchLink
    PrivateLink.objects.filter(pk=link.pk).update(used_at=at)
    row.refresh_from_db(fields=["status"])
    return Status(row.status)


def _is_disputable(row: PhoneChangeRequest, at: datetime) -> bool:
    if row.status == Status.APPLIED and row.applied_at:
        return row.applied_at > at - settings.UNDO_LIFETIME
    return row.status in OPEN


def _dispute(row: PhoneChangeRequest, at: datetime) -> None:
    """Let staff see that the holder of the old number objects; they decide what follows."""
    row.disputed_at = row.disputed_at or at
    row.version += 1
    row.save(update_fields=["disputed_at", "version"])
    step.note(row, "request.disputed", by=Actor.participant("old_number"), at=at)
