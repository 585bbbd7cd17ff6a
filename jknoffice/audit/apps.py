"""App configuration of the audit log."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The ground that every other app stands on; imports none of them."""

    name = "jknoffice.audit"
    label = "audit"
    verbose_name = _("Audit")
