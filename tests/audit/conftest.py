"""An auditor with a browser, and a register that finds people."""

from collections.abc import Iterator

import pytest
from django.test import Client

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit import finders
from participants.models import Peserta
from tests import make
from tests.audit.visits import in_english


@pytest.fixture
def auditor() -> User:
    return make.staff(Role.AUDITOR)


@pytest.fixture
def client(auditor: User) -> Client:
    """An auditor's browser, in English."""
    return in_english(make.logged_in(auditor))


@pytest.fixture(autouse=True)
def _finder() -> Iterator[None]:
    """The register answers with the participant whose NIK it is."""
    patch = pytest.MonkeyPatch()
    patch.setattr(finders, "_finders", [])
    finders.register(lambda text: Peserta.objects.filter(nik=text).values_list("uuid", flat=True).first())
    yield
    patch.undo()
