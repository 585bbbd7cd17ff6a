"""Alarms are kept for three years after somebody handled them; one that nobody handled stays."""

from collections.abc import Mapping
from datetime import timedelta

from jknoffice.alarms.models import Alarm
from verification.retention import Rule

# What they lead to (a warning, a dispute about it) is over by then; the entries of the log that they were made of, and
# those that raised and handled them, stay with the log.
RULES: Mapping[str, Rule] = {"alarms": Rule(model=Alarm, moment="handled_at", kept=timedelta(days=3 * 365))}
