"""Branch offices."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Zone(models.TextChoices):
    """The time zones of Indonesia."""

    WIB = "Asia/Jakarta", _("WIB (UTC+7)")
    WITA = "Asia/Makassar", _("WITA (UTC+8)")
    WIT = "Asia/Jayapura", _("WIT (UTC+9)")


class Branch(models.Model):
    """A branch office (kantor cabang). `region` is its Kedeputian Wilayah, which a supervisor answers for."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=80)
    region = models.CharField(_("region"), max_length=80)
    time_zone = models.CharField(_("time zone"), max_length=20, choices=Zone.choices, default=Zone.WIB)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
