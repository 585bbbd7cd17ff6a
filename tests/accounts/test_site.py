"""The admin site around its pages."""

import pytest
from django.test import Client

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts.door import is_in

pytestmark = pytest.mark.django_db

NEW = "another made-up passphrase 42"
CHANGE = {"old_password": make.PASSWORD, "new_password1": NEW, "new_password2": NEW}


def test_what_is_sent_without_a_log_in_leads_to_the_door_and_says_so(client: Client) -> None:
    answer = client.post("/admin/verification/queue/take-next/", follow=True)
    assert answer.redirect_chain == [("/admin/login/", 302)]
    assert "tidak disimpan" in answer.content.decode()


def test_what_is_asked_for_without_a_log_in_is_shown_after_it(client: Client) -> None:
    assert client.get("/admin/audit/auditlog/")["Location"] == "/admin/login/?next=/admin/audit/auditlog/"


@pytest.mark.parametrize("app", ["accounts", "audit", "verification"])
def test_there_is_one_start_page(app: str) -> None:
    assert make.logged_in(make.staff()).get(f"/admin/{app}/")["Location"] == "/admin/"


def test_a_changed_password_is_in_the_log_and_ends_the_other_sessions() -> None:
    user = make.staff()
    here, there = make.logged_in(user), make.logged_in(user)
    assert here.post("/admin/password_change/", CHANGE)["Location"] == "/admin/password_change/done/"
    assert is_in(here)
    assert not is_in(there)
    assert User.objects.get(pk=user.pk).check_password(NEW)
    entry = AuditLog.objects.get(action="account.password_changed")
    assert entry.actor == user.username
    assert NEW not in entry.entry


@pytest.mark.parametrize("wrong", [{"old_password": "wrong"}, {"new_password2": "different"}, {"new_password1": "\0"}])
def test_a_password_that_is_not_changed_is_not_in_the_log(wrong: dict[str, str]) -> None:
    client = make.logged_in(make.staff())
    assert client.post("/admin/password_change/", CHANGE | wrong).status_code == 200
    assert not AuditLog.objects.filter(action="account.password_changed").exists()


@pytest.mark.parametrize("page", ["/admin/", "/admin/login/", "/admin/password_change/"])
def test_every_page_speaks_both_languages_by_a_switch(page: str) -> None:
    client = Client() if page == "/admin/login/" else make.logged_in(make.staff())
    page = f"{page}?next=/admin/audit/auditlog/"
    assert 'lang="id"' in client.get(page).content.decode().split("<head>")[0]
    assert client.post("/i18n/setlang/", {"language": "en", "next": page})["Location"] == page
    shown = client.get(page).content.decode()
    assert 'lang="en"' in shown.split("<head>")[0]
    assert f'name="next" value="{page}"' in shown


@pytest.mark.parametrize("role", Role)
def test_no_role_adds_changes_or_deletes_accounts_in_the_admin(role: Role) -> None:
    client, other = make.logged_in(make.staff(role)), make.staff()
    for step in ("add/", f"{other.pk}/delete/"):
        assert client.get(f"/admin/accounts/user/{step}").status_code == 403
    assert client.post(f"/admin/accounts/user/{other.pk}/change/", {"is_active": ""}).status_code == 403
    assert User.objects.get(pk=other.pk).is_active


def test_a_look_at_an_account_shows_neither_hash_nor_person() -> None:
    client, other = make.logged_in(make.staff(Role.ADMIN)), make.staff()
    shown = client.get(f"/admin/accounts/user/{other.pk}/change/").content.decode()
    assert other.full_name in shown
    assert other.person_id not in shown
    assert other.password not in shown
