"""Moments as people read them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def written(at: datetime) -> str:
    """Return an aware moment in words, in local time and the active language."""
    return date_format(timezone.localtime(at), "j F Y H:i")


def written_day(at: datetime) -> str:
    """Return an aware moment in words with its day of the week, as people need it who plan to come back."""
    return date_format(timezone.localtime(at), "l, j F Y H:i")
