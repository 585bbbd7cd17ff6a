"""Who reaches what in the register: every address × every role, written out by hand."""

import json

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from participants.models import ImportBatch, ImportUpload, Peserta
from participants.views.addresses import addresses as patterns
from participants.views.addresses import upload_addresses as upload_patterns
from tests import make
from tests.participants.uploads.journey import page
from tests.participants.visits import SEARCH

pytestmark = pytest.mark.django_db

MAY = {Role.OPERATOR, Role.SUPERVISOR, Role.DATA_ADMIN}
MAY_SEE_IMPORTS = {Role.DATA_ADMIN}


def addresses(peserta: Peserta) -> dict[str, tuple[str, str, dict[str, str], int]]:
    """Method, path, form and good answer by name: every address of the register."""
    return {
        "search": ("get", reverse(SEARCH), {}, 200),
        "searched": ("post", reverse(SEARCH), {"q": peserta.nik}, 302),
        "results": ("get", reverse("admin:participants_peserta_results", args=["none"]), {}, 302),
        "more": ("post", reverse("admin:participants_peserta_more", args=["none"]), {}, 302),
        "family": ("get", reverse("admin:participants_peserta_family", args=[peserta.uuid]), {}, 200),
        "number": ("get", reverse("admin:participants_peserta_number", args=[peserta.uuid]), {}, 200),
        "person": ("get", reverse("admin:participants_peserta_person", args=[peserta.uuid]), {}, 200),
        "reveal": (
            "post",
            reverse("admin:participants_peserta_reveal", args=[peserta.uuid]),
            {"why": "on_the_line", "field": "nik"},
            200,
        ),
        "copied": ("post", reverse("admin:participants_peserta_copied", args=[peserta.uuid]), {"field": "nik"}, 204),
    }


NAMES = ["search", "searched", "results", "more", "person", "family", "number", "reveal", "copied"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", NAMES)
def test_this_role_gets_this_answer(role: Role, name: str) -> None:
    peserta = make.peserta()
    user = make.staff(role)
    method, path, form, good = addresses(peserta)[name]
    answer = getattr(make.logged_in(user), method)(path, form)
    assert answer.status_code == (good if role in MAY else 403)
    refusals = AuditLog.objects.filter(actor=user.username, action__endswith="_refused")
    if role in MAY:
        assert not refusals.exists()
    else:
        entry = json.loads(refusals.get().entry)
        about_a_person = name in {"person", "family", "number", "reveal", "copied"}
        assert entry["reason"] == "no_permission"
        assert entry["action"] == ("peserta.view_refused" if about_a_person else "peserta.search_refused")
        assert entry["subject"] == (str(peserta.uuid) if about_a_person else None)
        assert peserta.name not in answer.content.decode()


def test_every_address_of_the_register_is_in_the_table() -> None:
    names = {f"admin:{each.name}" for each in patterns(admin.site)}
    assert len(names) == len(NAMES) - 1
    assert {reverse(SEARCH)} < {path for _, path, _, _ in addresses(make.peserta()).values()}


@pytest.mark.parametrize("name", NAMES)
def test_before_the_second_step_there_is_only_the_log_in(name: str) -> None:
    method, path, form, _ = addresses(make.peserta())[name]
    half = Client()
    half.force_login(make.staff())
    for visitor in (Client(), half):
        answer = getattr(visitor, method)(path, form)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("admin:login"))


@pytest.mark.parametrize("name", NAMES)
def test_only_the_methods_that_an_address_knows_are_answered(name: str) -> None:
    _, path, _, _ = addresses(make.peserta())[name]
    known = {
        "search": {"get", "head", "post"},
        "searched": {"get", "head", "post"},
        "more": {"post"},
        "reveal": {"post"},
        "copied": {"post"},
    }
    client = make.logged_in(make.staff())
    for method in ("get", "head", "post", "put", "patch", "delete", "options"):
        answered = getattr(client, method)(path).status_code != 405
        assert answered == (method in known.get(name, {"get"})), method


