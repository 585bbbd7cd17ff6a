"""App configuration of the phone changes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    """Requests to change a number, and everything that decides them."""

    name = "verification"
    verbose_name = _("Number changes")

    def ready(self) -> None:
        """Introduce the requests: to the audit log, to the register, and to what takes back the claims of who goes."""
        from jknoffice.accounts.life import handing_back
        from jknoffice.audit import words as audit_words
        from jknoffice.audit.sealing import census as audit_census
        from participants import panels
        from verification import census, changes, checks, words  # noqa: F401 - checks register themselves
        from verification.desk.panel import requests_of

        panels.register(requests_of)
        handing_back.register(changes.release_held)
        audit_words.register(words.ACTIONS, fields=words.FIELDS, values=words.VALUES)
        audit_census.register("requests", census.unwritten)
