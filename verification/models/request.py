"""A request to change a registered number."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import Branch, User
from participants.models import Peserta
from verification import reference
from verification.models.api import ApiClient
from verification.models.choices import ChangeReason, Channel, DocumentKind, Fault, RejectReason
from verification.states import OPEN, Status

_PHONE = r"^\+628[1-35-9][0-9]{7,10}$"
_WITHOUT_PESERTA = [Status.AWAITING_CODE, Status.UNMATCHED, Status.EXPIRED, Status.CANCELLED]


class RequestQuerySet(models.QuerySet["PhoneChangeRequest"]):
    """Requests, narrowed to what a person may work on."""

    def for_user(self, user: User, *, to_read_at: datetime | None = None) -> RequestQuerySet:
        """Return the requests of the branches that `user` answers for.

        With a moment in `to_read_at` also those that they may only read then, because they broke the glass for them.
        """
        within = models.Q(branch__in=user.branches())
        if to_read_at and user.has_perm("verification.break_glass"):
            opened = PhoneChangeRequest.objects.filter(glasses__broken_by=user, glasses__until__gt=to_read_at)
            within |= models.Q(pk__in=opened.values("pk"))
        return self.filter(within)

    def open(self) -> RequestQuerySet:
        """Return the requests that have not ended."""
        return self.filter(status__in=OPEN)


def _staff(name: str, label: Any) -> models.ForeignKey[User | None, User | None]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name=f"{name}+", verbose_name=label
    )


def _paired(name: str) -> models.CheckConstraint:
    """A moment stands there exactly when a person does."""
    both = models.Q(**{f"{name}_by__isnull": False, f"{name}_at__isnull": False})
    none = models.Q(**{f"{name}_by__isnull": True, f"{name}_at__isnull": True})
    return models.CheckConstraint(condition=both | none, name=f"request_{name}_paired")


class PhoneChangeRequest(models.Model):
    """One wish to change a number, from the first form to the register.

    `status` is moved by `verification.changes` only; the database refuses moves that `states.py` does not know.
    `peserta` and `branch` are empty for intake that matched nobody. Numbers are E.164, moments UTC.
    `submission` comes from the form, so that a form sent twice makes one request. `signals` is what was seen when the
    case was last looked at for a decision (`signals.stored()`), `address_hash` a keyed hash of where it came from.
    """

    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=reference.LENGTH, unique=True, default=reference.new)
    peserta = models.ForeignKey(
        Peserta, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("participant")
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"))
    partner = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True, verbose_name=_("partner"))
    birth_date = models.DateField(_("date of birth as given"))
    old_phone = models.CharField(_("registered number"), max_length=16, blank=True)
    new_phone = models.CharField(_("new number"), max_length=16)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    reason = models.CharField(_("reason for the change"), max_length=20, choices=ChangeReason.choices)
    language = models.CharField(_("language"), max_length=2, default="id")
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.AWAITING_CODE, editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    signals = models.JSONField(_("risk signals"), default=list, blank=True)
    address_hash = models.CharField(max_length=64, blank=True, editable=False)

    submitted_at = models.DateTimeField(_("submitted"))
    entered_by = _staff("entered", _("entered by"))
    confirmed_at = models.DateTimeField(_("number confirmed"), null=True, blank=True)
    claimed_by = _staff("claimed", _("claimed by"))
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    snoozed_until = models.DateTimeField(_("put off until"), null=True, blank=True)
    reviewed_by = _staff("reviewed", _("decided by"))
    reviewed_at = models.DateTimeField(_("decided"), null=True, blank=True)
    second_by = _staff("second", _("second approval by"))
    second_at = models.DateTimeField(_("second approval"), null=True, blank=True)
    decision_reason = models.CharField(
        _("reason of the decision"), max_length=30, blank=True, choices=RejectReason.choices
    )
    asked_document = models.CharField(_("document asked for"), max_length=20, blank=True, choices=DocumentKind.choices)
    asked_fault = models.CharField(_("what is wrong"), max_length=20, blank=True, choices=Fault.choices)
    asked_at = models.DateTimeField(_("correction asked"), null=True, blank=True)
    hold_until = models.DateTimeField(_("applied not before"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    disputed_at = models.DateTimeField(_("disputed"), null=True, blank=True)
    reversal_by = _staff("reversal", _("reversal asked by"))
    reversal_at = models.DateTimeField(_("reversal asked"), null=True, blank=True)
    reversed_by = _staff("reversed", _("reversed by"))
    reversed_at = models.DateTimeField(_("reversed"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("number change")
        verbose_name_plural = _("number changes")
        ordering = ["submitted_at"]
        permissions = [
            ("work_phonechangerequest", "Can decide requests"),
            ("supervise_phonechangerequest", "Can give second approvals, unfreeze and reverse"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["peserta"], condition=models.Q(status__in=sorted(OPEN)), name="request_one_open"
            ),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="request_status"),
            models.CheckConstraint(condition=models.Q(channel__in=Channel.values), name="request_channel"),
            models.CheckConstraint(condition=models.Q(reason__in=ChangeReason.values), name="request_reason"),
            models.CheckConstraint(condition=models.Q(new_phone__regex=_PHONE), name="request_new_phone_form"),
            models.CheckConstraint(
                condition=models.Q(peserta__isnull=False, branch__isnull=False)
                | models.Q(peserta__isnull=True, branch__isnull=True, status__in=_WITHOUT_PESERTA),
                name="request_needs_peserta",
            ),
            models.CheckConstraint(
                condition=(models.Q(channel=Channel.COUNTER) & models.Q(entered_by__isnull=False))
                | (~models.Q(channel=Channel.COUNTER) & models.Q(entered_by__isnull=True)),
                name="request_counter_has_operator",
            ),
            _paired("claimed"),
            _paired("reviewed"),
            _paired("second"),
            _paired("reversal"),
            _paired("reversed"),
            models.CheckConstraint(
                condition=~models.Q(status=Status.IN_REVIEW) | models.Q(claimed_by__isnull=False),
                name="request_review_is_claimed",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[Status.APPLIED, Status.REVERSED], applied_at__isnull=False)
                | (~models.Q(status__in=[Status.APPLIED, Status.REVERSED]) & models.Q(applied_at__isnull=True)),
                name="request_applied_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.QUEUED) | models.Q(snoozed_until__isnull=True),
                name="request_snoozed_is_queued",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.ON_HOLD) | models.Q(hold_until__isnull=False),
                name="request_hold_has_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.REJECTED) | ~models.Q(decision_reason=""),
                name="request_rejection_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=sorted(OPEN), closed_at__isnull=True)
                | (~models.Q(status__in=sorted(OPEN)) & models.Q(closed_at__isnull=False)),
                name="request_closed_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True)
                | models.Q(entered_by__isnull=True)
                | ~models.Q(reviewed_by=models.F("entered_by")),
                name="request_decided_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(second_by__isnull=True) | ~models.Q(second_by=models.F("reviewed_by")),
                name="request_second_is_another",
            ),
            models.CheckConstraint(
                condition=models.Q(reversed_by__isnull=True) | ~models.Q(reversed_by=models.F("reversal_by")),
                name="request_reversed_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["branch", "status", "submitted_at"],
                condition=models.Q(status__in=sorted(OPEN)),
                name="request_open_by_state",
            ),
            models.Index(fields=["hold_until"], condition=models.Q(status=Status.ON_HOLD), name="request_holds_due"),
            models.Index(
                fields=["branch", "status"], condition=models.Q(disputed_at__isnull=False), name="request_disputed"
            ),
            models.Index(fields=["new_phone"], name="request_new_phone"),
            models.Index(fields=["branch", "closed_at"], name="request_closed_by_branch"),
            models.Index(
                fields=["address_hash", "submitted_at"],
                condition=models.Q(address_hash__gt=""),
                name="request_same_address",
            ),
        ]

    def __str__(self) -> str:
        return reference.show(self.reference)
