"""The list of staff, the page of an account, and who may do what."""

import csv
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jknoffice import kept
from jknoffice.accounts.life import listing, rights, rules
from jknoffice.accounts.life.states import CONDITIONS
from jknoffice.accounts.models import User
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import RIGHTS, Role
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts.life import walk
from tests.verification.portal.walk import clock

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/user/"


def one_of_each_state() -> dict[State, User]:
    admin, now = make.staff(Role.ADMIN, username="zzz", last_login=timezone.now()), timezone.now()
    return {
        State.WAITING: make.staff(Role.ADMIN, is_active=False, needs_link=True),
        State.INVITED: make.staff(needs_link=True),
        State.ACTIVE: admin,
        State.SUSPENDED: make.staff(is_active=False, suspended_at=now, suspended_by=admin),
        State.LEFT: make.staff(is_active=False, left_at=now, left_by=admin),
    }


def names(client: Any, **query: Any) -> list[str]:
    return [user.username for user in client.get(LIST, query).context["page"].people]


def called(client: Any, name: str, **others: Any) -> list[str]:
    """Whom the list shows when a name is typed."""
    return [user.username for user in client.post(LIST, {"q": name, **others}, follow=True).context["page"].people]


def test_a_query_and_an_account_say_the_same_of_each_state() -> None:
    for state, user in one_of_each_state().items():
        assert user.state is state
        assert [other for other, condition in CONDITIONS.items() if User.objects.filter(condition, pk=user.pk)] == [
            state
        ]


def test_the_list_is_narrowed_by_name_role_branch_state_and_second_step() -> None:
    known = one_of_each_state()
    client = make.logged_in(known[State.ACTIVE])
    siti = make.staff(Role.AUDITOR, full_name="Siti Rahma", branch=make.branch())
    assert called(client, "RAHMA") == called(client, siti.username.upper()) == [siti.username]
    assert called(client, "rahma", role="operator") == []
    assert called(client, "", role="auditor") == [siti.username]
    assert names(client, role="auditor") == names(client, branch=siti.branch_id) == [siti.username]
    for state, user in known.items():
        if state is not State.ACTIVE:
            assert names(client, state=state.value) == [user.username]
    assert names(client, factor="yes") == ["zzz"]
    assert siti.username in names(client, factor="no")
    assert len(names(client)) == 6
    for strange in (
        {"role": "king"},
        {"branch": "x"},
        {"after": "9" * 40},
        {"after": "x"},
        {"q": "rahma"},
        {"state": "?"},
    ):
        assert len(names(client, **strange)) == 6


def test_a_name_stands_in_no_address() -> None:
    # Given somebody whom the list is asked for by name, among others
    client = make.logged_in(make.staff(Role.ADMIN))
    siti = make.staff(Role.AUDITOR, full_name="Siti Rahma")
    answer = client.post(LIST, {"q": "rahma", "role": "auditor", "branch": "", "state": "", "factor": ""})

    # Then the address that comes of it names nobody, works again, and in this session only
    address = answer.headers["Location"]
    named = re.fullmatch(rf"{LIST}\?role=auditor&named=([\w-]{{16}})", address)
    assert named
    for _ in range(2):
        page = client.get(address)
        assert [user.username for user in page.context["page"].people] == [siti.username]
        assert 'value="rahma"' in page.content.decode()
    assert "rahma" not in str(client.session.items())
    stranger = make.logged_in(make.staff(Role.ADMIN)).get(address, follow=True)
    assert stranger.redirect_chain == [(f"{LIST}?role=auditor", 302)]
    assert "Ketik lagi namanya" in stranger.content.decode()

    # And it is over after a quarter of an hour
    with clock() as passes:
        for _ in range(2):  # whoever rests for as long is logged out by then
            assert client.get(address).status_code == 200
            passes(kept.LIFETIME / 2 + timedelta(seconds=1))
        assert client.get(address).headers["Location"] == f"{LIST}?role=auditor"


@pytest.mark.parametrize("typed", ["\0", "x" * 121])
def test_what_is_no_name_is_said(typed: str) -> None:
    page = make.logged_in(make.staff(Role.ADMIN)).post(LIST, {"q": typed})
    assert (page.status_code, b"errorlist" in page.content or b"jkn-error" in page.content) == (200, True)


def test_the_list_goes_on_by_name_and_asks_the_same_few_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        make.staff()
    seen, after, counts = [], None, set()
    while True:
        with CaptureQueriesContext(connection) as queries:
            page = listing.page_of(listing.Wanted(), after=after, size=3)
            assert all(user.branch or user.role for user in page.people)
        counts.add(len(queries))
        seen += [user.username for user in page.people]
        after = page.after
        if after is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == 7
    assert max(counts) == 2


def test_the_page_of_an_account_shows_neither_hash_nor_person() -> None:
    client, other = make.logged_in(make.staff(Role.ADMIN)), make.staff()
    shown = client.get(reverse("admin:accounts_user_change", args=[other.pk])).content.decode()
    assert f"<h1>{other.full_name}</h1>" in shown
    assert other.full_name not in shown.partition("</title>")[0]  # a browser keeps the titles of what was looked at
    assert other.person_id not in shown
    assert other.password not in shown
    for nobody in (0, "x", "9" * 30):
        assert client.get(f"{LIST}{nobody}/change/").status_code == 404


def test_ones_own_page_offers_no_step() -> None:
    admin = make.staff(Role.ADMIN)
    page = make.logged_in(admin).get(reverse("admin:accounts_user_change", args=[admin.pk]))
    assert page.context["forms"] == []
    assert "akun Anda sendiri" in page.content.decode()


def test_every_right_of_every_role_has_words() -> None:
    assert set(rights.WORDS) == set().union(*(each.permissions for each in RIGHTS.values()))
    assert set(rights.REACHES) >= {each.reach for each in RIGHTS.values()}
    assert set(rights.SCOPES) >= {each.audit for each in RIGHTS.values()}
    rows = rights.matrix()
    assert [row.has for row in rows] == [
        tuple(right in RIGHTS[role].permissions for role in Role) for right in rights.WORDS
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", Role)
def test_who_may_do_what_is_for_administrators_and_auditors(role: Role) -> None:
    user = make.staff(role)
    client = make.logged_in(user)
    answers = client.get(walk.address("rights")), client.post(walk.address("rights_file"))
    if role in {Role.ADMIN, Role.AUDITOR}:
        assert [answer.status_code for answer in answers] == [200, 200]
        assert user.full_name in answers[0].content.decode()
        assert AuditLog.objects.filter(action__in=[rights.VIEWED, rights.EXPORTED], actor=user.username).count() == 2
    else:
        assert [answer.status_code for answer in answers] == [403, 403]
        assert AuditLog.objects.filter(action=rules.REFUSED, reason="no_right").count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_file_says_for_each_person_what_they_may_and_no_cell_is_a_formula() -> None:
    make.staff(full_name="=HYPERLINK(1)", username="@siti")
    make.staff(Role.AUDITOR, is_active=False)
    admin = make.staff(Role.ADMIN)
    answer = make.logged_in(admin).post(walk.address("rights_file"))
    rows = list(csv.reader(StringIO(answer.content.decode().removeprefix("\ufeff"))))
    assert [row[:2] for row in rows[1:]] == [["'@siti", "'=HYPERLINK(1)"], [admin.username, admin.full_name]]
    assert len({len(row) for row in rows}) == 1
    assert rows[2][7:].count("ya") == len(RIGHTS[Role.ADMIN].permissions)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="who-may-what-')
