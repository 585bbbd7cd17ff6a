"""System checks of the deployment: a bad setting is named before the first request."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from jknoffice.accounts.passwords.breached import looks_right

_HOST_NAME = re.compile(r"[a-z0-9.-]*[a-z][a-z0-9.-]*")
"""Not an IP address: no passkey is bound to one."""


@register(Tags.security, deploy=True)
def production_is_complete(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Demand what a production place can't do without."""
    found: list[CheckMessage] = []
    if not settings.ALLOWED_HOSTS:
        found.append(Error("JKN_ALLOWED_HOSTS is empty: name the hosts that serve JKN Office.", id="jkn.E001"))
    if settings.PRODUCTION and settings.SMS_GATEWAY in {"", "console", "memory"}:
        found.append(Error("JKN_SMS_GATEWAY names no gateway that reaches a telephone.", id="jkn.E002"))
    if settings.BREACHED_PASSWORDS and not looks_right(settings.BREACHED_PASSWORDS):
        found.append(Error("JKN_BREACHED_PASSWORDS holds no sorted lines of SHA-1 and number.", id="jkn.E003"))
    site = urlsplit(settings.JKN_SITE_URL)
    if settings.PRODUCTION and not (site.scheme == "https" and _HOST_NAME.fullmatch(site.hostname or "")):
        words = "JKN_SITE_URL is no https:// address with a host name: nobody can use a passkey there."
        found.append(checks.Warning(words, id="jkn.W001"))
    return found
