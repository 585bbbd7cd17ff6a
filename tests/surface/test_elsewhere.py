"""What belongs to another branch is answered like what does not exist: the same status, the same words."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.roles import Role
from tests import cases, make
from tests.surface.resolver import walk
from tests.surface.table import STAFF
from verification.models import PhoneChangeRequest

pytestmark = pytest.mark.django_db

NOTHING = {"reference": "ZZZZZZZZ", "pk": 999_999}


def named(case: PhoneChangeRequest) -> dict[str, dict[str, object]]:
    """What the addresses of cases and their photos name, for the real one of another branch."""
    own: dict[str, dict[str, object]] = {
        name: {"reference": case.reference} for name, takes in walk() if name in STAFF and takes == {"reference"}
    }
    own["admin:verification_document"] = {"pk": case.documents.earliest("pk").pk}
    own["admin:verification_phonechangerequest_change"] = {"pk": case.pk}
    return own


def told(client: Client, way: str, name: str, given: dict[str, object]) -> tuple[int, str, str]:
    """Status, where it leads, and the page without what is new each time and without what was asked for."""
    address = reverse(name, kwargs=given)
    answer = client.generic(way, address)
    page = answer.content.decode().replace(address, "").replace(str(given.get("reference", "\0")), "")
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|[0-9a-f]{32}|\d\d[:.]\d\d', "", page)
    return answer.status_code, answer.headers.get("Location", ""), page


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_a_case_of_another_branch_is_answered_like_none(role: Role) -> None:
    client = make.logged_in(make.staff(role))
    case = cases.queued()
    asked = named(case)
    assert len(asked) > 20
    apart, statuses = [], set[int]()
    for name, given in asked.items():
        for way in ("GET", "POST"):
            there = told(client, way, name, given)
            nothing = told(client, way, name, {each: NOTHING[each] for each in given})
            statuses.add(there[0])
            if there != nothing:
                apart.append((way, name, there[0], nothing[0]))
    assert apart == []
    assert 404 in statuses
    assert 200 not in statuses
