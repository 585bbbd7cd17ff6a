"""What staff administrators and the people they invite do, by their browsers."""

import re
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.login import recovery
from jknoffice.accounts.models import Proposal, StaffLink, User
from jknoffice.accounts.roles import Role
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts import door

PASSWORD = "empat kata acak yang panjang 7"
NIK = "3173010101900001"


def admin() -> tuple[User, Client]:
    user = make.staff(Role.ADMIN)
    return user, make.logged_in(user)


def address(name: str, *arguments: object) -> str:
    return reverse(f"admin:staff_{name}", args=arguments)


def invite(client: Client, **given: Any) -> Any:
    branch = given.pop("branch", None) or make.branch()
    form = {"full_name": "Siti Rahma", "username": "siti.rahma", "nik": NIK, "role": "operator", "branch": branch.pk}
    return client.post(address("invite"), {**form, **given})


def step(client: Client, name: str, user: User, **given: Any) -> Any:
    """A step of the page of an account, with the form as it has to be unless `given` says otherwise."""
    forms: dict[str, dict[str, Any]] = {
        "move": {"role": user.role, "branch": user.branch_id or "", "why": "transfer"},
        "suspend": {"why": "inquiry"},
        "lift": {"why": "back"},
        "leave": {"why": "end_of_work", "typed": user.username},
        "reset": {"why": "device_lost"},
        "void": {"why": "password_forgotten"},
    }
    return client.post(address(name, user.pk), {**forms.get(name, {}), **given})


def secret_in(answer: Any) -> str:
    """The secret of the link that a page shows."""
    found = re.search(r"/admin/login/link/([\w-]+)", answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def opened(secret: str, client: Client | None = None) -> tuple[Client, Any]:
    """A browser that has opened a link, and the page it came to."""
    client = client or Client()
    return client, client.get(reverse("admin:login_link", args=[secret]), follow=True)


def choose(client: Client, password: str = PASSWORD, again: str | None = None) -> Any:
    typed = {"password": password, "again": password if again is None else again}
    return client.post(reverse("admin:login_join"), typed)


def set_up(client: Client) -> None:
    """The second step, as the page after a link says."""
    new = door.offered(client.get(reverse("admin:login_enrol")))
    client.post(reverse("admin:login_enrol"), {"code": door.code_of(new)})
    client.post(reverse("admin:login_codes"))


def invited(role: Role = Role.OPERATOR, **given: Any) -> tuple[User, str]:
    """Somebody who was invited, and the secret of the link."""
    _user, client = admin()
    given.setdefault("username", f"siti.{StaffLink.objects.count()}{User.objects.count()}")
    secret = secret_in(invite(client, role=role.value, **given))
    return User.objects.get(username=given["username"]), secret


def reasons() -> list[str]:
    """Why staff administrators were refused, in the order of the log."""
    found = AuditLog.objects.filter(action="account.staff_refused").order_by("pk")
    return list(found.values_list("reason", flat=True))


def confirm(client: Client, proposal: Proposal | None = None) -> Any:
    """Confirm what waits: the newest, unless `proposal` says otherwise."""
    return client.post(address("confirm", (proposal or Proposal.objects.latest("pk")).pk))


def with_factors() -> tuple[User, Any]:
    """Somebody of the staff with an e-mail address, an authenticator and recovery codes."""
    user = make.staff(email="siti@contoh.example")
    device = make.authenticator(user)
    with transaction.atomic():
        recovery.new_codes(user)
        record("test.prepared", by=Actor.system("test"))
    return user, device
