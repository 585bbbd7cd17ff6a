"""Messages that no gateway took: who may see them, and sending them again."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal
from verification import outbox
from verification.models import OutboxMessage, PhoneChangeRequest
from verification.models.outbox import MessageStatus


class NothingLeft(Refusal):
    """None of the messages can be sent any more."""

    code = "nothing_left_to_send"
    sentence = _("Nothing was sent: the time of these messages is over, or somebody has sent them already.")


def given_up(*, by: User) -> QuerySet[OutboxMessage]:
    """Return the messages that were given up of the requests within reach, the newest first."""
    within_reach = PhoneChangeRequest.objects.for_user(by)
    found = OutboxMessage.objects.filter(status=MessageStatus.FAILED, request__in=within_reach)
    return found.select_related("request").order_by("-created_at", "-pk")


def still_tried(*, by: User) -> int:
    """Return how many messages within reach a gateway did not take yet, and are tried again by themselves."""
    within_reach = PhoneChangeRequest.objects.for_user(by)
    return OutboxMessage.objects.filter(status=MessageStatus.WAITING, attempts__gt=0, request__in=within_reach).count()


@transaction.atomic
def send_again(*, messages: Collection[int], by: User, at: datetime | None = None) -> int:
    """Put given-up messages, by their ids, on their way once more; return how many. Raises `NothingLeft`.

    Those out of reach, over their time, or on their way already are passed over.
    """
    at = at or clock.now()
    alive = given_up(by=by).filter(pk__in=messages, expires_at__gt=at, sealed_context__isnull=False)
    chosen = list(alive.select_for_update(of=("self",)).order_by("pk"))
    if not chosen:
        raise NothingLeft
    for message in chosen:
        outbox.try_anew(message=message, at=at)
        record(
            "message.tried_anew",
            by=by.as_actor(),
            about=Thing.of(message),
            subject=message.subject,
            after=message.named,
            at=at,
        )
    return len(chosen)
