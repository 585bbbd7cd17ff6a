"""The ways out, chosen by `settings.SMS_GATEWAY`: names separated by commas, tried in that order.

A name is that of a module here with `send(*, to, text) -> str` (`console`, `memory`), of an HTTP gateway that
`settings.SMS_HTTP` describes (`http.py`), or of an SMPP gateway that `settings.SMS_SMPP` does (`smpp/`).
"""

import logging
from importlib import import_module
from typing import NamedTuple

from django.conf import settings

from verification.sms.gateways.failures import GatewayDown, Refused

__all__ = ["GatewayDown", "Refused", "Taken", "chosen", "listen", "order", "send"]

_SMPP = "verification.sms.gateways.smpp.lines"

logger = logging.getLogger(__name__)


class Taken(NamedTuple):
    """Which gateway took a message, and what it calls it."""

    gateway: str
    reference: str


def send(*, to: str, text: str) -> Taken:
    """Hand a message to the first gateway that takes it: `to` in E.164, `text` of one segment.

    Raises what the last gateway raised, `GatewayDown` as a rule, when none takes it; `Refused` only when all refuse. A
    gateway that took the message but did not say so (a time-out) is followed by the next as well: a message is doubled
    rather than lost.
    """
    names, failures = order(to), list[Exception]()
    for name in names:
        try:
            return Taken(name, _hand_over(name, to, text))
        except Exception as error:  # noqa: BLE001 - whatever breaks one gateway, the next one is asked
            failures.append(error)
            if len(failures) < len(names):
                # Not the error's own words: they may quote the number or the text.
                logger.warning("gateway %s: %s; the next one is asked", name, type(error).__name__)
    # One that is only down may take later what another refuses.
    raise next((error for error in reversed(failures) if not isinstance(error, Refused)), failures[-1])


def order(to: str) -> list[str]:
    """Return the names of the gateways for a number, the one to ask first at the head.

    The longest prefix in `settings.SMS_ROUTES` that fits decides, `settings.SMS_GATEWAY` where none does.
    """
    fitting = [prefix for prefix in settings.SMS_ROUTES if to.startswith(prefix)]
    return _split(settings.SMS_ROUTES[max(fitting, key=len)] if fitting else settings.SMS_GATEWAY)


def chosen() -> list[str]:
    """Return the names of all gateways that a message may go to, in the order of the settings, each once."""
    written = filter(None, [settings.SMS_GATEWAY, *settings.SMS_ROUTES.values()])
    return list(dict.fromkeys(name for names in written for name in _split(names)))


def listen() -> None:
    """Be within reach of the gateways that tell over a line of ours (SMPP) what became of messages.

    Returns at once, and never raises: what is wrong with one gateway must not hold up the messages of others.
    """
    for name in chosen():
        if name in settings.SMS_SMPP:
            try:
                import_module(_SMPP).listen(name)
            except Exception as error:  # noqa: BLE001 - see above
                logger.warning("gateway %s: no line: %s", name, type(error).__name__)


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


def _hand_over(name: str, to: str, text: str) -> str:
    if name in settings.SMS_HTTP:
        http = import_module("verification.sms.gateways.http")
        return str(http.send(name=name, to=to, text=text))
    if name in settings.SMS_SMPP:
        return str(import_module(_SMPP).send(name=name, to=to, text=text))
    return str(import_module(f"verification.sms.gateways.{name}").send(to=to, text=text))
