"""The notice of trouble with sealing, in a real browser."""

import pytest
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditHalt
from tests import make
from tests.browser import PHONE, Pages, assert_accessible


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dark", [False, True])
def test_a_halt_can_be_read_by_everybody(new_page: Pages, dark: bool) -> None:
    AuditHalt.objects.create(reason="witness folder has seen another root for 3 entries", halted_at=timezone.now())
    page = new_page(PHONE, user=make.staff(Role.AUDITOR), dark=dark)
    page.goto("/admin/audit/auditlog/")
    assert page.get_by_role("alert").inner_text().startswith("Penyegelan log audit terhenti.")
    assert_accessible(page)
