"""Partners are made and changed by commands."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jknoffice.audit.models import AuditLog
from verification.api import partners
from verification.models import ApiClient

pytestmark = pytest.mark.django_db(transaction=True)


def called(command: str, *given: str) -> str:
    out = StringIO()
    call_command(command, *given, stdout=out)
    return out.getvalue()


def made(*more: str) -> str:
    said = called("create_api_client", "--name", "Mobile JKN", "--client-id", "mobile", *more)
    return said.split()[-1]


def test_the_secret_is_said_once_and_not_stored() -> None:
    secret = made()
    assert partners.known("mobile", secret)
    assert secret.encode() not in bytes(ApiClient.objects.get().secret_digest)
    assert partners.known("mobile", secret + "x") is None


def test_a_new_secret_replaces_the_old_one() -> None:
    old = made("--scope", "requests:read")
    new = called("change_api_client", "mobile", "--rotate").split()[-1]
    assert AuditLog.objects.filter(action="partner.secret_changed").count() == 1
    assert (partners.known("mobile", old), bool(partners.known("mobile", new))) == (None, True)
    assert ApiClient.objects.get().scopes == ["requests:read"]


def test_a_partner_is_switched_off_and_on() -> None:
    secret = made()
    for way, known in [("--off", False), ("--on", True)]:
        called("change_api_client", "mobile", way)
        assert bool(partners.known("mobile", secret)) == known
    actions = [entry.action for entry in AuditLog.objects.order_by("pk")]
    assert actions == ["partner.created", "partner.switched_off", "partner.switched_on"]


@pytest.mark.parametrize(
    "given",
    [
        ("create_api_client", "--name", "A", "--client-id", "Not small"),
        ("create_api_client", "--name", " ", "--client-id", "other"),
        ("create_api_client", "--name", "A", "--client-id", "mobile"),
        ("change_api_client", "nobody", "--off"),
    ],
)
def test_what_is_wrong_is_said(given: Any) -> None:
    made()
    with pytest.raises(CommandError) as told:
        called(*given)
    assert told.value.returncode == 2
