"""App configuration of the staff accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Staff, branches, roles and log-in."""

    name = "jknoffice.accounts"
    label = "accounts"
    verbose_name = _("Staff")

    def ready(self) -> None:
        """Name the events of accounts for the audit log."""
        from jknoffice.accounts import words
        from jknoffice.audit import words as audit_words

        audit_words.register(words.ACTIONS, fields=words.FIELDS, values=words.VALUES)
