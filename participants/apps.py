"""App configuration of the register."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    """Participants, their numbers and their families."""

    name = "participants"
    verbose_name = _("Register")

    def ready(self) -> None:
        """Name the register's events for the audit log, and let it find people."""
        from jknoffice.audit import finders
        from jknoffice.audit import words as audit_words
        from participants import words
        from participants.searching.search import find_subject

        audit_words.register(words.ACTIONS, fields=words.FIELDS, values=words.VALUES)
        finders.register(find_subject)
