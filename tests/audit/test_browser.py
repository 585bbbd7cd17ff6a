"""The auditors' pages in a real browser: a desk in the light and a telephone in the dark."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import ViewportSize

from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing
from jknoffice.audit.sealing.sealer import seal_all
from tests import make
from tests.audit.entries import write
from tests.audit.visits import SUBJECT
from tests.browser import DESK, PHONE, Pages, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("screen", "dark"), [(DESK, False), (PHONE, True)], ids=["desk", "phone"])
def test_the_pages_are_accessible(screen: ViewportSize, dark: bool, new_page: Pages, auditor: User) -> None:
    operator = make.staff()
    sealed = write("request.viewed", by=operator.as_actor(), subject=SUBJECT, about=Thing("t.case", "7"))
    seal_all()
    waits = write("peserta.viewed", by=operator.as_actor(), subject=SUBJECT)
    page = new_page(screen, user=auditor, dark=dark)
    for name, pk in [
        ("audit_auditlog_changelist", None),
        ("audit_entries", None),
        ("audit_auditlog_change", sealed.pk),
        ("audit_auditlog_change", waits.pk),
        ("audit_lookers", SUBJECT),
        ("audit_trail", SUBJECT),
    ]:
        page.goto(reverse(f"admin:{name}", args=[pk] if pk else []))
        assert page.locator("h1").count() == 1
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if folder := os.environ.get("JKN_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{pk}-{screen['width']}.png", full_page=True)
