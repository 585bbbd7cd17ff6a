"""Who may open which page of the log, and what opening it leaves behind."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from jknoffice.accounts import roles
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Rights, Role
from jknoffice.audit import context
from jknoffice.audit.models import AuditLog
from tests import make
from tests.audit.entries import SOMEBODY, write
from tests.audit.visits import PAGES, START, SUBJECT, pages, text_of, visit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("mine", [True, False], ids=["own entry", "foreign entry"])
def test_every_page_answers_each_role_as_far_as_it_may_read(page: str, role: Role, mine: bool) -> None:
    me = make.staff(role)
    action = "account.password_changed" if mine and role is Role.ADMIN else "import.finished"
    row = write(action, by=me.as_actor() if mine else SOMEBODY, subject=SUBJECT, pii={"note": "SITI"})
    reads_all = role is Role.AUDITOR
    expected = {
        "start": 200,
        "entries": 200,
        "trail": 200,
        "search": 200 if reads_all else 403,
        "lookers": 200 if reads_all else 403,
        "proof": 302 if reads_all else 403 if mine else 404,
        "entry": 200 if mine or reads_all else 404,
        "reveal": 200 if reads_all else 403 if mine else 404,
    }
    response = visit(make.logged_in(me), page, row.pk)
    assert response.status_code == expected[page]
    assert ("SITI" in text_of(response)) is (page == "reveal" and reads_all)
    if page in {"entries", "trail"}:
        assert (f"/{row.pk}/change/" in text_of(response)) is (mine or reads_all)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_answers_staff_without_the_permission(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(roles.RIGHTS, Role.AUDITOR, Rights(permissions=frozenset()))
    row = write()
    assert visit(make.logged_in(make.staff(Role.AUDITOR)), page, row.pk).status_code == 403
    assert AuditLog.objects.count() == 1


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["nobody", "password only", "participant"])
def test_no_page_answers_before_the_second_step(page: str, who: str) -> None:
    client, row = Client(), write()
    if who == "password only":
        client.force_login(make.staff(Role.AUDITOR))
    if who == "participant":
        make.logged_in(User.objects.create(username="siti", full_name="Siti"), client)
    response = visit(client, page, row.pk)
    assert response.status_code == 302
    assert "/login/" in response["Location"]
    assert AuditLog.objects.count() == 1


@pytest.mark.parametrize("refused", ["search", "reveal", "lookers", "proof"])
def test_a_refused_attempt_is_recorded(refused: str) -> None:
    me = make.staff(Role.OPERATOR)
    row = write(by=me.as_actor(), subject=SUBJECT, pii={"note": "SITI"})
    assert visit(make.logged_in(me), refused, row.pk).status_code == 403
    entry = AuditLog.objects.latest("pk")
    assert (entry.action, entry.actor, entry.reason) == (f"audit.{refused}_refused", me.username, "only_auditors")
    assert entry.subject == (None if refused == "search" else SUBJECT)


@pytest.mark.parametrize("page", ["", "add/", "{pk}/change/", "{pk}/delete/", "entries/"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("role", Role)
def test_nothing_writes_through_the_admin(page: str, method: str, role: Role) -> None:
    row = write()
    address = reverse(START) + page.format(pk=row.pk)
    answer = getattr(make.logged_in(make.staff(role)), method)(address, {"entry": "{}", "post": "yes"})
    assert answer.status_code in {403, 405}
    assert AuditLog.objects.get().entry == row.entry


def test_reading_a_trail_is_recorded_before_it_is_shown(client: Client, auditor: User) -> None:
    write("peserta.viewed", subject=SUBJECT)
    write("peserta.viewed", subject=uuid.uuid4())
    page = text_of(client.get(reverse("admin:audit_trail", args=[SUBJECT])))
    read = AuditLog.objects.latest("pk")
    assert (read.action, read.actor, read.subject) == ("audit.read", auditor.username, SUBJECT)
    assert page.count("<tr>") == 1 + 2
    assert f"/{read.pk}/change/" in page


@pytest.mark.parametrize("page", ["trail", "reveal", "search", "lookers", "proof"])
def test_when_recording_fails_nothing_is_shown(page: str, client: Client) -> None:
    row = write("secret.action", subject=SUBJECT, pii={"note": "SITI"})
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'disk full'; END$$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON audit_auditlog FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    response = visit(client, page, row.pk)
    assert response.status_code == 500
    assert "SITI" not in text_of(response)
    assert "secret.action" not in text_of(response)


_PATHS = ["9" * 30 + "/change/", "9" * 5000 + "/change/", "x/change/", "%00/change/", "trail/x/", f"trail/{'0' * 32}/"]


@pytest.mark.parametrize("path", [*_PATHS, "1/history/"], ids=lambda path: path[:30])
def test_an_address_that_names_nothing_finds_nothing(path: str, client: Client) -> None:
    assert client.get(reverse(START) + path).status_code in {302, 404}


def test_entries_made_while_a_page_is_served_name_its_session(client: Client) -> None:
    client.get(reverse("admin:audit_trail", args=[SUBJECT]))
    assert AuditLog.objects.get().session == context.session_reference(client.session.session_key or "")


@pytest.mark.parametrize("page", ["start", "entries", "trail", "entry", "lookers"])
def test_pages_are_indonesian_first(page: str, auditor: User) -> None:
    row = write(subject=SUBJECT)
    response = make.logged_in(auditor).get(pages(row.pk)[page][1])
    assert '<html lang="id"' in text_of(response)
