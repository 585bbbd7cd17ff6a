"""Made-up rows for tests: each function makes one, and takes what the test cares about."""

from datetime import date
from itertools import count
from typing import Any

from django.test import Client
from django.utils import timezone

from jknoffice.accounts.identity import person_id
from jknoffice.accounts.models import Authenticator, Branch, Passkey, User
from jknoffice.accounts.roles import Role, rights_of
from jknoffice.accounts.sessions import current
from participants.models import Peserta

_numbers = count(1)
"""Begins anew with each test (`conftest.py`): else the ten-thousandth row of a run would have too long a NIK."""
PASSWORD = "a made-up passphrase"


def begin_anew() -> None:
    """Let the next number be one that no test writes down itself."""
    global _numbers
    _numbers = count(1001)


def nik(serial: int | None = None) -> str:
    """A well-formed NIK of a man born 1990-05-17 in Central Jakarta."""
    return f"317101170590{serial or next(_numbers):04}"


def branch(**given: Any) -> Branch:
    number = next(_numbers)
    defaults = {"code": f"B{number:04}", "name": f"Cabang {number}", "region": f"Wilayah {number}"}
    return Branch.objects.create(**(defaults | given))


def staff(role: Role = Role.OPERATOR, **given: Any) -> User:
    """A staff member with a password; `nik=` says who they are (two accounts of one person share it)."""
    number = next(_numbers)
    identity = person_id(given.pop("nik", f"327301{number:010}"))
    defaults: dict[str, Any] = {"username": f"{role.value}{number}", "full_name": f"Petugas {number}"}
    if rights_of(role).needs_branch and "branch" not in given:
        defaults["branch"] = branch()
    user = User(role=role, person_id=identity, **(defaults | given))
    user.set_password(PASSWORD)
    user.save()
    return user


def peserta(**given: Any) -> Peserta:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "nik": nik(number % 9999 + 1),
        "card_number": f"{number:013}",
        "kk_number": f"31710101012{number:05}",
        "name": f"PESERTA {number}",
        "birth_place": "JAKARTA",
        "birth_date": date(1990, 5, 17),
        "sex": "M",
        "phone": f"+62812{number:08}",
        "segment": "PBPU",
        "care_class": 3,
        "relation": "SELF",
        "status": "ACTIVE",
        "facility": "PUSKESMAS MELATI",
    }
    if "branch" not in given:
        defaults["branch"] = branch()
    return Peserta.objects.create(**(defaults | given))


def authenticator(user: User) -> Authenticator:
    """A confirmed authenticator app of this user."""
    device: Authenticator = Authenticator.objects.create(user=user, name="app", confirmed=True)
    return device


def passkey(user: User, **given: Any) -> Passkey:
    """A passkey of this user; what it holds nobody can sign for unless it is given."""
    number = next(_numbers)
    defaults = {"name": f"Kunci {number}", "credential_id": f"credential {number:09}".encode(), "public_key": b""}
    row: Passkey = Passkey.objects.create(user=user, created_at=timezone.now(), **(defaults | given))
    return row


def logged_in(user: User, client: Client | None = None) -> Client:
    """A client whose session has passed both steps of the log-in as `user`."""
    client = client or Client()
    device = Authenticator.objects.filter(user=user).first() or authenticator(user)
    client.force_login(user)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    current.begin(session, user_agent="", network="", at=timezone.now())
    session.save()
    return client
