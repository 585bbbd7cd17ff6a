"""Which entries each role may read: the blueprint's row "read the audit log", written out."""

import pytest

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.actor import Actor
from jknoffice.audit.models import AuditLog
from tests import make
from tests.audit.entries import write

MINE = {"mine", "my import", "my account"}
EVERYTHING = MINE | {"branch", "region", "elsewhere", "import", "account", "namesake", "portal", "system"}

READS = {
    Role.OPERATOR: MINE,
    Role.SUPERVISOR: MINE | {"branch"},
    Role.AUDITOR: EVERYTHING,
    Role.DATA_ADMIN: {"my import"},
    Role.ADMIN: {"my account", "account"},
}


def entries_around(me: User) -> dict[str, int]:
    """One entry of each kind, as seen from `me`: its id by kind."""
    home = me.branch or make.branch()
    written = {
        "mine": ("request.claimed", me.as_actor()),
        "my import": ("import.finished", me.as_actor()),
        "my account": ("account.password_changed", me.as_actor()),
        "branch": ("request.claimed", make.staff(branch=home).as_actor()),
        "region": ("request.claimed", make.staff(branch=make.branch(region=home.region)).as_actor()),
        "elsewhere": ("request.claimed", make.staff().as_actor()),
        "import": ("import.finished", make.staff(Role.DATA_ADMIN).as_actor()),
        "account": ("account.created", make.staff(Role.ADMIN).as_actor()),
        "namesake": ("import.finished", Actor.system(me.username)),
        "portal": ("request.submitted", Actor.participant("portal")),
        "system": ("request.expired", Actor.system("worker")),
    }
    return {kind: write(action, by=by).pk for kind, (action, by) in written.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_each_role_reads_its_part_of_the_log(role: Role) -> None:
    me = make.staff(role)
    ids = entries_around(me)
    seen = set(AuditLog.objects.for_user(me).values_list("pk", flat=True))
    assert {kind for kind, pk in ids.items() if pk in seen} == READS[role]
    assert ids.keys() == EVERYTHING


@pytest.mark.django_db
def test_a_participants_account_reads_nothing() -> None:
    account = User.objects.create(username="siti", full_name="Siti")
    entries_around(account)
    assert not AuditLog.objects.for_user(account).exists()


@pytest.mark.django_db
def test_a_supervisor_without_a_branch_would_not_read_what_has_none() -> None:
    supervisor = make.staff(Role.SUPERVISOR)
    write("request.expired", by=Actor.system("worker"))
    supervisor.branch = None
    assert not AuditLog.objects.for_user(supervisor).exists()
