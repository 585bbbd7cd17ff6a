"""The demo's staff: made-up people for every role, with passwords and authenticators that the demo may tell."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_otp.oath import TOTP

from jknoffice.accounts.life import inviting, moving
from jknoffice.accounts.life.rules import Why
from jknoffice.accounts.models import Authenticator, Branch, User
from jknoffice.accounts.roles import Role
from jknoffice.accounts.staff import create_staff
from jknoffice.audit.actor import Actor

HOME: Final = "0901"
"""The branch of the accounts that a newcomer logs in with."""

BUSY: Final = (HOME, "1001", "1101", "1301")
"""The branches that have staff, and requests."""

BY: Final = Actor.system("demo")


class Credentials(TypedDict):
    """How one demo account logs in; `totp_now` is the code of this moment, valid for up to 30 s."""

    role: str
    username: str
    password: str
    totp_secret: str
    totp_now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One account to be."""

    username: str
    full_name: str
    role: Role
    branch: str = ""


def plans() -> Iterator[Plan]:
    """All demo accounts, those of the home branch first."""
    yield Plan(username="operator", full_name="Rini Hapsari", role=Role.OPERATOR, branch=HOME)
    yield Plan(username="operator2", full_name="Yoga Pratomo", role=Role.OPERATOR, branch=HOME)
    yield Plan(username="supervisor", full_name="Lestari Handayani", role=Role.SUPERVISOR, branch=HOME)
    yield Plan(username="supervisor2", full_name="Bambang Widodo", role=Role.SUPERVISOR, branch=HOME)
    yield Plan(username="auditor", full_name="Maya Siregar", role=Role.AUDITOR)
    yield Plan(username="dataadmin", full_name="Fajar Nasution", role=Role.DATA_ADMIN)
    yield Plan(username="admin", full_name="Sri Mulyati", role=Role.ADMIN)
    yield Plan(username="admin2", full_name="Dian Kusuma", role=Role.ADMIN)
    for code in BUSY[1:]:
        yield Plan(username=f"operator-{code}", full_name=f"Petugas Satu {code}", role=Role.OPERATOR, branch=code)
        yield Plan(username=f"operator2-{code}", full_name=f"Petugas Dua {code}", role=Role.OPERATOR, branch=code)
        yield Plan(username=f"supervisor-{code}", full_name=f"Kepala Bidang {code}", role=Role.SUPERVISOR, branch=code)


def hire() -> None:
    """Create the accounts that are missing, each with a confirmed authenticator."""
    demand_demo()
    known = set(User.objects.values_list("username", flat=True))
    for number, plan in enumerate(plans()):
        if plan.username not in known:
            branch = Branch.objects.get(code=plan.branch) if plan.branch else None
            user = create_staff(
                username=plan.username,
                full_name=plan.full_name,
                role=plan.role,
                branch=branch,
                # Province 99 does not exist: nobody in the register has such a NIK.
                nik=f"990101010180{number + 1:04}",
                password=password(),
                by=BY,
            )
            Authenticator.objects.create(user=user, name="demo", confirmed=True)
    _come_and_go(known)


def _come_and_go(known: set[str]) -> None:
    """Let somebody be invited, and somebody be suspended, so that the staff administrator's pages have something."""
    admin, home = User.objects.get(username="admin"), Branch.objects.get(code=HOME)
    given: dict[str, Any] = {"role": Role.OPERATOR, "branch": home}
    if "invited" not in known:
        # The link is shown to nobody: make a new one on the page.
        inviting.invite(**given, username="invited", full_name="Putri Anggraini", nik="9901010101809001", by=admin)
    if "suspended" not in known:
        given |= {"nik": "9901010101809002", "password": password(), "by": BY}
        user = create_staff(**given, username="suspended", full_name="Hendra Gunawan")
        moving.suspend(user=user, why=Why.ABSENCE, by=admin)


def password() -> str:
    """Return the password of all demo accounts: the same for one installation, another for the next."""
    demand_demo()
    digest = hmac.new(settings.SECRET_KEY.encode(), b"demo password", hashlib.sha256).hexdigest()
    return f"demo-{digest[:4]}-{digest[4:8]}"


def credentials() -> list[Credentials]:
    """Return how the demo accounts log in, the home branch first. Raises `ImproperlyConfigured` in production."""
    demand_demo()
    devices = Authenticator.objects.filter(name="demo", user__is_active=True).select_related("user")
    by_name = {device.user.username: device for device in devices}
    return [
        Credentials(
            role=plan.role.value,
            username=plan.username,
            password=password(),
            totp_secret=_base32(by_name[plan.username]),
            totp_now=_code_now(by_name[plan.username]),
        )
        for plan in plans()
        if plan.username in by_name
    ]


def demand_demo() -> None:
    """Raise `ImproperlyConfigured` where there may be no demo."""
    if not settings.JKN_ENV.allows_demo:
        raise ImproperlyConfigured("Demo accounts exist in development and test only (JKN_ENV).")


def _base32(device: Authenticator) -> str:
    return base64.b32encode(device.bin_key).decode()


def _code_now(device: Authenticator) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return f"{totp.token():0{device.digits}}"
