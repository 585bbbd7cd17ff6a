"""E-mail about new alarms: what kind, how many, at which branch; never whom they are about."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from jknoffice import clock
from jknoffice.alarms.models import Alarm, Rule
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record

logger = logging.getLogger(__name__)

MOST = 50
"""Alarms that one message lists; the rest goes into the next one."""

TRIED_FOR = timedelta(days=1)


def send_waiting(*, at: datetime | None = None) -> int:
    """Send one message about the alarms that nobody was written about yet; return how many it lists.

    What a mail server does not take is tried again at the next call, for a day. Does nothing unless `JKN_ALARM_TO` is
    set. Must be called outside a transaction.
    """
    at = at or clock.now()
    if not settings.ALARM_TO:
        return 0
    with transaction.atomic():
        waiting = Alarm.objects.filter(mailed_at=None, raised_at__gt=at - TRIED_FOR).order_by("raised_at", "pk")
        # Another worker that is writing about them right now keeps them.
        alarms = list(waiting.select_for_update(skip_locked=True)[:MOST])
        if not alarms:
            return 0
        try:
            letter(alarms).send()
        except Exception as error:  # noqa: BLE001 - whatever a mail server does, the next minute tries again
            # Not the error's own words: a mail server quotes the addresses in them.
            logger.error("%s alarms: the e-mail did not go out: %s", len(alarms), type(error).__name__)  # noqa: TRY400
            return 0
        Alarm.objects.filter(pk__in=[alarm.pk for alarm in alarms]).update(mailed_at=at)
        record("alarm.mailed", by=Actor.system("worker"), after={"alarms": len(alarms)}, at=at)
    return len(alarms)


def letter(alarms: Sequence[Alarm]) -> EmailMessage:
    """Return the message about some alarms, in the product's language."""
    with override(settings.LANGUAGE_CODE):
        head = ngettext("%(n)s new alarm:", "%(n)s new alarms:", len(alarms)) % {"n": len(alarms)}
        link = settings.JKN_SITE_URL + reverse("admin:alarms_alarm_changelist")
        foot = _("Whom they are about stands in JKN Office only: %(link)s") % {"link": link}
        return EmailMessage(
            subject=_("JKN Office: alarms"),
            body="\n".join([head, "", *(_line(alarm) for alarm in alarms), "", foot, ""]),
            to=settings.ALARM_TO,
            headers={"Auto-Submitted": "auto-generated"},
        )


def _line(alarm: Alarm) -> str:
    moment = date_format(timezone.localtime(alarm.reached_at), "j F Y H:i")
    branch = alarm.branch.code if alarm.branch else "–"
    text = _("- %(time)s WIB, branch %(branch)s: %(rule)s (%(n)s)")
    return text % {"time": moment, "branch": branch, "rule": Rule(alarm.rule).label, "n": alarm.n}
