"""Who saw this person's data."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.models import User
from jknoffice.audit import looks
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing
from jknoffice.audit.looks import LOOKS, who_saw
from jknoffice.audit.models import AuditLog
from tests import make
from tests.audit.entries import write
from tests.audit.visits import SUBJECT, text_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", LOOKS)
def test_each_way_of_looking_is_in_the_answer(action: str, auditor: User) -> None:
    operator = make.staff()
    write(action, by=operator.as_actor(), subject=SUBJECT, about=Thing("test.thing", "3"), at=NOON)
    found = who_saw(subject=SUBJECT, by=auditor)
    assert [looker.actor for looker in found] == [auditor.username, operator.username]
    assert found[1].things == [(Thing("test.thing", "3"), "test.thing 3")]


@pytest.mark.django_db(transaction=True)
def test_looks_are_counted_from_first_to_last_with_their_cases(auditor: User) -> None:
    operator, hour = make.staff(), timedelta(hours=1)
    for n, case in enumerate(["7", "3", "7"]):
        write(
            "request.viewed", by=operator.as_actor(), subject=SUBJECT, about=Thing("t.case", case), at=NOON + n * hour
        )
    write("peserta.viewed", by=operator.as_actor(), subject=SUBJECT, at=NOON + 3 * hour)
    looker = who_saw(subject=SUBJECT, by=auditor)[1]
    assert (looker.times, looker.first_at, looker.last_at) == (4, NOON, NOON + 3 * hour)
    assert [thing.id for thing, _label in looker.things] == ["3", "7"]
    assert len(looker.actions) == 2
    assert looker.person == operator.as_actor().person


NOT_LOOKS: list[dict[str, Any]] = [
    {"action": "request.approved"},
    {"action": "peserta.view_refused"},
    {"by": Actor.system("worker")},
    {"by": Actor.participant("portal")},
    {"subject": uuid.UUID("00000000-0000-4000-8000-00000000abcd")},
    {"subject": None},
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", NOT_LOOKS, ids=str)
def test_what_is_no_look_of_staff_at_this_person_is_left_out(other: dict[str, Any], auditor: User) -> None:
    write(**{"action": "peserta.viewed", "by": make.staff().as_actor(), "subject": SUBJECT, **other})
    assert [looker.actor for looker in who_saw(subject=SUBJECT, by=auditor)] == [auditor.username]


@pytest.mark.django_db(transaction=True)
def test_too_many_lookers_are_cut_off_and_the_page_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "MOST_LOOKERS", 2)
    monkeypatch.setattr("jknoffice.audit.views.lookers.MOST_LOOKERS", 2)
    for _ in range(3):
        write(by=make.staff().as_actor(), subject=SUBJECT)
    page = text_of(client.get(reverse("admin:audit_lookers", args=[SUBJECT])))
    assert page.count('<th scope="row">') == 2
    assert "Only the 2 who looked last are listed." in page


@pytest.mark.django_db
def test_the_question_is_asked_by_number_and_recorded_twice(client: Client, auditor: User) -> None:
    person, operator = make.peserta(), make.staff()
    write(by=operator.as_actor(), subject=person.uuid)
    response = client.post(reverse("admin:audit_search"), {"text": person.nik, "lookers": "1"}, follow=True)
    assert response.redirect_chain == [(reverse("admin:audit_lookers", args=[person.uuid]), 302)]
    page = text_of(response)
    assert operator.username in page
    assert f"person={operator.as_actor().person}" in page
    assert person.nik not in page
    asked = list(AuditLog.objects.order_by("-pk").values_list("action", "actor", "subject")[:2])
    assert asked == [(act, auditor.username, person.uuid) for act in ("audit.lookers_read", "audit.searched")]