def test_django_lists_adds_changes_and_deletes_nobody() -> None:
    peserta, client = make.peserta(), make.logged_in(make.staff())
    for rest in ("add/", f"{peserta.pk}/", f"{peserta.pk}/change/", f"{peserta.pk}/delete/", f"{peserta.pk}/history/"):
        assert client.get(f"/admin/participants/peserta/{rest}").status_code == 404
    assert "/admin/participants/peserta/add/" not in client.get(reverse("admin:index")).content.decode()


UPLOAD_PAGES = {
    "": {"get", "head", "post"},
    "show": {"get"},
    "columns": {"post"},
    "confirm": {"post"},
    "discard": {"post"},
    "report": {"get"},
}


def upload_address(name: str) -> str:
    if not name:
        return reverse("admin:participants_upload")
    now = timezone.now()
    upload = ImportUpload.objects.create(
        file_name="a.csv",
        size=1,
        sha256="0" * 64,
        reading={"header": ["nik"]},
        uploaded_by=make.staff(Role.DATA_ADMIN),
        uploaded_at=now,
        moved_at=now,
        as_of=now,
    )
    return page(name, upload, *(["rejects"] if name == "report" else []))


def test_every_address_of_uploads_is_in_the_table() -> None:
    assert len(upload_patterns(admin.site)) == len(UPLOAD_PAGES)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", UPLOAD_PAGES)
def test_files_are_uploaded_by_data_admins_only(role: Role, name: str) -> None:
    address, user = upload_address(name), make.staff(role)
    for method in UPLOAD_PAGES[name]:
        answer = getattr(make.logged_in(user), method)(address)
        assert (answer.status_code == 403) == (role != Role.DATA_ADMIN)
    refusals = AuditLog.objects.filter(actor=user.username, action="import.upload_refused")
    reasons = {json.loads(entry.entry)["reason"] for entry in refusals}
    assert ("no_permission" in reasons) == (role != Role.DATA_ADMIN)


@pytest.mark.parametrize("name", UPLOAD_PAGES)
def test_uploads_are_behind_both_steps_of_the_log_in(name: str) -> None:
    address, half = upload_address(name), Client()
    half.force_login(make.staff(Role.DATA_ADMIN))
    for visitor in (Client(), half):
        for method in UPLOAD_PAGES[name]:
            assert getattr(visitor, method)(address)["Location"].startswith(reverse("admin:login"))


@pytest.mark.parametrize("name", UPLOAD_PAGES)
def test_addresses_of_uploads_answer_the_methods_that_they_know(name: str) -> None:
    address, client = upload_address(name), make.logged_in(make.staff(Role.DATA_ADMIN))
    for method in ("get", "head", "post", "put", "patch", "delete", "options"):
        answered = getattr(client, method)(address).status_code != 405
        assert answered == (method in UPLOAD_PAGES[name]), method


@pytest.mark.parametrize("role", Role)
def test_imports_are_looked_at_by_data_admins_and_changed_by_nobody(role: Role) -> None:
    batch = ImportBatch.objects.create(
        file_name="a.csv",
        sha256="0" * 64,
        rows=1,
        created=1,
        updated=0,
        unchanged=0,
        refused=0,
        imported_at=timezone.now(),
    )
    client = make.logged_in(make.staff(role))
    good = 200 if role in MAY_SEE_IMPORTS else 403
    assert client.get(reverse("admin:participants_importbatch_changelist")).status_code == good
    assert client.get(reverse("admin:participants_importbatch_change", args=[batch.pk])).status_code == good
    assert client.get(reverse("admin:participants_importbatch_add")).status_code == 403
    assert client.post(reverse("admin:participants_importbatch_delete", args=[batch.pk])).status_code == 403
    assert (
        client.post(reverse("admin:participants_importbatch_change", args=[batch.pk]), {"rows": 2}).status_code == 403
    )
