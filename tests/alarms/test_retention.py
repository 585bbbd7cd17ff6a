"""Alarms go years after somebody handled them."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from jknoffice.alarms.models import Alarm
from jknoffice.alarms.retention import RULES
from jknoffice.audit.models import AuditLog
from tests import make
from tests.alarms.test_pages import alarm_about
from tests.hands import run_worker

NOW = timezone.now()
KEPT = RULES["alarms"].kept


def alarms() -> list[Alarm]:
    """Three: handled long ago, handled a day less long ago, and old and handled by nobody."""
    by = make.staff()
    found = []
    for age, handled in ((KEPT + timedelta(days=1), True), (KEPT - timedelta(days=1), True), (2 * KEPT, False)):
        at = NOW - age
        done: dict[str, Any] = {"handled_by": by, "handled_at": at, "note": "called"} if handled else {}
        found.append(alarm_about(make.staff(), raised_at=at, window_start=at, **done))
    return found


@pytest.mark.django_db
def test_a_dry_run_counts_them() -> None:
    alarms()
    out = io.StringIO()
    call_command("sweep", dry_run=True, format="json", stdout=out)
    assert json.loads(out.getvalue())["alarms"] == 1
    assert Alarm.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_worker_deletes_them_at_night_with_its_own_rights() -> None:
    _old, *kept = alarms()
    app.configure_task("alarms.sweep").defer(timestamp=0)
    run_worker()
    assert set(Alarm.objects.all()) == set(kept)
    entry = json.loads(AuditLog.objects.get(action="retention.swept").entry)
    assert (entry["after"]["what"], entry["after"]["deleted"]) == ("alarms", 1)
