"""App configuration of the staff accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Staff, branches, roles and log-in."""

    name = "jknoffice.accounts"
    label = "accounts"
    verbose_name = _("Staff")
