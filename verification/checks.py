"""System checks of the ways out: a bad setting is named at the start, not by the first message."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from verification.sms import segment
from verification.sms.gateways.ways import read


@register()
def gateways_are_known(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Demand that each gateway that is named is one, and that each HTTP gateway can be read."""
    found: list[CheckMessage] = []
    for name, given in settings.SMS_HTTP.items():
        try:
            read(name, given)
        except (ImproperlyConfigured, TypeError, ValueError, AttributeError) as error:
            words = str(error) if isinstance(error, ImproperlyConfigured) else f"JKN_SMS_HTTP: {name} is not readable."
            found.append(Error(words, id="verification.E001"))
    for names in filter(None, [settings.SMS_GATEWAY, *settings.SMS_ROUTES.values()]):
        found += [
            Error(f"There is no SMS gateway called {name.strip()!r}.", id="verification.E002")
            for name in names.split(",")
            if name.strip() not in settings.SMS_HTTP and name.strip() not in {"console", "memory"}
        ]
    if settings.SMS_RECEIPT_KEY and len(settings.SMS_RECEIPT_KEY) < 32:
        found.append(Error("JKN_SMS_RECEIPT_KEY needs 32 characters at least.", id="verification.E003"))
    return found


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
