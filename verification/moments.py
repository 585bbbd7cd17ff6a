"""Moments as people read them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def written(at: datetime) -> str:
    """Return an aware moment in words, in local time and the active language."""
    return date_format(timezone.localtime(at), "j F Y H:i")
