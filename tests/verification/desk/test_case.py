"""The review page: what is shown to whom, and which buttons."""

import re

import pytest
from django.urls import reverse

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from tests import cases, make
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db

CASES = [status for status in Status if status is not Status.UNMATCHED]


def address(case: PhoneChangeRequest) -> str:
    return reverse("admin:verification_case", args=[case.reference])


def page(user: User, case: PhoneChangeRequest) -> str:
    return make.logged_in(user).get(address(case)).content.decode()


def buttons(html: str, case: PhoneChangeRequest) -> set[str]:
    """The steps that the page has a form for, by the last part of its address."""
    found = re.findall(rf'action="{re.escape(address(case))}([a-z-]+)/"', html)
    assert len(found) == len(set(found))
    return {step.replace("-", "_") for step in found}


BUTTONS = {
    (Status.AWAITING_CODE, Role.OPERATOR): {"cancel"},
    (Status.AWAITING_CODE, Role.SUPERVISOR): set(),
    (Status.QUEUED, Role.OPERATOR): {"claim", "cancel"},
    (Status.QUEUED, Role.SUPERVISOR): {"claim"},
    (Status.IN_REVIEW, Role.OPERATOR): set(),
    (Status.IN_REVIEW, Role.SUPERVISOR): {"release"},
    (Status.NEEDS_INFO, Role.OPERATOR): {"cancel"},
    (Status.NEEDS_INFO, Role.SUPERVISOR): set(),
    (Status.SECOND_REVIEW, Role.OPERATOR): set(),
    (Status.SECOND_REVIEW, Role.SUPERVISOR): {"claim"},
    (Status.ON_HOLD, Role.OPERATOR): {"cancel"},
    (Status.ON_HOLD, Role.SUPERVISOR): set(),
    (Status.FROZEN, Role.OPERATOR): set(),
    (Status.FROZEN, Role.SUPERVISOR): {"unfreeze", "reject"},
    (Status.APPLIED, Role.OPERATOR): {"ask_reversal"},
    (Status.APPLIED, Role.SUPERVISOR): {"ask_reversal"},
    (Status.REJECTED, Role.OPERATOR): set(),
    (Status.REJECTED, Role.SUPERVISOR): set(),
    (Status.REVERSED, Role.OPERATOR): set(),
    (Status.REVERSED, Role.SUPERVISOR): set(),
    (Status.CANCELLED, Role.OPERATOR): set(),
    (Status.CANCELLED, Role.SUPERVISOR): set(),
    (Status.EXPIRED, Role.OPERATOR): set(),
    (Status.EXPIRED, Role.SUPERVISOR): set(),
}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
@pytest.mark.parametrize("status", CASES)
def test_somebody_who_does_not_hold_a_case_gets_these_buttons(status: Status, role: Role) -> None:
    case = cases.in_state(status)
    assert buttons(page(cases.reviewer(case, role), case), case) == BUTTONS[status, role]
