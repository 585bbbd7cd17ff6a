"""What people do with an alarm: see it, and handle it with a note on what was found."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.alarms.models import Alarm
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal


class AlreadyHandled(Refusal):
    """Another person was faster."""

    code = "already_handled"

    def __init__(self, who: User, at: datetime) -> None:
        moment = date_format(timezone.localtime(at), "j F Y H:i")
        super().__init__(
            _("%(name)s already handled this alarm, on %(time)s.") % {"name": who.full_name, "time": moment}
        )


@transaction.atomic
def see(*, alarm: Alarm, by: User, at: datetime | None = None) -> None:
    """Note who has seen an alarm within their reach first; later ones change nothing."""
    at, row = at or clock.now(), _locked(alarm)
    if row.seen_by is None:
        row.seen_by, row.seen_at = by, at
        row.save(update_fields=["seen_by", "seen_at"])
        record("alarm.seen", by=by.as_actor(), about=Thing.of(row), after={"rule": row.rule}, at=at)


@transaction.atomic
def handle(*, alarm: Alarm, note: str, by: User, at: datetime | None = None) -> None:
    """Close an alarm within reach with a note (free text, not empty), which the log keeps as a personal value.

    Raises `AlreadyHandled`.
    """
    at, row = at or clock.now(), _locked(alarm)
    if row.handled_by and row.handled_at:
        raise AlreadyHandled(row.handled_by, row.handled_at)
    see(alarm=row, by=by, at=at)
    Alarm.objects.filter(pk=row.pk).update(handled_by=by, handled_at=at, note=note)
    record("alarm.handled", by=by.as_actor(), about=Thing.of(row), after={"rule": row.rule}, pii={"note": note}, at=at)


def _locked(alarm: Alarm) -> Alarm:
    return Alarm.objects.select_for_update().get(pk=alarm.pk)
