"""What may lag reads the replica; whoever wrote sees what they wrote."""

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jknoffice import replica
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from jknoffice.database import databases
from jknoffice.place import Place
from jknoffice.replica import Router, may_lag
from participants.models import Peserta
from participants.searching import search
from tests import make

PRIMARY_URL, REPLICA_URL = "postgres://jkn@one/jkn", "postgres://jkn:hidden@two,one/jkn?target_session_attrs=any"


@pytest.fixture
def _replica(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES, "replica", dict(settings.DATABASES["default"]))
    replica._begin()


@pytest.mark.usefixtures("_replica")
def test_only_who_says_so_reads_the_replica_and_nobody_who_wrote() -> None:
    router = Router()
    assert router.db_for_read(Peserta) == "default"
    with may_lag():
        assert router.db_for_read(Peserta) == "replica"
        assert router.db_for_write(Peserta) == "default"
        assert router.db_for_read(Peserta) == "default"
    replica._begin()
    with may_lag():
        assert router.db_for_read(Peserta) == "replica"
    assert router.db_for_read(Peserta) == "default"
    assert not router.allow_migrate("replica", "participants")


def test_without_a_replica_nothing_changes() -> None:
    replica._begin()
    with may_lag():
        assert Router().db_for_read(Peserta) == "default"


@pytest.mark.django_db
@pytest.mark.usefixtures("_replica")
def test_the_search_and_the_list_of_entries_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []
    asked = Router.db_for_read

    def listen(self: Router, model: Any, **hints: Any) -> str:
        seen.append((asked(self, model, **hints), model.__name__))
        return "default"

    auditor, person, clerk = make.logged_in(make.staff(Role.AUDITOR)), make.peserta(), make.staff()
    monkeypatch.setattr(Router, "db_for_read", listen)
    replica._begin()
    found = search.find(text=person.nik, by=clerk)
    assert [pk for pk, _kind in found.matches] == [person.pk]
    auditor.get("/admin/audit/auditlog/entries/")
    assert {model for used, model in seen if used == "replica"} == {"Peserta", "AuditLog"}
    assert AuditLog.objects.filter(action="peserta.searched").exists()


def test_a_replica_is_read_only_and_named_when_it_is_wrong(tmp_path: Any) -> None:
    found = databases(url=PRIMARY_URL, place=Place.PRODUCTION, var=tmp_path, replica=REPLICA_URL)
    assert "default_transaction_read_only=on" in found["replica"]["OPTIONS"]["options"]
    assert found["replica"]["OPTIONS"]["target_session_attrs"] == "any"
    assert "replica" not in databases(url=PRIMARY_URL, place=Place.PRODUCTION, var=tmp_path, replica="")
    with pytest.raises(ImproperlyConfigured, match="JKN_REPLICA_URL") as refusal:
        databases(url=PRIMARY_URL, place=Place.PRODUCTION, var=tmp_path, replica="mysql://jkn:hidden@two/jkn")
    assert "hidden" not in str(refusal.value)
