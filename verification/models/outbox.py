"""Messages on their way out."""

import uuid

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from verification.models.request import PhoneChangeRequest


class MessageStatus(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    EXPIRED = "expired", _("Expired before it could be sent")


class Delivery(models.TextChoices):
    """What the gateway said later about a message that it took."""

    UNKNOWN = "", _("Not known")
    DELIVERED = "delivered", _("Delivered")
    UNDELIVERED = "undelivered", _("Not delivered")


class OutboxMessage(models.Model):
    """One SMS or e-mail, written in the transaction of what it tells about and sent by the worker.

    `request` is empty for a code that lets somebody to an account.

    `sealed_context` holds what the template needs (a code, a date), encrypted, and is erased once the message is
    sent or expired, that of a message which was given up at `expires_at`. `to` is E.164 or an e-mail address. After
    `expires_at` it is not sent any more. `occasion` is the request's version of which a notice tells: of each one hears
    once. Codes have none.
    """

    request = models.ForeignKey(PhoneChangeRequest, models.CASCADE, null=True, related_name="messages")
    to = models.CharField(_("to"), max_length=254)
    template = models.CharField(_("template"), max_length=40)
    language = models.CharField(_("language"), max_length=2)
    occasion = models.PositiveIntegerField(default=0, editable=False)
    sealed_context = models.BinaryField(null=True)
    status = models.CharField(_("status"), max_length=10, choices=MessageStatus.choices, default=MessageStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("written"))
    next_try_at = models.DateTimeField(_("next attempt"))
    expires_at = models.DateTimeField(_("send before"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    provider_id = models.CharField(_("gateway reference"), max_length=80, blank=True)
    gateway = models.CharField(_("gateway"), max_length=40, blank=True)
    delivery = models.CharField(_("delivery"), max_length=11, choices=Delivery.choices, blank=True)
    delivery_at = models.DateTimeField(_("delivery known since"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=MessageStatus.values), name="message_status"),
            models.CheckConstraint(
                condition=models.Q(status=MessageStatus.WAITING, sealed_context__isnull=False)
                | models.Q(status=MessageStatus.FAILED)
                | models.Q(status__in=[MessageStatus.SENT, MessageStatus.EXPIRED], sealed_context__isnull=True),
                name="message_context_only_while_useful",
            ),
            models.CheckConstraint(
                condition=models.Q(status=MessageStatus.SENT, sent_at__isnull=False)
                | (~models.Q(status=MessageStatus.SENT) & models.Q(sent_at__isnull=True)),
                name="message_sent_has_time",
            ),
            models.UniqueConstraint(
                fields=["request", "template", "to", "occasion"],
                condition=models.Q(occasion__gt=0),
                name="message_notice_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(status=MessageStatus.WAITING), name="message_waiting"
            ),
            models.Index(
                fields=["provider_id"], condition=models.Q(status=MessageStatus.SENT), name="message_by_reference"
            ),
            models.Index(
                fields=["expires_at"], condition=models.Q(status=MessageStatus.FAILED), name="message_given_up"
            ),
            BrinIndex(fields=["created_at"], name="message_created"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"

    @property
    def is_email(self) -> bool:
        """Whether it goes out by e-mail."""
        return "@" in self.to

    @property
    def subject(self) -> uuid.UUID | None:
        """Whom the request is about, as the log names them."""
        return self.request.peserta.uuid if self.request and self.request.peserta else None

    @property
    def named(self) -> dict[str, str]:
        """What the log says of the message."""
        return {"template": self.template} | ({"request": self.request.reference} if self.request else {})
