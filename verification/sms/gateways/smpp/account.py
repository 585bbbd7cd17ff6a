"""How to talk to an SMPP gateway: read from `settings.SMS_SMPP`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

MOST = {"user": 15, "password": 8, "system_type": 12, "sender": 20}
"""How many characters SMPP 3.4 (5.2.1 to 5.2.8) leaves for these."""
ALPHANUMERIC = 5
LONGEST_ALPHANUMERIC = 11
"""3GPP TS 23.040, 9.1.2.5."""
TYPES, PLANS = frozenset(range(7)), frozenset({0, 1, 3, 4, 6, 8, 9, 10, 14, 18})
"""Types of number and numbering plans (SMPP 3.4, 5.2.5 and 5.2.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One SMPP gateway, called `name` in the settings.

    `host` and `port` are where it listens, with `tls` encrypted and with a certificate that `ca` (a file of PEM), or
    else the system, vouches for. `user` (the `system_id`), `password` and `system_type` are what we log in with.
    `sender` is the registered sender name, `sender_ton` and `sender_npi` are its type of number and numbering plan (5
    and 0 for a name), `number_ton` and `number_npi` those of participants' numbers. `seconds` is how long one message
    may take, `per_second` how many may go out in one (0: no limit), `idle` after how many seconds of silence the
    gateway is asked whether it lives. `receipts` asks for delivery receipts; `decimal_receipts` says that their text
    calls a message by the decimal form of the hexadecimal number that it was taken under.
    """

    name: str
    host: str
    port: int = 2775
    tls: bool = True
    ca: str = ""
    user: str
    password: str = field(default="", repr=False)
    system_type: str = ""
    sender: str = ""
    sender_ton: int = ALPHANUMERIC
    sender_npi: int = 0
    number_ton: int = 1
    number_npi: int = 1
    seconds: float = 10
    per_second: float = 0
    idle: float = 30
    receipts: bool = True
    decimal_receipts: bool = False


def read(name: str, given: Mapping[str, Any]) -> Account:
    """Return the gateway that a setting describes; raises ImproperlyConfigured, without quoting a secret."""
    if not isinstance(given, Mapping):
        raise ImproperlyConfigured(f"JKN_SMS_SMPP: {name} must be a JSON object.")
    known = {each.name: each.type for each in fields(Account) if each.name != "name"}
    unknown = sorted(set(given) - set(known))
    if unknown or not given.get("host") or not given.get("user"):
        raise ImproperlyConfigured(f"JKN_SMS_SMPP: {name} needs a host and a user, and does not know {unknown}.")
    if odd := [each for each, value in given.items() if not _fits(value, known[each])]:
        raise ImproperlyConfigured(f"JKN_SMS_SMPP: of {name}, {', '.join(odd)} cannot be used: see docs/sms.md.")
    account = Account(name=name, **given)
    if odd := [each for each, most in MOST.items() if not _short(getattr(account, each), most)]:
        rule = ", ".join(f"{each} {MOST[each]}" for each in odd)
        raise ImproperlyConfigured(f"JKN_SMS_SMPP: of {name}, SMPP has room for plain characters only: {rule}.")
    if odd := [each for each, range_ in _ranges(account).items() if not range_]:
        raise ImproperlyConfigured(f"JKN_SMS_SMPP: of {name}, {', '.join(odd)} cannot be used: see docs/sms.md.")
    return account


def _fits(value: object, kind: object) -> bool:
    wanted = {"str": str, "int": int, "float": int | float, "bool": bool}.get(getattr(kind, "__name__", ""), str)
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def _short(value: str, most: int) -> bool:
    return len(value) <= most and value.isascii() and (not value or value.isprintable())


def _ranges(account: Account) -> dict[str, bool]:
    """Return for each field with a range whether it lies in it."""
    is_name = account.sender_ton == ALPHANUMERIC
    return {
        "port": 0 < account.port < 65_536,
        "ca": not account.ca or Path(account.ca).is_file(),
        "sender": not is_name or len(account.sender) <= LONGEST_ALPHANUMERIC,
        "sender_ton": account.sender_ton in TYPES,
        "sender_npi": account.sender_npi in PLANS,
        "number_ton": account.number_ton in TYPES,
        "number_npi": account.number_npi in PLANS,
        "seconds": 0 < account.seconds <= 60,
        "per_second": 0 <= account.per_second <= 10_000,
        "idle": 0 < account.idle <= 600,
    }
