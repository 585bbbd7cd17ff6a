"""The web's database role by itself makes nobody an administrator, and releases none."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from jknoffice.accounts.life import moving, proposing
from jknoffice.accounts.life.rules import Why
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.hands import Hand
from tests import make
from tests.hands import acting_as, logged_in_as

pytestmark = pytest.mark.django_db(transaction=True)


ADD = """
INSERT INTO accounts_user
    (username, full_name, email, person_id, is_active, joined_at, role, password, needs_link)
VALUES ('x', 'X', '', 'x', true, now(), %s, %s, %s)
"""


def as_web(statement: str, *values: str | int | bool) -> None:
    with transaction.atomic(), acting_as(Hand.WEB):
        record("test.recorded", by=Actor.system("test"))
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def test_the_webs_hand_makes_no_administrator_by_itself() -> None:
    user = make.staff()
    waiting = make.staff(Role.ADMIN, is_active=False)
    refused: list[tuple[str, list[str | int | bool]]] = [
        ("UPDATE accounts_user SET role = 'admin' WHERE id = %s", [user.pk]),
        ("UPDATE accounts_user SET is_active = true WHERE id = %s", [waiting.pk]),
        (ADD, ["admin", "!", True]),
        (ADD, ["auditor", "argon2", True]),
        (ADD, ["auditor", "!", False]),
    ]
    for statement, values in refused:
        with pytest.raises(DatabaseError) as failed:
            as_web(statement, *values)
        assert getattr(failed.value.__cause__, "sqlstate", "") == "42501"
    as_web(ADD, "auditor", "!", True)


SUSPEND = "UPDATE accounts_user SET is_active = false, suspended_at = now(), suspended_by_id = %s WHERE id = %s"
LIFT = "UPDATE accounts_user SET is_active = true, suspended_at = NULL, suspended_by_id = NULL WHERE id = %s"
ADD_SUSPENDED = """
INSERT INTO accounts_user
    (username, full_name, email, person_id, is_active, joined_at, role, password, needs_link, suspended_at,
     suspended_by_id)
VALUES ('x', 'X', '', 'x', false, now(), 'admin', '!', true, now(), %s)
"""


def test_the_webs_hand_releases_no_administrator_by_way_of_a_suspension() -> None:
    by, waiting, active = make.staff(Role.ADMIN), make.staff(Role.ADMIN, is_active=False), make.staff(Role.ADMIN)
    for statement, values in ((SUSPEND, [by.pk, waiting.pk]), (ADD_SUSPENDED, [by.pk])):
        with pytest.raises(DatabaseError) as failed:
            as_web(statement, *values)
        assert getattr(failed.value.__cause__, "sqlstate", "") == "42501"
    as_web(SUSPEND, by.pk, active.pk)
    as_web(LIFT, active.pk)
    waiting.refresh_from_db()
    active.refresh_from_db()
    assert (waiting.state, active.is_active) == (State.WAITING, True)


def test_a_confirmation_that_two_stand_behind_is_what_the_database_asks_for() -> None:
    user, one, two = make.staff(last_login=timezone.now()), make.staff(Role.ADMIN), make.staff(Role.ADMIN)
    proposal = moving.move(user=user, role=Role.ADMIN, branch=None, why=Why.NEW_TASK, by=one)
    assert proposal is not None
    with logged_in_as(Hand.WEB):
        assert proposing.confirm(proposal=proposal, by=two) == ""
    user.refresh_from_db()
    assert user.role == Role.ADMIN
