"""Who else had the case open a moment ago."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.log import Thing, record
from jknoffice.audit.models import AuditLog
from tests import cases, make
from tests.audit import many
from tests.plans import scans
from verification import changes
from verification.desk.onlookers import LATELY
from verification.models import PhoneChangeRequest

pytestmark = pytest.mark.django_db


def opened(user: User, case: PhoneChangeRequest) -> Any:
    return make.logged_in(user).get(reverse("admin:verification_case", args=[case.reference]))


def names(user: User, case: PhoneChangeRequest) -> list[str]:
    return [one.name for one in opened(user, case).context["file"].onlookers]


def looked(user: User, case: PhoneChangeRequest, minutes: float) -> None:
    at = timezone.now() - timedelta(minutes=minutes)
    record("request.viewed", by=user.as_actor(), about=Thing.of(case), at=at)


def test_a_supervisor_who_opened_the_case_stands_on_the_page_of_who_holds_it() -> None:
    case = cases.queued()
    holder, supervisor = cases.reviewer(case), cases.reviewer(case, Role.SUPERVISOR)
    changes.claim(request=case, by=holder)
    assert names(holder, case) == []
    opened(supervisor, case)
    answer = opened(holder, case)
    (one,) = answer.context["file"].onlookers
    html = answer.content.decode()
    assert "Juga dibuka oleh" in html
    assert f"{supervisor.full_name}, pukul {timezone.localtime(one.at):%H:%M}" in html
    assert names(supervisor, case) == [holder.full_name]


def test_everybody_stands_there_once_the_last_one_first() -> None:
    case = cases.queued()
    me, one, other = (cases.reviewer(case) for _ in range(3))
    for user, minutes in ((one, 5), (other, 4), (one, 3), (other, 8)):
        looked(user, case, minutes)
    assert names(me, case) == [one.full_name, other.full_name]


def test_a_look_long_ago_or_at_another_case_or_of_ones_own_says_nothing() -> None:
    case, another = cases.queued(), cases.queued()
    me = cases.reviewer(case)
    looked(cases.reviewer(case), case, LATELY.total_seconds() / 60 + 0.1)
    looked(cases.reviewer(case), another, 1)
    looked(me, case, 1)
    twin = make.staff(Role.SUPERVISOR, branch=case.branch)
    User.objects.filter(pk=twin.pk).update(person_id=me.person_id)
    twin.refresh_from_db()
    looked(twin, case, 1)
    assert names(me, case) == []


def test_the_participant_at_the_portal_is_no_onlooker() -> None:
    case = cases.queued()
    opened(cases.reviewer(case), case)
    changes.cancel(request=case)
    assert len(names(cases.reviewer(case), case)) == 1


def test_the_page_scans_neither_log_nor_requests() -> None:
    many.generate(100_000)
    many.analyse()
    case = cases.queued()
    user = cases.reviewer(case)
    looked(cases.reviewer(case), case, 1)
    client = make.logged_in(user)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("admin:verification_case", args=[case.reference]))
    log = AuditLog._meta.db_table
    assert any(log in query["sql"] for query in queries.captured_queries)
    assert scans(queries, of=[log]) == []
