"""Alarms, and how far each rule has looked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import Branch, User
from jknoffice.audit.scope import Scope


class Rule(models.TextChoices):
    """What is watched for; `rules.py` says from when on."""

    REFUSALS = "refusals", _("Refused again and again")
    READS = "reads_without_case", _("Many people looked at without a case")
    NIGHT = "night_work", _("Personal data outside office hours")
    REVEALS = "mass_reveals", _("As many values revealed as one person may")
    PAIR = "pair", _("Approvals by one pair again and again")
    APPROVALS = "many_approvals", _("Approvals too fast to have been compared")
    GLASS = "break_glass", _("A case opened from another branch")
    COPIED = "passkey_copied", _("A passkey that seems to have been copied")
    HALT = "sealer_halted", _("The audit log is no longer sealed")


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Alarms, narrowed to whom they concern."""

    def for_user(self, user: User) -> AlarmQuerySet:
        """Return the alarms that `user` may read: of the branches they answer for; all for who reads the whole log.

        Nobody reads an alarm about themselves, by none of their accounts.
        """
        others = self.exclude(about__contains=user.person_id) if user.person_id else self.none()
        return others if user.audit_scope is Scope.ALL else others.filter(branch__in=user.branches())


def _staff(name: str, label: Any) -> models.ForeignKey[User | None, User | None]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name=f"{name}+", verbose_name=label
    )


class Alarm(models.Model):
    """One finding of a rule: made by `watching.watch()`, then only marked as mailed, seen and handled.

    `about` is whom it is about, made of keyed hashes (`User.person_id`), `actors` their user names. `first_at` and
    `reached_at` are the first of the `n` entries and the one that made it an alarm; `window_start` is the beginning of
    the window on the rule's own clock. `branch` is empty where no branch answers for it.
    """

    rule = models.CharField(_("rule"), max_length=20, choices=Rule.choices)
    about = models.CharField(max_length=200, editable=False)
    actors = models.CharField(_("user names"), max_length=200, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"))
    n = models.PositiveIntegerField(_("times"))
    window_start = models.DateTimeField(_("window"))
    first_at = models.DateTimeField(_("first"))
    reached_at = models.DateTimeField(_("last"))
    raised_at = models.DateTimeField(_("raised"))
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    seen_by = _staff("seen", _("seen by"))
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    handled_by = _staff("handled", _("handled by"))
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-reached_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "about", "window_start"], name="alarm_once_a_window"),
            models.CheckConstraint(condition=models.Q(rule__in=Rule.values), name="alarm_rule"),
            models.CheckConstraint(
                condition=models.Q(seen_by__isnull=True, seen_at__isnull=True)
                | models.Q(seen_by__isnull=False, seen_at__isnull=False),
                name="alarm_seen_paired",
            ),
            models.CheckConstraint(
                condition=models.Q(handled_by__isnull=True, handled_at__isnull=True, note="")
                | (models.Q(handled_by__isnull=False, handled_at__isnull=False) & ~models.Q(note="")),
                name="alarm_handled_with_note",
            ),
        ]
        indexes = [
            models.Index(fields=["rule", "reached_at"], name="alarm_rule_reached"),
            models.Index(fields=["branch", "reached_at"], name="alarm_branch_reached"),
            models.Index(fields=["handled_at"], name="alarm_handled"),
            models.Index(fields=["raised_at"], condition=models.Q(mailed_at__isnull=True), name="alarm_unmailed"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.pk}"


class AlarmMark(models.Model):
    """Until when a rule has looked through the log."""

    rule = models.CharField(_("rule"), max_length=20, choices=Rule.choices, unique=True)
    looked_until = models.DateTimeField(_("looked until"))

    class Meta:
        verbose_name = _("mark of a rule")
        verbose_name_plural = _("marks of rules")

    def __str__(self) -> str:
        return self.rule
