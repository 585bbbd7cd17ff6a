"""Accounts, their rights and the limits."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jknoffice.accounts import limits
from jknoffice.accounts.models import Counter, User
from jknoffice.accounts.roles import RIGHTS, Role
from tests import make
from tests.verification.test_races import at_once

LIMIT = limits.Limit(name="test", most=3, window=timedelta(minutes=15))

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
@pytest.mark.parametrize("wrong", [{"role": "king"}, {"role": "operator", "branch": None}, {"person_id": ""}])
def test_the_database_refuses_accounts_that_cannot_be(wrong: dict[str, str | None]) -> None:
    user = make.staff(Role.OPERATOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**wrong)


@pytest.mark.django_db
def test_a_limit_counts_for_each_subject_and_window() -> None:
    at = timezone.now()
    assert [limits.count(LIMIT, "a", at=at) for _ in range(4)] == [True, True, True, False]
    assert limits.count(LIMIT, "b", at=at)
    assert limits.count(LIMIT, "a", at=at + LIMIT.window)


@pytest.mark.django_db
def test_what_is_given_back_may_be_used_again() -> None:
    at = timezone.now()
    for _ in range(3):
        limits.count(LIMIT, "a", at=at)
    limits.give_back(LIMIT, "a", at=at)
    assert [limits.count(LIMIT, "a", at=at) for _ in range(2)] == [True, False]


@pytest.mark.django_db
def test_after_the_wait_the_limit_is_fresh() -> None:
    at = timezone.now()
    for _ in range(4):
        limits.count(LIMIT, "a", at=at)
    wait = limits.wait(LIMIT, at=at)
    assert timedelta() < wait <= LIMIT.window
    assert not limits.count(LIMIT, "a", at=at + wait - timedelta(milliseconds=1))
    assert limits.count(LIMIT, "a", at=at + wait + timedelta(milliseconds=1))


@pytest.mark.django_db
def test_a_counter_does_not_tell_whom_it_counts() -> None:
    limits.count(LIMIT, "0812-3456-7890")
    assert b"0812" not in bytes(Counter.objects.get().key)


@pytest.mark.django_db(transaction=True)
def test_no_race_slips_past_a_limit() -> None:
    at = timezone.now()
    answers = at_once(*[lambda: limits.count(LIMIT, "a", at=at)] * 12)
    assert sum(answers) == 3
    assert Counter.objects.get().n == 12
