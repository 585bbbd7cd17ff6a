"""How to talk to an HTTP gateway: read from `settings.SMS_HTTP`, a preset first and then what the setting changes."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = {"localhost", "127.0.0.1", "::1"}

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "oca": {
        "names": {"sender": "sender_id", "to": "recipient_number", "text": "message_body"},
        "reference": "msg_id",
    },
    "twilio": {
        "names": {"sender": "From", "to": "To", "text": "Body"},
        "reference": "sid",
        "form": True,
    },
}
"""Gateways whose fields are known; the address, the sender and the secret come from the setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One HTTP gateway.

    `names` says what the gateway calls `sender`, `to` and `text`; `extra` is sent with each message as it stands.
    `reference` names the field of the answer that holds the gateway's reference, with dots into objects
    (`data.id`). With `form` the fields go as a form, not as JSON. `token` is sent as a bearer token, `user` and
    `password` as basic authentication. `seconds` is how long one message may take from the first byte to the last.
    `bare_numbers` leaves the plus sign of a number out.
    """

    url: str
    sender: str = ""
    names: Mapping[str, str] = field(default_factory=lambda: {"sender": "sender", "to": "to", "text": "text"})
    extra: Mapping[str, Any] = field(default_factory=dict)
    reference: str = "id"
    form: bool = False
    token: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    seconds: float = 10
    bare_numbers: bool = False

    @property
    def place(self) -> SplitResult:
        """Return the address in its parts."""
        return urlsplit(self.url)

    @property
    def authorization(self) -> str:
        """Return the header that proves who we are, empty where there is no secret."""
        if self.token:
            return f"Bearer {self.token}"
        if self.user:
            return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return ""

    def message(self, *, to: str, text: str) -> dict[str, Any]:
        """Return the fields of one message as this gateway calls them."""
        ours = {"sender": self.sender, "to": to.removeprefix("+") if self.bare_numbers else to, "text": text}
        return {**self.extra, **{theirs: ours[name] for name, theirs in self.names.items()}}


def read(name: str, given: Mapping[str, Any]) -> Way:
    """Return the gateway that a setting describes; raises ImproperlyConfigured, without quoting a secret."""
    values = dict(given)
    preset = values.pop("preset", "plain")
    if preset not in PRESETS:
        raise ImproperlyConfigured(f"JKN_SMS_HTTP: {name} has no preset of {', '.join(PRESETS)}.")
    unknown = set(values) - {each.name for each in fields(Way)}
    if unknown or "url" not in values:
        raise ImproperlyConfigured(f"JKN_SMS_HTTP: {name} needs a url, and does not know {sorted(unknown)}.")
    way = Way(**{**PRESETS[preset], **values})
    if way.place.scheme != "https" and not (way.place.scheme == "http" and way.place.hostname in LOOPBACK):
        raise ImproperlyConfigured(f"JKN_SMS_HTTP: the url of {name} must begin with https://.")
    if not way.place.hostname or not {"to", "text"} <= set(way.names) <= {"sender", "to", "text"}:
        raise ImproperlyConfigured(f"JKN_SMS_HTTP: {name} needs a host, and names for to and text.")
    return way
