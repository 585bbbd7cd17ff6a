"""Each version of a request has its entry, and `verify_audit` says so when one has not."""

import pytest
from django.db import transaction

from jknoffice.audit.verify import whole
from tests import cases
from tests.audit.entries import tamper
from verification import census
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db


def test_every_state_is_reached_with_an_entry_for_each_version() -> None:
    for status in Status:
        cases.in_state(status)
    assert list(census.unwritten()) == []


def test_a_change_without_an_entry_is_told() -> None:
    request = cases.in_state(Status.IN_REVIEW)
    PhoneChangeRequest.objects.filter(pk=request.pk).update(version=request.version + 1)
    told = f"has version {request.version + 1}, the log has {request.version} entries up to version {request.version}"
    assert list(census.unwritten()) == [f"request {request.pk} {told}"]
    assert f"requests: request {request.pk} {told}" in whole.verify().problems


def test_a_request_that_the_log_does_not_know_is_told() -> None:
    request = cases.in_state(Status.AWAITING_CODE)
    tamper("DELETE FROM audit_auditlog", [])
    assert list(census.unwritten()) == [
        f"request {request.pk} has version {request.version}, the log has 0 entries up to version 0"
    ]


def test_a_request_that_is_gone_is_told() -> None:
    request = cases.in_state(Status.AWAITING_CODE)
    with transaction.atomic():
        tamper("DELETE FROM verification_phonechangerequest WHERE id = %s", [request.pk])
        told = list(census.unwritten())
        transaction.set_rollback(True)
    assert told == [f"request {request.pk} is gone, the log has {request.version} versions of it"]
