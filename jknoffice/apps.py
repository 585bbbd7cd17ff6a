"""App configurations of the project itself."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    """The project as an app: it carries commands and system checks, no models."""

    name = "jknoffice"
    label = "jknoffice"
    verbose_name = _("JKN Office")

    def ready(self) -> None:
        """Register the deployment checks."""
        from jknoffice import checks  # noqa: F401  (registers on import)


class JknAdminConfig(AdminConfig):
    """Django's admin with our two-step site as the default one."""

    default_site = "jknoffice.site.JknAdminSite"
