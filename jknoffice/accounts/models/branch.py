"""Branch offices."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Branch(models.Model):
    """A branch office (kantor cabang). `region` is its Kedeputian Wilayah, which a supervisor answers for."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=80)
    region = models.CharField(_("region"), max_length=80)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
