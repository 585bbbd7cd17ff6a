"""Accounts and their rights."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import RIGHTS, Role
from tests import make

# Written by hand from the blueprint's table of roles.
MAY = {
    "participants.view_peserta": {Role.OPERATOR, Role.SUPERVISOR, Role.DATA_ADMIN},
    "participants.import_peserta": {Role.DATA_ADMIN},
    "participants.view_importbatch": {Role.DATA_ADMIN},
    "verification.view_phonechangerequest": {Role.OPERATOR, Role.SUPERVISOR},
    "verification.work_phonechangerequest": {Role.OPERATOR, Role.SUPERVISOR},
    "verification.add_phonechangerequest": {Role.OPERATOR},
    "verification.supervise_phonechangerequest": {Role.SUPERVISOR},
    "verification.break_glass": {Role.OPERATOR, Role.SUPERVISOR},
    "alarms.view_alarm": {Role.SUPERVISOR, Role.AUDITOR},
    "audit.view_auditlog": set(Role),
    "audit.shred_subject": {Role.AUDITOR, Role.ADMIN},
    "audit.open_origin": {Role.AUDITOR, Role.ADMIN},
    "accounts.view_user": {Role.ADMIN},
    "accounts.end_sessions": {Role.ADMIN},
    "accounts.view_branch": {Role.ADMIN},
    "accounts.manage_staff": {Role.ADMIN},
    "accounts.view_rights": {Role.AUDITOR, Role.ADMIN},
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_each_role_may_what_the_blueprint_says_and_nothing_else(role: Role) -> None:
    user = make.staff(role)
    assert {perm for perm in MAY if user.has_perm(perm)} == {perm for perm, roles in MAY.items() if role in roles}
    assert RIGHTS[role].permissions <= set(MAY)
    assert not user.has_perm("accounts.delete_user")
    assert user.has_perms(sorted(RIGHTS[role].permissions))


@pytest.mark.django_db
def test_an_inactive_account_and_a_portal_account_may_nothing() -> None:
    inactive = make.staff(is_active=False)
    assert not inactive.has_perm("participants.view_peserta")
    assert not inactive.has_module_perms("participants")
    portal = User(username="portal")
    assert not portal.is_staff
    assert not portal.has_module_perms("participants")
    assert not portal.branches().exists()


@pytest.mark.django_db
def test_reach_is_nothing_a_branch_or_a_region() -> None:
    home = make.branch(region="Wilayah Uji")
    neighbour = make.branch(region="Wilayah Uji")
    assert set(make.staff(Role.OPERATOR, branch=home).branches()) == {home}
    assert set(make.staff(Role.SUPERVISOR, branch=home).branches()) == {home, neighbour}
    assert set(make.staff(Role.AUDITOR, branch=home).branches()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_who_answers_for_a_branch_has_it_among_their_branches(role: Role, django_assert_num_queries: Any) -> None:
    home, neighbour = make.branch(region="Jawa"), make.branch(region="Jawa")
    user = make.staff(role, branch=home)
    for branch in (home, neighbour, make.branch(region="Sumatera")):
        assert user.answers_for(branch.pk) == user.branches().filter(pk=branch.pk).exists()
    assert not user.answers_for(None)
    assert not User(username="portal").answers_for(home.pk)
    with django_assert_num_queries(0):
        user.answers_for(home.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"role": "king"}, {"role": "operator", "branch": None}, {"person_id": ""}])
def test_the_database_refuses_accounts_that_cannot_be(wrong: dict[str, str | None]) -> None:
    user = make.staff(Role.OPERATOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**wrong)
