"""The field that people do not see."""

import pytest

from jknoffice.audit.models import AuditLog
from tests import make
from tests.verification.portal import walk
from tests.verification.portal.account import walk as account_walk
from verification.models import AccountCode

pytestmark = pytest.mark.django_db


def test_a_program_that_fills_everything_in_gets_no_further_and_people_are_told_why() -> None:
    peserta, client = make.peserta(), walk.browser()
    page = walk.give_data(client, peserta, website="https://example.org")
    assert walk.where(page) == "data"
    assert "automatic filling" in walk.words(page)
    assert "165" in walk.words(page)
    assert walk.where(client.get(walk.address("ktp"), follow=True)) == "data"
    assert AuditLog.objects.filter(action="request.intake_refused", reason="trapped").count() == 1
    # What was typed stands there still, and goes through without it
    assert peserta.nik in page.content.decode()
    assert walk.where(walk.give_data(client, peserta)) == "ktp"


@pytest.mark.parametrize("door", ["register", "forgotten"])
def test_nor_does_it_get_an_sms_for_an_account(door: str) -> None:
    account, client = account_walk.account(), walk.browser()
    assert 'name="website"' in client.get(account_walk.address(door)).content.decode()
    given = account_walk.typed(account.peserta, name=account.username, website="https://example.org")
    page = client.post(account_walk.address(door), given, follow=True)
    assert walk.where(page) == door
    assert "automatic filling" in walk.words(page)
    assert not AccountCode.objects.exists()
    assert AuditLog.objects.filter(action="participant.refused", reason="trapped").count() == 1
