"""App configuration of the phone changes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    """Requests to change a number, and everything that decides them."""

    name = "verification"
    verbose_name = _("Number changes")
