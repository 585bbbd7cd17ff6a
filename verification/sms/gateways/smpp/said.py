"""What a gateway calls a message when it takes it, and what its delivery receipts say of it."""

import re
from typing import Any

from verification.models.outbox import Delivery
from verification.sms.gateways.failures import GatewayDown
from verification.sms.gateways.smpp.account import Account
from verification.sms.receipts import Receipt

KIND, RECEIPT, NOTIFICATION = 0b0011_1100, 0b0000_0100, 0b0010_0000
"""Bits of `esm_class` (SMPP 3.4, 5.2.12): the kind of message, a delivery receipt, a notification on the way."""
LONGEST_REFERENCE = 64
STATES = {2: Delivery.DELIVERED, **dict.fromkeys((3, 4, 5, 8), Delivery.UNDELIVERED)}
"""The last states of `message_state` (SMPP 3.4, 5.2.28): delivered; expired, deleted, undeliverable, rejected."""
WORDS = {
    "DELIVRD": Delivery.DELIVERED,
    **dict.fromkeys(("EXPIRED", "DELETED", "UNDELIV", "REJECTD"), Delivery.UNDELIVERED),
}
"""The same in the text of a receipt (SMPP 3.4, appendix B)."""

_ID, _STATE = re.compile(rb"\bid:\s*([!-~]{1,64})"), re.compile(rb"\bstat:\s*([A-Za-z]{2,10})", re.IGNORECASE)


def reference(account: Account, packet: Any) -> str:
    """Return what the gateway calls the message that it took with this `submit_sm_resp`; raises `GatewayDown`.

    Without a reference the message may not have been taken.
    """
    found = _text(packet.message_id)
    if not found:
        raise GatewayDown(f"{account.name}: answer without a usable reference")
    return _number(found, base=16) if account.decimal_receipts else found


def receipt(account: Account, packet: Any) -> Receipt | None:
    """Return what a `deliver_sm` says about a message; None when it is no receipt, or one that cannot be read."""
    if not (packet.receipted_message_id or (packet.esm_class or 0) & KIND in {RECEIPT, NOTIFICATION}):
        return None
    text = bytes(packet.short_message or packet.message_payload or b"")
    named, stated = _ID.search(text), _STATE.search(text)
    found = _text(packet.receipted_message_id)
    if account.decimal_receipts and found:
        found = _number(found, base=16)
    elif not found and named:
        found = _number(named[1].decode(), base=10) if account.decimal_receipts else named[1].decode()
    if not found:
        return None
    state = STATES.get(int.from_bytes(packet.message_state)) if packet.message_state else None
    return Receipt(found, state or (WORDS.get(stated[1].decode().upper()) if stated else None))


def _text(octets: bytes | None) -> str:
    """Return a reference as text; empty when it is none that we could keep."""
    text = bytes(octets or b"").rstrip(b"\0").decode("latin-1")
    return text if text.isascii() and text.isprintable() and len(text) <= LONGEST_REFERENCE else ""


def _number(text: str, *, base: int) -> str:
    """Return a number as decimal digits, or the text as it stands when it is none."""
    digits = "0123456789abcdefABCDEF" if base == 16 else "0123456789"
    return str(int(text, base)) if set(text) <= set(digits) else text
