"""Requests that no page of ours sends: from other sites, to other hosts, too large, and with Django's own shortcuts."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from participants.models import Peserta
from tests import make
from tests.surface.table import STAFF

pytestmark = pytest.mark.django_db

LISTS = sorted(name for name, roles in STAFF.items() if name.endswith("_changelist") and roles)


def lists() -> list[tuple[str, Client]]:
    """Each list of rows of the admin, with everybody who may open it."""
    clients = {role: make.logged_in(make.staff(role)) for role in Role}
    return [(name, clients[role]) for name in LISTS for role in STAFF[name]]


def lookups(name: str) -> list[str]:
    """A guess at each column of the list's rows, and of the rows that these name."""
    model = apps.get_model(name.removeprefix("admin:").removesuffix("_changelist").replace("_", ".", 1))
    found = []
    for column in model._meta.concrete_fields:
        further = column.related_model._meta.concrete_fields if column.related_model else []
        found += [f"{column.name}__startswith", *(f"{column.name}__{each.name}__startswith" for each in further)]
    return found


def test_a_form_of_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(reverse("admin:login"))
    token = page.context["csrf_token"]
    sent = {"csrfmiddlewaretoken": token, "username": "x", "password": "x"}
    assert client.post(reverse("admin:login"), sent).status_code == 200
    refused = client.post(reverse("admin:login"), sent, headers={"origin": "https://example.org"})
    assert refused.status_code == 403
    assert "Traceback" not in refused.content.decode()


def test_another_host_is_refused_without_a_word_of_what_runs_here() -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"host": "example.org"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert '<html lang="id">' in page
    for told in ("Django", "Traceback", "example.org", "ALLOWED_HOSTS", "Python"):
        assert told not in page


@pytest.mark.parametrize("name", ["admin:login", "portal:data", "account:login"])
def test_a_body_without_measure_is_refused(name: str) -> None:
    answer = Client(raise_request_exception=False).post(
        reverse(name), "a=" + "x" * 3_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {400, 413}
    assert "Traceback" not in answer.content.decode()


def test_rows_are_not_found_by_look_ups_in_the_address() -> None:
    for name, client in lists():
        plain = client.get(reverse(name))
        for lookup in lookups(name):
            answer = client.get(f"{reverse(name)}?{lookup}=1")
            heeded = answer.status_code == 200 and "cl" in (answer.context or {})
            assert not heeded, (name, lookup)
            assert answer.status_code in {plain.status_code, 302, 400}, (name, lookup)


def test_the_filters_of_a_list_still_work() -> None:
    make.staff(Role.OPERATOR)
    staff = make.logged_in(make.staff(Role.ADMIN)).get(reverse("admin:accounts_user_changelist") + "?role=operator")
    assert {user.role for user in staff.context["page"].people} == {Role.OPERATOR}
    imports = reverse("admin:participants_importbatch_changelist") + "?imported_at__year=2026"
    assert make.logged_in(make.staff(Role.DATA_ADMIN)).get(imports).status_code == 200


def test_nothing_is_deleted_by_a_list() -> None:
    make.peserta()
    for name, client in lists():
        before = Peserta.objects.count(), User.objects.count()
        chosen = [str(pk) for pk in User.objects.values_list("pk", flat=True)]
        form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes", "index": "0"}
        client.post(reverse(name), form)
        assert (Peserta.objects.count(), User.objects.count()) == before
        assert "delete_selected" not in client.get(reverse(name), follow=True).content.decode()
