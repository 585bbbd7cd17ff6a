"""How often a request may be sent: by address, and for one NIK from wherever; known and unknown alike."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jknoffice.accounts import limits
from jknoffice.accounts.limits import Limit
from jknoffice.audit.models import AuditLog
from tests import make
from tests.verification.portal import walk
from verification.models import PhoneChangeRequest
from verification.portal.limits import SUBMIT, SUBMIT_FOR_ONE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("limit", [SUBMIT, SUBMIT_FOR_ONE])
def test_beyond_a_limit_one_is_told_when_to_try_again_and_where_else_to_go(limit: Limit, known: bool) -> None:
    client, nik = walk.browser(), make.peserta().nik if known else make.nik(9998)
    with walk.clock(walk.full_hour()) as passes:
        walk.to_check(client, identifier=nik)
        subject = nik if limit is SUBMIT_FOR_ONE else "127.0.0.1"
        for _ in range(limit.most):
            limits.count(limit, subject, at=timezone.now() - timedelta(minutes=10))
        page = walk.send(client)
        assert (walk.where(page), page.status_code) == ("check", 429)
        assert "Please try again in 51 minutes, visit a branch office, or call 165" in walk.words(page)
        assert not PhoneChangeRequest.objects.exists()
        assert AuditLog.objects.filter(action="request.intake_refused", reason="too_many").count() == 1
        # What was typed and the photos stay; later the same button works.
        passes(limits.wait(limit, subject))
        assert walk.where(walk.send(client)) == "code"
