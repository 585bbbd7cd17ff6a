"""The field that people do not see."""

import pytest

from jknoffice.audit.models import AuditLog
from tests import make
from tests.verification.portal import walk

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
