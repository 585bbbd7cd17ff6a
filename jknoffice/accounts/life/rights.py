"""Who may do what, from the table of roles: for people who have to check it."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jknoffice.accounts.life.rules import REFUSED, NoRight
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import RIGHTS, Reach, Rights, Role
from jknoffice.audit.log import record_alone
from jknoffice.audit.scope import Scope
from jknoffice.csv_cells import neutral

VIEW = "accounts.view_rights"
"""The permission, from `roles.py`."""
VIEWED, EXPORTED = "account.rights_viewed", "account.rights_exported"

WORDS: Mapping[str, str | Promise] = {
    "participants.view_peserta": gettext_lazy("Search a participant and see the masked data"),
    "verification.view_phonechangerequest": gettext_lazy("See cases"),
    "verification.work_phonechangerequest": gettext_lazy("Take and decide cases"),
    "verification.add_phonechangerequest": gettext_lazy("Enter a request at the counter"),
    "verification.supervise_phonechangerequest": gettext_lazy("Approve second, unfreeze, reverse; see the figures"),
    "verification.break_glass": gettext_lazy("Read one case of another branch, for a reason, with an alarm"),
    "participants.import_peserta": gettext_lazy("Import the register"),
    "participants.view_importbatch": gettext_lazy("See imports"),
    "audit.view_auditlog": gettext_lazy("Read the audit log"),
    "alarms.view_alarm": gettext_lazy("See and handle alarms"),
    "audit.shred_subject": gettext_lazy("Shred a person's values in the log, with a second person, at a terminal"),
    "audit.open_origin": gettext_lazy("Begin the log anew after a restore, with a second person, at a terminal"),
    "accounts.view_user": gettext_lazy("See staff"),
    "accounts.view_branch": gettext_lazy("See branches"),
    "accounts.manage_staff": gettext_lazy(
        "Invite, move, suspend and close accounts, make a forgotten password void; with a second person: staff"
        " administrators, reset a second step"
    ),
    "accounts.end_sessions": gettext_lazy("End a colleague's sessions"),
    "accounts.view_rights": gettext_lazy("See who may do what"),
}
"""What each permission means, in the order of the page."""

REACHES: Mapping[Reach, str | Promise] = {
    Reach.NOWHERE: gettext_lazy("no cases"),
    Reach.BRANCH: gettext_lazy("cases of their own branch"),
    Reach.REGION: gettext_lazy("cases of their region"),
}
SCOPES: Mapping[Scope, str | Promise] = {
    Scope.NONE: gettext_lazy("nothing of the log"),
    Scope.OWN: gettext_lazy("their own actions"),
    Scope.BRANCH: gettext_lazy("their own branch"),
    Scope.IMPORTS: gettext_lazy("their own imports"),
    Scope.ACCOUNTS: gettext_lazy("what concerns accounts"),
    Scope.ALL: gettext_lazy("all of the log"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One right in words, and for each role in turn whether it has it."""

    right: str
    has: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The people of one role at one branch, "" for none; only who may log in, or may when they have set it up."""

    role: Role
    branch: str
    people: tuple[User, ...]


def matrix() -> list[Row]:
    """Return role × right, in the order of `Role`."""
    return [
        Row(right=str(words), has=tuple(right in RIGHTS[role].permissions for role in Role))
        for right, words in WORDS.items()
    ]


def reach_and_scope() -> list[tuple[Role, str, str]]:
    """Return for each role the cases that it reaches, and the part of the log."""
    rights: list[tuple[Role, Rights]] = [(role, RIGHTS[role]) for role in Role]
    return [(role, str(REACHES[each.reach]), str(SCOPES[each.audit])) for role, each in rights]


def view(*, by: User) -> list[Group]:
    """Return the people by role and branch, and record the look.

    Raises `NoRight`, which is recorded. Call it outside of a transaction.
    """
    people = _people(by)
    record_alone(VIEWED, by=by.as_actor(), after={"people": len(people)})
    return _groups(people)


def export(*, by: User) -> str:
    """Return a CSV file: a row for each person, a column for each right; recorded like `view()`, before it is made."""
    people = _people(by)
    record_alone(EXPORTED, by=by.as_actor(), after={"people": len(people)})
    file = StringIO()
    file.write("\ufeff")  # without it spreadsheets take the file for another encoding
    writer = csv.writer(file)
    head = [_("User name"), _("Full name"), _("Role"), _("Branch"), _("State"), _("Reaches"), _("Reads of the log")]
    writer.writerow([*head, *map(str, WORDS.values())])
    for user in people:
        writer.writerow([neutral(cell) for cell in _cells(user)])
    return file.getvalue()


def file_name() -> str:
    """Return a name for the file, with the day."""
    return f"who-may-what-{timezone.localdate():%Y%m%d}.csv"


def _cells(user: User) -> Sequence[str]:
    rights = RIGHTS[Role(user.role)]
    branch = user.branch.code if user.branch else ""
    place = [user.username, user.full_name, str(Role(user.role).label), branch, str(user.state.label)]
    words = [str(REACHES[rights.reach]), str(SCOPES[rights.audit])]
    return [*place, *words, *(_("yes") if right in rights.permissions else "" for right in WORDS)]


def _people(by: User) -> list[User]:
    if not by.has_perm(VIEW):
        record_alone(REFUSED, by=by.as_actor(), reason=NoRight.code)
        raise NoRight
    here = User.objects.filter(is_active=True).exclude(role="").select_related("branch").order_by("username")
    order = {role: place for place, role in enumerate(Role)}
    return sorted(here, key=lambda user: (order[Role(user.role)], user.branch.code if user.branch else ""))


def _groups(people: Sequence[User]) -> list[Group]:
    found: dict[tuple[Role, str], list[User]] = {}
    for user in people:
        found.setdefault((Role(user.role), str(user.branch or "")), []).append(user)
    return [Group(role=role, branch=branch, people=tuple(each)) for (role, branch), each in found.items()]
