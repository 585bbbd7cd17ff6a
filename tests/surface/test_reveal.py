"""Every page of the admin, with rows that are there: it deletes nothing, and holds no value before a reveal."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import Authenticator, Branch, User
from jknoffice.accounts.roles import Role
from jknoffice.alarms.models import Alarm, Rule
from jknoffice.audit.log import Thing, record
from jknoffice.audit.models import AuditLog
from participants.models import ImportBatch, Peserta
from tests import cases, make
from tests.surface.resolver import ANY, walk
from tests.surface.table import NOBODY, STAFF
from verification.models import PhoneChangeRequest

pytestmark = pytest.mark.django_db


class Office:
    """One of everything that an address of the admin can name, all of it about one participant."""

    def __init__(self) -> None:
        self.siti = make.peserta(
            nik="3171011203770001",
            card_number="0001234567890",
            kk_number="3171010101200007",
            phone="+6281234567890",
            email="siti.nur@contoh.id",
            birth_place="BANDUNG",
            birth_date=date(1977, 3, 12),
        )
        self.case = cases.queued(peserta=self.siti, new_phone="+6281377778888")
        assert self.case.branch
        self.staff = {role: make.staff(role, branch=self.case.branch) for role in Role}
        self.colleague = make.staff(branch=self.case.branch)
        make.authenticator(self.colleague)
        by = self.staff[Role.OPERATOR].as_actor()
        pii = {"note": f"{self.siti.nik} {self.siti.phone} {self.siti.email}"}
        self.entry = record("test.done", by=by, about=Thing.of(self.case), subject=self.siti.uuid, pii=pii)
        now = timezone.now()
        moments = dict.fromkeys(("window_start", "first_at", "reached_at", "raised_at"), now)
        about = {"about": self.colleague.person_id, "actors": self.colleague.username, "branch": self.case.branch}
        self.alarm = Alarm.objects.create(rule=Rule.REFUSALS, n=10, **moments, **about)
        counts = dict.fromkeys(("rows", "created", "updated", "unchanged", "refused"), 0)
        self.batch = ImportBatch.objects.create(
            file_name="a.csv", sha256="0" * 64, imported_at=now, imported_by=self.staff[Role.DATA_ADMIN], **counts
        )
        self.rows: dict[str, Model] = {
            "accounts_user": self.colleague,
            "accounts_branch": self.case.branch,
            "audit_auditlog": self.entry,
            "alarms_alarm": self.alarm,
            "participants_importbatch": self.batch,
            "verification_phonechangerequest": self.case,
            "otp_totp_totpdevice": Authenticator.objects.get(user=self.colleague),
        }

    def secrets(self) -> list[str]:
        """What no page may hold, in any spelling."""
        found = [self.siti.nik, self.siti.card_number, self.siti.kk_number or "", "siti.nur", "BANDUNG"]
        found += ["1977-03-12", "12-03-1977", "12/03/1977", "Mar 1977", "Maret 1977", "March 1977", "March 12, 1977"]
        found += ["3171 0112", "0001 2345", "3171 0101", "81234567890", "0812-3456", "81377778888", "0813-7777"]
        return [*found, *(user.password for user in (self.colleague, *self.staff.values()))]

    def named(self, name: str, takes: frozenset[str]) -> dict[str, Any]:
        """What the address `name` names, for the rows that are there."""
        short = name.removeprefix("admin:")
        own = next((row for label, row in self.rows.items() if short.startswith(f"{label}_")), None)
        pk: Any = own.pk if own else self.entry.pk if short.startswith("audit_") else self.colleague.pk
        if short == "verification_document":
            pk = self.case.documents.earliest("pk").pk
        return {
            each: {
                "reference": self.case.reference,
                "subject": self.siti.uuid,
                "pk": pk,
                "object_id": str(pk),
            }.get(each, ANY[each])
            for each in takes
        }

    def addresses(self, role: Role) -> Iterator[tuple[str, str]]:
        """Each address that the table gives to a role, by name."""
        for name, takes in walk():
            if name in STAFF and role in STAFF[name] and not name.endswith(":None"):
                yield name, reverse(name, kwargs=self.named(name, takes))


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize("role", Role)
def test_before_a_reveal_no_page_holds_a_value(office: Office, role: Role) -> None:
    client, met, leaks = make.logged_in(office.staff[role]), set[str](), []
    places = dict(office.addresses(role))
    for name, address in places.items():
        answers = [client.get(address, follow=True)]
        if name == "admin:participants_peserta_changelist":
            answers.append(client.post(address, {"q": office.siti.nik}, follow=True))
        for answer in answers:
            if answer.status_code == 200:
                met.add(name)
            streamed: Any = answer
            body = b"".join(streamed.streaming_content) if answer.streaming else answer.content
            headers = "".join(value for key, value in answer.headers.items() if key != "Content-Type")
            told = body.decode(errors="replace") + headers + str(answer.redirect_chain)
            leaks += [(name, secret) for secret in office.secrets() if secret and secret in told]
            if b"delete_selected" in body or b"/delete/" in body:
                leaks.append((name, "a way to delete"))
    assert leaks == []
    assert len(met) >= 8, met


@pytest.mark.parametrize("role", Role)
def test_nothing_can_be_deleted_by_anybody(office: Office, role: Role) -> None:
    user = office.staff[role]
    request = RequestFactory().get("/admin/")
    request.user = user
    for model, registered in admin.site._registry.items():
        assert not registered.has_delete_permission(request), model
        assert "delete_selected" not in registered.get_actions(request), model
    client, before = make.logged_in(user), count()
    for label, row in office.rows.items():
        name = f"admin:{label}_delete"
        if name not in STAFF:
            continue  # there is no such address at all
        assert STAFF[name] is NOBODY
        address = reverse(name, args=[row.pk])
        for answer in (client.get(address), client.post(address, {"post": "yes"})):
            assert answer.status_code in {403, 404, 405}, (name, answer.status_code)
    for model in admin.site._registry:
        chosen = list(model._base_manager.values_list("pk", flat=True))
        form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes", "index": "0"}
        client.post(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), form)
    assert count() == before


def count() -> list[int]:
    kept = (User, Branch, Peserta, PhoneChangeRequest, Alarm, ImportBatch, Authenticator)
    return [model._base_manager.count() for model in kept]


@pytest.mark.parametrize("role", Role)
def test_the_history_of_an_object_names_nobody_of_the_register(office: Office, role: Role) -> None:
    client = make.logged_in(office.staff[role])
    asked = 0
    for name, takes in walk():
        if name not in STAFF or not name.endswith("_history"):
            continue
        answer = client.get(reverse(name, kwargs=office.named(name, takes)), follow=True)
        page = answer.content.decode()
        assert not [secret for secret in office.secrets() if secret and secret in page], name
        assert (answer.status_code == 200) or role not in STAFF[name], name
        asked += 1
    assert asked >= 4
    assert AuditLog.objects.exists()


def test_the_looks_above_can_fail(office: Office) -> None:
    holder = cases.reviewer(office.case)
    client: Client = make.logged_in(holder)
    client.post(reverse("admin:verification_claim", args=[office.case.reference]))
    page = client.get(reverse("admin:verification_case", args=[office.case.reference])).content.decode()
    assert [secret for secret in office.secrets() if secret in page]
