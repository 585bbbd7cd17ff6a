"""How many messages may go out a day, so that neither a fault nor an attacker empties the account at the gateway."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from jknoffice.accounts import limits
from jknoffice.accounts.limits import Limit
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record_alone

DAY = timedelta(days=1)
"""Any 24 hours, not a day of the calendar."""
NEAR_PERCENT = 80

logger = logging.getLogger(__name__)


def take(*, at: datetime) -> bool:
    """Count one message and return whether it may go out now; always where `settings.SMS_DAILY_CAP` is 0.

    Near the cap and at it an alarm goes out, once a day each. To be called outside of a transaction.
    """
    if not settings.SMS_DAILY_CAP:
        return True
    limits.within(_near(), "", record=lambda: _alarm("message.cap_near", at), at=at)
    return limits.within(_full(), "", record=lambda: _alarm("message.cap_reached", at), at=at)


def give_back(*, at: datetime) -> None:
    """Take back what `take()` counted at the same moment: nothing was handed to a gateway."""
    if settings.SMS_DAILY_CAP:
        for limit in (_near(), _full()):
            limits.give_back(limit, "", at=at)


def wait(*, at: datetime) -> timedelta:
    """Return how long it is until messages may go out again."""
    return limits.wait(_full(), "", at=at)


def _full() -> Limit:
    return Limit(name="sms a day", most=settings.SMS_DAILY_CAP, window=DAY)


def _near() -> Limit:
    return Limit(name="sms a day, near the cap", most=settings.SMS_DAILY_CAP * NEAR_PERCENT // 100, window=DAY)


def _alarm(event: str, at: datetime) -> None:
    """Say it in the log of the worker, in the audit log, and to `settings.ALARM_TO`."""
    logger.error("%s: %s messages a day", event, settings.SMS_DAILY_CAP)
    record_alone(event, by=Actor.system("worker"), after={"most": settings.SMS_DAILY_CAP}, at=at)
    if not settings.ALARM_TO:
        return
    try:
        _letter(event).send()
    except Exception as error:  # noqa: BLE001 - a mail server that is away must not hold up the messages
        logger.error("%s: the e-mail did not go out: %s", event, type(error).__name__)  # noqa: TRY400


def _letter(event: str) -> EmailMessage:
    with override(settings.LANGUAGE_CODE):
        given = {"most": settings.SMS_DAILY_CAP, "percent": NEAR_PERCENT}
        body = {
            "message.cap_near": _(
                "%(percent)s %% of the %(most)s SMS that may go out in 24 hours are used up. Look whether somebody"
                " makes the office send them; JKN_SMS_DAILY_CAP holds the number."
            ),
            "message.cap_reached": _(
                "All %(most)s SMS that may go out in 24 hours are used up: codes and notices wait until earlier ones"
                " are a day old. Look whether somebody makes the office send them; JKN_SMS_DAILY_CAP holds the number."
            ),
        }
        return EmailMessage(
            subject=_("JKN Office: the daily number of SMS"),
            body=body[event] % given,
            to=settings.ALARM_TO,
            headers={"Auto-Submitted": "auto-generated"},
        )
