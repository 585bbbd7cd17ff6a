"""The demo: repeatable, complete, and only where it may be."""

import io
import json
from collections import Counter
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from benchmarks.operators import operators_of
from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from jknoffice.demo import register
from jknoffice.demo.staff import BUSY
from jknoffice.place import Place
from participants.models import Peserta
from tests import make
from tests.accounts.door import give_code, give_password, is_in
from verification import changes
from verification.models import PhoneChangeRequest
from verification.sms.gateways import memory
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


def demo(**options: Any) -> str:
    out = io.StringIO()
    call_command("demo", stdout=out, participants=2500, **options)
    return out.getvalue()


def credentials() -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("demo_credentials", format="json", stdout=out)
    found: list[dict[str, str]] = json.loads(out.getvalue())
    return found


def test_the_demo_fills_everything_and_the_first_case_changes_a_number_at_once(
    client: Any, sms: list[memory.Message]
) -> None:
    said = demo()
    assert "12 branches, 2500 participants, 60 requests" in said
    assert f"NIK {register.newcomer().nik}, born" in said
    assert (Branch.objects.count(), Peserta.objects.count(), PhoneChangeRequest.objects.count()) == (12, 2500, 60)
    assert set(PhoneChangeRequest.objects.values_list("status", flat=True)) == set(Status)
    assert {account["role"] for account in credentials()} == set(Role)

    # A second run adds nothing.
    entries = AuditLog.objects.count()
    demo()
    assert (PhoneChangeRequest.objects.count(), AuditLog.objects.count()) == (60, entries)

    # Every demo account gets through the door with what the command says.
    for account in credentials():
        user = User.objects.get(username=account["username"])
        give_password(client, user, account["password"])
        give_code(client, account["totp_now"])
        assert is_in(client), account["username"]
        client.logout()

    # The crowd of the benchmarks finds who decides and who enters, and not whoever cannot log in.
    assert {code: len(operators_of(code)) for code in BUSY} == dict.fromkeys(BUSY, 2)

    # The newcomer's first case.
    operator = User.objects.get(username="operator")
    taken = changes.take_next(by=operator)
    assert taken is not None
    assert (taken.channel, taken.signals) == ("counter", [])
    decided = changes.approve(request=taken, by=operator, compared=True)
    assert decided.status == Status.APPLIED
    assert decided.peserta_id is not None
    assert Peserta.objects.filter(pk=decided.peserta_id, phone=decided.new_phone).exists()

    # Nobody acted before the request came in, and messages went to the numbers of their requests.
    assert not PhoneChangeRequest.objects.filter(reviewed_at__lt=F("submitted_at")).exists()
    assert Counter(message.to for message in sms).total() > 60


def test_the_door_shows_the_demo_accounts(client: Any) -> None:
    assert "demo-accounts" not in client.get("/admin/login/").content.decode()
    from jknoffice.demo import register, staff

    register.open_branches()
    staff.hire()
    page = client.get("/admin/login/").content.decode()
    shown = next(account for account in credentials() if account["username"] == "supervisor")
    assert shown["password"] in page
    assert shown["totp_now"] in page


def test_the_sms_page_shows_what_the_console_gateway_kept(client: Any, settings: Any, tmp_path: Any) -> None:
    settings.SMS_CONSOLE_FILE = tmp_path / "sms.jsonl"
    assert client.get("/demo/sms/").status_code == 200
    from verification.sms.gateways import console

    for number in range(60):
        console.send(to="+6281234567890", text=f"BPJS Kesehatan: pesan {number}")
    page = client.get("/demo/sms/").content.decode()
    assert "0812-3456-7890" in page
    assert "pesan 59" in page
    assert "pesan 9<" not in page
    assert client.post("/demo/sms/").status_code == 405


@pytest.mark.parametrize("command", ["demo", "demo_credentials"])
def test_production_has_no_demo(command: str, settings: Any) -> None:
    settings.JKN_ENV = Place.PRODUCTION
    with pytest.raises(CommandError, match="development and test only") as refusal:
        call_command(command)
    assert refusal.value.returncode == 2


def test_credentials_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    make.branch()
    call_command("demo_credentials")
    assert "user name" in capsys.readouterr().out
