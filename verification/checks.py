"""System checks of the ways out: a bad setting is named at the start, not by the first message."""

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from verification.sms import gateways, segment
from verification.sms.gateways import ways
from verification.sms.gateways.smpp import account

LONGEST_NAME = 40
"""The column of a message that says which gateway took it."""


@register()
def gateways_are_known(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Demand that each gateway that is named is one, and that each that is described can be read."""
    found = _unreadable("JKN_SMS_HTTP", settings.SMS_HTTP, ways.read, "verification.E001")
    for name in gateways.chosen():
        if name not in settings.SMS_HTTP and name not in settings.SMS_SMPP and name not in {"console", "memory"}:
            found.append(Error(f"There is no SMS gateway called {name!r}.", id="verification.E002"))
    if settings.SMS_RECEIPT_KEY and len(settings.SMS_RECEIPT_KEY) < 32:
        found.append(Error("JKN_SMS_RECEIPT_KEY needs 32 characters at least.", id="verification.E003"))
    found += _unreadable("JKN_SMS_SMPP", settings.SMS_SMPP, account.read, "verification.E004")
    if settings.SMS_SMPP and find_spec("smpplib") is None:
        words = "JKN_SMS_SMPP needs the packages of requirements-smpp.txt: install them into this environment."
        found.append(Error(words, id="verification.E005"))
    for name in [*settings.SMS_HTTP, *settings.SMS_SMPP]:
        if len(name) > LONGEST_NAME or (name in settings.SMS_HTTP and name in settings.SMS_SMPP):
            words = f"The SMS gateway {name[:LONGEST_NAME]!r} needs a name of its own, of {LONGEST_NAME} characters."
            found.append(Error(words, id="verification.E006"))
    return found


def _unreadable(
    setting: str, given: Mapping[str, Any], read: Callable[[str, Any], object], identifier: str
) -> list[CheckMessage]:
    """Return an error for each gateway of `setting` that `read` refuses; its words quote no secret."""
    found: list[CheckMessage] = []
    for name, described in given.items():
        try:
            read(name, described)
        except (ImproperlyConfigured, TypeError, ValueError, AttributeError) as error:
            words = str(error) if isinstance(error, ImproperlyConfigured) else f"{setting}: {name} is not readable."
            found.append(Error(words, id=identifier))
    return found


@register(deploy=True)
def lines_are_private(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of a line without TLS: password, numbers and codes go over it in clear."""
    open_ = [name for name, given in settings.SMS_SMPP.items() if isinstance(given, dict) and given.get("tls") is False]
    if not open_:
        return []
    words = f"JKN_SMS_SMPP: {', '.join(open_)} without TLS sends codes in clear: only over a private line (VPN)."
    return [checks.Warning(words, id="verification.W003")]


@register()
def links_fit_one_segment(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of an address that makes a message with a link longer than one segment: it still goes out, and costs two."""
    address = settings.JKN_SITE_URL
    room = segment.room()
    if len(address) <= room and segment.ALPHABET.issuperset(address):
        return []
    words = f"JKN_SITE_URL makes an SMS with a link longer than one segment: {room} plain characters at most."
    return [checks.Warning(words, id="verification.W002")]


@register(deploy=True)
def mail_has_a_server(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where no e-mail goes out: participants would wait in vain for the code to a new address."""
    if settings.EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend":
        return []
    return [
        checks.Warning(
            "EMAIL_URL names no server: codes to new e-mail addresses and notices to staff go nowhere.",
            id="verification.W001",
        )
    ]
