"""The pages about sessions: one's own, and a colleague's."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from jknoffice.accounts.login import password
from jknoffice.accounts.models import User, WebSession
from jknoffice.accounts.roles import Role
from jknoffice.accounts.sessions import ending
from jknoffice.accounts.sessions.browsers import in_words, seen_in
from jknoffice.accounts.sessions.listing import OpenSession, open_sessions
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts.door import code_of, give_code, give_password, is_in
from tests.verification.portal.walk import clock

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
OWN = "/admin/sessions/"


def through_the_door(user: User, *, agent: str = FIREFOX, peer: str = "203.0.113.9") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=peer)
    device = make.authenticator(user)
    give_password(client, user)
    give_code(client, code_of(device))
    return client


def shown(client: Client) -> list[OpenSession]:
    found: list[OpenSession] = client.get(OWN).context["sessions"]
    return found


def of(user: User) -> str:
    return f"/admin/sessions/of/{user.pk}/"


def entry(action: str = ending.ENDED) -> dict[str, object]:
    row: dict[str, object] = json.loads(AuditLog.objects.filter(action=action).latest("pk").entry)
    return row


def test_ones_own_sessions_are_shown_without_their_keys() -> None:
    user = make.staff()
    make.logged_in(make.staff())
    with clock() as passes:
        begun = timezone.now()
        client = through_the_door(user)
        passes(timedelta(minutes=5))
        make.logged_in(user)
        page = client.get(OWN)
    mine, other = page.context["sessions"]
    assert (mine.is_this, mine.browser, mine.network) == (True, "Firefox, Windows", "203.0.113.0/24")
    assert (mine.begun_at, mine.seen_at) == (begun, begun)
    assert (other.is_this, other.browser, other.network) == (False, "Peramban tidak dikenal", "")
    words = page.content.decode()
    assert "203.0.113.0/24" in words
    for key in (client.cookies[settings.SESSION_COOKIE_NAME].value, *WebSession.objects.values_list("pk", flat=True)):
        assert key not in words
    assert "203.0.113.9" not in words


def test_what_is_over_is_not_shown() -> None:
    user = make.staff()
    with clock() as passes:
        make.logged_in(user)
        passes(timedelta(minutes=15))
        assert len(shown(make.logged_in(user))) == 1


def end(client: Client, reference: str = "", typed: str = make.PASSWORD) -> str:
    """The words of the page after asking for an end."""
    page = client.post(f"{OWN}end/?{urlencode({'session': reference})}", {"password": typed}, follow=True)
    return str(page.content.decode())


def test_one_session_is_ended_elsewhere() -> None:
    user = make.staff()
    here, there, third = (make.logged_in(user) for _ in range(3))
    reference = next(each.reference for each in shown(there) if each.is_this)
    asked = here.get(f"{OWN}end/?session={reference}")
    assert [each.reference for each in asked.context["sessions"]] == [reference]
    assert "1 sesi telah diakhiri" in end(here, reference)
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]
    said = entry()
    assert (said["actor"], said["reason"]) == (user.username, "own")
    assert said["after"] == {"sessions": 1, "session": reference}


def test_all_other_sessions_are_ended_at_once() -> None:
    user = make.staff()
    here, there, third, colleague = *(make.logged_in(user) for _ in range(3)), make.logged_in(make.staff())
    assert len(here.get(OWN + "end/").context["sessions"]) == 2
    assert "2 sesi telah diakhiri" in end(here)
    assert [is_in(client) for client in (here, there, third, colleague)] == [True, False, False, True]
    assert entry()["after"] == {"sessions": 2, "session": ""}
    assert "sudah berakhir" in end(here)


def test_whoever_finds_a_session_open_ends_no_other() -> None:
    user = make.staff()
    here, there = make.logged_in(user), make.logged_in(user)
    assert "Kata sandi Anda saat ini salah" in end(here, typed="a guess")
    for _ in range(password.OWN.most):
        end(here, typed="a guess")
    assert "Terlalu banyak percobaan" in end(here)
    assert is_in(there)
    refused = AuditLog.objects.filter(action="account.sessions_refused").values_list("reason", flat=True)
    assert list(refused.order_by("pk")) == ["password"] * password.OWN.most + ["too_many"]


@pytest.mark.parametrize("which", ["this", "a colleague's", "nonsense", "\0"])
def test_what_is_no_other_session_of_ones_own_is_not_ended(which: str) -> None:
    client, colleague = make.logged_in(make.staff()), make.logged_in(make.staff())
    known = {"this": shown(client)[0].reference, "a colleague's": shown(colleague)[0].reference}
    reference = known.get(which, which)
    assert "sudah berakhir" in end(client, reference)
    assert client.get(f"{OWN}end/?{urlencode({'session': reference})}")["Location"] == OWN
    assert is_in(client)
    assert is_in(colleague)
    assert not AuditLog.objects.filter(action=ending.ENDED).exists()


def test_a_staff_administrator_ends_a_colleagues_sessions_and_says_why() -> None:
    admin, user = make.staff(Role.ADMIN), make.staff()
    client, theirs = make.logged_in(admin), through_the_door(user)
    page = client.get(of(user)).content.decode()
    assert user.full_name in page
    assert "203.0.113" not in page
    assert client.post(of(user), {"why": "curiosity"}).status_code == 200
    assert is_in(theirs)
    assert client.post(of(user), {"why": "device_lost"})["Location"] == of(user)
    assert not is_in(theirs)
    said = entry()
    assert (said["actor"], said["after"], said["reason"]) == (admin.username, {"sessions": 1}, "device_lost")
    assert said["object"] == {"type": "accounts.user", "id": str(user.pk)}
    assert "Tidak ada sesi yang terbuka" in client.get(of(user)).content.decode()


def test_the_page_of_an_account_leads_to_its_sessions() -> None:
    client, user = make.logged_in(make.staff(Role.ADMIN)), make.staff()
    assert of(user) in client.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
    assert "/admin/sessions/of/" not in client.get(f"/admin/accounts/branch/{user.branch_id}/change/").content.decode()
    assert client.get(of(User(pk=0))).status_code == 404


def test_nobody_else_reaches_a_colleagues_sessions() -> None:
    user = make.staff()
    theirs = make.logged_in(user)
    refused = [role for role in Role if role is not Role.ADMIN]
    for role in refused:
        client = make.logged_in(make.staff(role))
        answers = client.get(of(user)), client.post(of(user), {"why": "suspicion"}), client.get(of(User(pk=0)))
        assert [answer.status_code for answer in answers] == [403] * 3
    assert is_in(theirs)
    assert AuditLog.objects.filter(action="account.sessions_refused", reason="no_right").count() == 3 * len(refused)


def test_how_long_is_left_is_told_without_being_a_use() -> None:
    with clock() as passes:
        client, answers = make.logged_in(make.staff()), []
        for method in (client.get, client.get, client.post):
            passes(timedelta(minutes=4))
            answers.append(method(OWN + "left/").json())
    assert answers == [{"seconds": minutes * 60} for minutes in (11, 7, 15)]


def test_a_page_that_looks_by_itself_is_no_use() -> None:
    client = make.logged_in(make.staff())
    with clock() as passes:
        before = WebSession.objects.get().expire_date
        passes(timedelta(minutes=5))
        client.get("/admin/", headers={"Sec-Fetch-Dest": "empty"})
        assert WebSession.objects.get().expire_date == before
        client.post(OWN + "left/", headers={"Sec-Fetch-Dest": "empty"})
        assert WebSession.objects.get().expire_date > before


def test_the_words_of_a_session_are_in_the_readers_language() -> None:
    user = make.staff()
    make.logged_in(user)
    (found,) = open_sessions(user, at=timezone.now())
    assert found.browser == "Peramban tidak dikenal"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36",
            "Samsung Internet, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 CriOS/142.0 Safari/604.1",
            "Chrome, iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.6 Safari/605.1.15",
            "Safari, macOS",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36", "Chrome, Linux"),
        ("curl/8.5.0", "Peramban tidak dikenal"),
        ("", "Peramban tidak dikenal"),
        ("<script>Firefox/1", "Firefox"),
    ],
)
def test_a_browser_is_told_in_words(agent: str, words: str) -> None:
    assert in_words(*seen_in(agent)) == words
