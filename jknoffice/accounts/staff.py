"""Hiring: creating staff accounts."""

from datetime import datetime

from django.contrib.admin.utils import label_for_field
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.identity import person_id
from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.roles import Role, rights_of
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal

NIK_DIGITS = 16


class StaffRefused(Refusal):
    """The account cannot be created as asked; `problems` lists the sentences."""

    code = "staff_refused"

    def __init__(self, problems: list[str | Promise]) -> None:
        self.problems = problems
        super().__init__(" ".join(str(problem) for problem in problems))


@transaction.atomic
def create_staff(
    *,
    username: str,
    full_name: str,
    role: Role,
    branch: Branch | None,
    nik: str,
    password: str | None,
    by: Actor,
    email: str = "",
    is_active: bool = True,
    at: datetime | None = None,
) -> User:
    """Create a staff account, which enrols a second factor at its first log-in.

    `nik` (16 digits) says who the person is; only a keyed hash of it is kept. `branch` is needed by the roles that
    work on cases. Without a `password` (None) the person chooses one with a one-time link (`login.links`), and sets up
    nothing without it. Raises `StaffRefused` with everything that is wrong.
    """
    at = at or clock.now()
    user = User(
        username=username,
        full_name=full_name,
        role=role,
        branch=branch,
        email=email,
        joined_at=at,
        is_active=is_active,
        needs_link=password is None,
    )
    problems = _problems(user, nik, password)
    if problems:
        raise StaffRefused(problems)
    user.person_id = person_id(nik)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # somebody took the name since it was looked at
        raise StaffRefused(_problems(user, nik, password)) from error
    record(
        "account.created",
        by=by,
        about=Thing.of(user),
        after={"role": role.value, "branch": branch.code if branch else "", "invited": password is None},
        pii={"username": username, "full_name": full_name},
        at=at,
    )
    return user


def _problems(user: User, nik: str, password: str | None) -> list[str | Promise]:
    if not all(_can_be_stored(text) for text in (user.username, user.full_name, user.email, password or "")):
        return [_("Text must be UTF-8 without NUL characters.")]
    found: list[str | Promise] = []
    if not (nik.isascii() and nik.isdigit() and len(nik) == NIK_DIGITS):
        found.append(_("The NIK must have 16 digits."))
    if rights_of(user.role).needs_branch and user.branch is None:
        found.append(_("This role works at a branch: name one."))
    try:
        user.full_clean(exclude=["password", "person_id"], validate_constraints=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            label = str(label_for_field(name, User))
            found += [f"{capfirst(label)}: {message}" for message in messages]
    try:
        if password is not None:
            validate_password(password, user)
    except ValidationError as error:
        found += error.messages
    return found


def _can_be_stored(text: str) -> bool:
    """Return False for NUL and for lone surrogates, which a command line can carry."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
