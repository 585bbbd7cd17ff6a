"""A gateway that tells what became of a message."""

import json
from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from tests import cases
from verification import outbox
from verification.models import OutboxMessage
from verification.sms.receipts import signature

KEY = "k" * 32


def sent_message() -> OutboxMessage:
    """A message that the memory gateway took."""
    message = cases.submitted().messages.get()
    outbox.deliver(message_id=message.pk)
    message.refresh_from_db()
    return message


def tell(
    client: Client, reference: str, status: str = "delivered", *, gateway: str = "memory", at: datetime | None = None
) -> Any:
    """Send a signed receipt."""
    body = json.dumps({"reference": reference, "status": status}).encode()
    return post(client, body, gateway=gateway, timestamp=str(int((at or timezone.now()).timestamp())))


def post(
    client: Client, body: bytes, *, gateway: str = "memory", timestamp: str = "", signed: str | None = None
) -> Any:
    """Send these bytes, signed with our key unless `signed` is given."""
    timestamp = timestamp or str(int(timezone.now().timestamp()))
    if signed is None:
        signed = signature(key=KEY.encode(), timestamp=timestamp, body=body)
    return client.post(
        f"/sms/receipts/{gateway}/",
        body,
        content_type="application/json",
        headers={"X-JKN-Timestamp": timestamp, "X-JKN-Signature": signed},
    )
