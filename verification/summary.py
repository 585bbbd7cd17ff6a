"""The daily summary: one e-mail a day to each supervisor who has an address, with counts only.

A summary is handed over at most once: it is marked as taken before it goes out, and only a failure that we have seen
frees it for another attempt.
"""

import logging
from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import override

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from verification.desk.figures.daily import Daily, daily
from verification.models import DailySummary

ATTEMPTS = 6

logger = logging.getLogger(__name__)


def send_due(*, at: datetime | None = None) -> int:
    """Send the summaries of today that are still to be sent, once their time of day has come; return how many went out.

    Does nothing unless `JKN_DAILY_SUMMARY_AT` is set. Must be called outside a transaction.
    """
    at = at or clock.now()
    local = timezone.localtime(at)
    if settings.JKN_DAILY_SUMMARY_AT is None or local.time() < settings.JKN_DAILY_SUMMARY_AT:
        return 0
    supervisors = User.objects.filter(role=Role.SUPERVISOR, is_active=True).exclude(email="")
    _note_missing(supervisors, local.date())
    waiting = DailySummary.objects.filter(day=local.date(), taken_at=None, attempts__lt=ATTEMPTS, user__in=supervisors)
    return sum(_send(row, at) for row in waiting.select_related("user__branch").order_by("pk"))


def text_of(figures: Daily, *, at: datetime) -> str:
    """Return what a summary says, in the active language: a column of figures, and where to read on."""
    rows = [
        (_("Waiting for the office"), str(figures.waiting)),
        (_("Over the service time"), str(figures.overdue)),
        (_("The oldest came in"), _ago(figures.oldest_at, at)),
        (_("Decided yesterday"), str(figures.decided)),
        (_("Approved of these"), "–" if figures.rate is None else f"{figures.rate} %"),
        (_("On hold"), str(figures.on_hold)),
        (_("Frozen"), str(figures.frozen)),
    ]
    width = max(len(label) for label, _value in rows)
    lines = [f"{label:<{width}}  {value}" for label, value in rows]
    link = settings.JKN_SITE_URL + reverse("admin:verification_figures")
    return "\n".join([*lines, "", _("All figures: %(link)s") % {"link": link}, ""])


def _note_missing(supervisors: QuerySet[User], day: date) -> None:
    noted = DailySummary.objects.filter(day=day).values("user")
    rows = [DailySummary(user=user, day=day) for user in supervisors.exclude(pk__in=noted)]
    DailySummary.objects.bulk_create(rows, ignore_conflicts=True)


def _send(row: DailySummary, at: datetime) -> bool:
    """Take one summary and send it; return whether it went out. Another worker's is left alone."""
    free = DailySummary.objects.filter(pk=row.pk, taken_at=None, attempts=row.attempts)
    if not free.update(taken_at=at, attempts=F("attempts") + 1):
        return False
    row.attempts += 1
    try:
        _letter(row.user, at).send()
    except Exception as error:  # noqa: BLE001 - whatever breaks on the way out is one failed attempt, and not the worker
        # Not the error's own words: a mail server quotes the address in them.
        logger.warning("%s: attempt %s failed: %s", row, row.attempts, type(error).__name__)
        _free(row, at)
        return False
    _end(row, "desk.summary_sent", at, sent_at=at)
    return True


def _letter(user: User, at: datetime) -> EmailMessage:
    # Accounts keep no language of their own.
    with override(settings.LANGUAGE_CODE):
        day = date_format(timezone.localtime(at), "j F Y")
        return EmailMessage(
            subject=_("JKN Office: the figures of %(day)s") % {"day": day},
            body=text_of(daily(user=user, at=at), at=at),
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
        )


def _free(row: DailySummary, at: datetime) -> None:
    """Leave a summary that failed to the next attempt, or give it up."""
    if row.attempts < ATTEMPTS:
        DailySummary.objects.filter(pk=row.pk).update(taken_at=None)
        return
    logger.error("%s: given up after %s attempts", row, row.attempts)
    _end(row, "desk.summary_failed", at)


@transaction.atomic
def _end(row: DailySummary, event: str, at: datetime, *, sent_at: datetime | None = None) -> None:
    DailySummary.objects.filter(pk=row.pk).update(sent_at=sent_at)
    after: dict[str, str | int] = {"recipient": row.user.username, "attempts": row.attempts}
    record(event, by=Actor.system("worker"), about=Thing.of(row), after=after, at=at)


def _ago(moment: datetime | None, at: datetime) -> str:
    return _("%(age)s ago") % {"age": timesince(moment, at).replace("\xa0", " ")} if moment else "–"
