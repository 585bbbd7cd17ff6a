"""Walking through the door, as people do."""

import base64
import time
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from jknoffice.accounts.login import again
from jknoffice.accounts.models import User, WebSession
from jknoffice.accounts.sessions.store import STAFF, SessionStore
from tests import make


def code_of(device: TOTPDevice, *, steps: int = 0) -> str:
    """The code that the authenticator shows, or showed `steps` × 30 s ago (negative)."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06}"


def give_password(client: Client, user: User, password: str = make.PASSWORD, **given: str) -> Any:
    return client.post("/admin/login/", {"username": user.username, "password": password, **given})


def give_code(client: Client, code: str, *, recovery: bool = False) -> Any:
    address = "/admin/login/verify/" + ("?recovery=1" if recovery else "")
    return client.post(address, {"code": code})


def offered(page: Any) -> TOTPDevice:
    """The authenticator into which somebody has typed the key on the page."""
    return TOTPDevice(key=base64.b32decode(page.context["secret"].replace(" ", "")).hex())


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def some_time_ago(user: User, ago: timedelta = again.LASTS + timedelta(seconds=1)) -> None:
    """Let every session of this user have begun, and the second step have been shown, so long ago."""
    for row in WebSession.objects.filter(user=user):
        kept = row.get_decoded()
        kept[STAFF] |= {"begun": (timezone.now() - ago).isoformat()}
        kept[STAFF].pop("shown", None)
        row.session_data = SessionStore().encode(kept)
        row.save()
