"""The ways out, one module each, chosen by `settings.SMS_GATEWAY`; each has `send(*, to, text) -> str`."""

from importlib import import_module

from django.conf import settings


class GatewayDown(Exception):
    """The gateway did not take the message; sending it again later may help."""


def send(*, to: str, text: str) -> str:
    """Hand a message to the chosen gateway: `to` in E.164, `text` of one segment. Returns the gateway's reference.

    Raises `GatewayDown`.
    """
    gateway = import_module(f"verification.sms.gateways.{settings.SMS_GATEWAY}")
    return str(gateway.send(to=to, text=text))
