"""Periods that move with the calendar, for filters that are asked again and again."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Period(models.TextChoices):
    """A number of days that ends now; today is one of them."""

    TODAY = "1", _("Today")
    WEEK = "7", _("The last 7 days")
    MONTH = "30", _("The last 30 days")

    def begin(self) -> datetime:
        """Return the midnight, in the time of the office, with which the first of the days began."""
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=int(self) - 1)
