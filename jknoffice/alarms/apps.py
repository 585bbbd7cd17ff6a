"""App configuration of the alarms."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlarmsConfig(AppConfig):
    """Rules over the audit log, and what they found."""

    name = "jknoffice.alarms"
    label = "alarms"
    verbose_name = _("Alarms")

    def ready(self) -> None:
        """Name the events of alarms for the audit log."""
        from jknoffice.alarms import words
        from jknoffice.audit import words as audit_words

        audit_words.register(words.ACTIONS, fields=words.FIELDS, values=words.VALUES)
