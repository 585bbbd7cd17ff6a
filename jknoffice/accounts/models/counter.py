"""Counters behind every limit."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    """How often something happened to one key in one window of time. Written by `accounts.limits` only.

    `key` is a keyed hash: neither a phone number nor an address can be read from it.
    """

    key = models.BinaryField()
    window_start = models.DateTimeField()
    window_seconds = models.PositiveIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        constraints = [
            models.UniqueConstraint(fields=["key", "window_seconds", "window_start"], name="counter_once"),
        ]
        indexes = [BrinIndex(fields=["window_start"], name="counter_window_start")]

    def __str__(self) -> str:
        return f"{self.n} in {self.window_seconds} s"
