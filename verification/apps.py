"""App configuration of the phone changes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    """Requests to change a number, and everything that decides them."""

    name = "verification"
    verbose_name = _("Number changes")

    def ready(self) -> None:
        """Name the events of the requests for the audit log, let it count them, and show them in the register."""
        from jknoffice.audit import words as audit_words
        from jknoffice.audit.sealing import census as audit_census
        from participants import panels
        from verification import census, checks, words  # noqa: F401 - checks register themselves
        from verification.desk.panel import requests_of

        panels.register(requests_of)
        audit_words.register(words.ACTIONS, fields=words.FIELDS, values=words.VALUES)
        audit_census.register("requests", census.unwritten)
