"""What the audit log calls the events of alarms, and the codes in their entries."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jknoffice.alarms.models import Rule
from jknoffice.audit.words import Label

ACTIONS: Mapping[str, Label] = {
    "alarm.raised": _("Raised an alarm"),
    "alarm.mailed": _("Wrote about new alarms"),
    "alarm.viewed": _("Looked at an alarm"),
    "alarm.seen": _("Saw an alarm"),
    "alarm.handled": _("Handled an alarm"),
    "alarm.refused": _("Was refused an alarm"),
}

FIELDS: Mapping[str, Label] = {
    "rule": _("Rule"),
    "times": _("Times"),
    "actors": _("User names"),
    "alarms": _("Alarms"),
}

VALUES: Mapping[str, Label] = {
    **dict(Rule.choices),
    "no_permission": _("The role does not allow it"),
    "already_handled": _("Another person was faster"),
}
