"""The alarms on the screen: who sees which, and what one does with them."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.alarms.models import Alarm, Rule
from jknoffice.alarms.views import SIZE
from jknoffice.audit.models import AuditLog
from tests import make
from tests.participants.visits import client_of, text_of

pytestmark = pytest.mark.django_db

LIST = "/admin/alarms/alarm/"
NOTE = "She was on duty, <b>the rota</b> says so."


def alarm_about(who: User | None, *, rule: Rule = Rule.REFUSALS, **given: Any) -> Alarm:
    now = timezone.now()
    moments = dict.fromkeys(("window_start", "first_at", "reached_at", "raised_at"), now)
    about = {"about": who.person_id, "actors": who.username, "branch": who.branch} if who else {"about": "halt/1"}
    return Alarm.objects.create(**({"rule": rule, "n": 10, **moments, **about} | given))


def page_of(alarm: Alarm, step: str = "") -> str:
    return reverse(f"admin:alarms_alarm_{step or 'change'}", args=[alarm.pk])


def listed(client: Client, query: str = "") -> list[Alarm]:
    return list(client.get(LIST + query).context["page"].object_list)


def test_supervisors_see_those_of_their_region_auditors_all_nobody_their_own() -> None:
    home = make.branch()
    operator = make.staff(branch=make.branch(region=home.region))
    supervisor, stranger = make.staff(Role.SUPERVISOR, branch=home), make.staff(Role.SUPERVISOR)
    auditor, other = make.staff(Role.AUDITOR), make.staff(Role.AUDITOR)
    near, own, far, theirs, halt = (alarm_about(who) for who in (operator, supervisor, make.staff(), auditor, None))
    pair = alarm_about(operator, rule=Rule.PAIR, about=f"{operator.person_id}/{supervisor.person_id}")
    reach = {
        supervisor: {near},
        stranger: set(),
        auditor: {near, own, far, pair, halt},
        other: {near, own, far, pair, theirs, halt},
    }
    for user, within in reach.items():
        client = client_of(user)
        assert set(listed(client)) == within
        for alarm in (near, own, far, theirs, halt, pair):
            answers = [client.get(page_of(alarm)), client.post(page_of(alarm, "handled"))]
            answers += [] if alarm in within else [client.post(page_of(alarm, "seen"))]
            assert {answer.status_code for answer in answers} == {200 if alarm in within else 404}
    assert AuditLog.objects.filter(action="alarm.refused", reason="out_of_scope").count() == 3 * (5 + 6 + 1)
    assert not Alarm.objects.exclude(seen_by=None, handled_by=None).exists()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DATA_ADMIN, Role.ADMIN])
def test_the_other_roles_are_refused_and_that_is_recorded(role: Role) -> None:
    user, alarm = make.staff(role), alarm_about(make.staff())
    client = client_of(user)
    assert client.get(LIST).status_code == 403
    assert LIST not in text_of(client.get("/admin/"))
    assert [client.post(page_of(alarm, step)).status_code for step in ("seen", "handled")] == [403, 403]
    refusals = AuditLog.objects.filter(actor=user.username, action="alarm.refused", reason="no_permission")
    assert refusals.count() == 3


def test_an_alarm_is_seen_by_the_first_and_handled_once_with_a_note() -> None:
    alarm, one, other = alarm_about(make.staff()), make.staff(Role.AUDITOR), make.staff(Role.AUDITOR)
    first, second = client_of(one), client_of(other)
    assert "I look after it" in text_of(first.get(page_of(alarm)))
    for client in (first, second):
        client.post(page_of(alarm, "seen"))
    assert listed(second)[0].seen_by == one
    for note in ("", "  ", "x" * 1001, "\0"):
        answer = second.post(page_of(alarm, "handled"), {"note": note})
        assert answer.context["form"].errors["note"], note
    assert second.post(page_of(alarm, "handled"), {"note": NOTE}).status_code == 302
    refused = first.post(page_of(alarm, "handled"), {"note": "Mine."}, follow=True)
    assert "already handled this alarm" in text_of(refused)
    shown = text_of(first.get(page_of(alarm)))
    assert "&lt;b&gt;the rota&lt;/b&gt;" in shown
    assert "<textarea" not in shown
    alarm.refresh_from_db()
    assert (alarm.seen_by, alarm.handled_by, alarm.note) == (one, other, NOTE)
    entries = [json.loads(row.entry) for row in AuditLog.objects.filter(object_type="alarms.alarm").order_by("pk")]
    written = [(entry["action"], entry["actor"]) for entry in entries if entry["action"] != "alarm.viewed"]
    assert written == [
        ("alarm.seen", one.username),
        ("alarm.handled", other.username),
        ("alarm.refused", one.username),
    ]
    assert NOTE not in str(entries)


def test_the_list_is_narrowed_and_paged() -> None:
    client, user = client_of(make.staff(Role.AUDITOR)), make.staff(Role.AUDITOR)
    now = timezone.now()
    done = alarm_about(make.staff(), handled_by=user, handled_at=now, note="?")
    for number in range(SIZE + 1):
        alarm_about(None, rule=Rule.HALT, about=f"halt/{number}")
    assert len(listed(client)) == SIZE
    assert len(listed(client, "?page=2")) == 1
    assert "page=1" in text_of(client.get(LIST + "?page=2"))
    assert listed(client, "?which=handled") == listed(client, f"?which=all&rule={done.rule}") == [done]
    assert len(listed(client, "?which=nonsense&page=x")) == SIZE


def test_an_alarm_leads_to_what_was_done_in_its_time() -> None:
    operator, auditor = make.staff(), make.staff(Role.AUDITOR)
    client = client_of(operator)
    client.get("/admin/alarms/alarm/")
    shown = text_of(client_of(auditor).get(page_of(alarm_about(operator))))
    link = shown.split(f'href="{reverse("admin:audit_entries")}')[1].split('"')[0].replace("&amp;", "&")
    entries = client_of(auditor).get(reverse("admin:audit_entries") + link).context["steps"]
    assert [step.entry.action for step in entries] == ["alarm.refused"]


def test_django_adds_changes_and_deletes_none() -> None:
    alarm, client = alarm_about(make.staff()), client_of(make.staff(Role.AUDITOR))
    for rest in ("add/", f"{alarm.pk}/change/", f"{alarm.pk}/delete/", f"{alarm.pk}/history/"):
        assert client.get(LIST + rest).status_code == 404
