"""A browser that knows its owner: strangers delay them in others, and shut them out of none for good."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from jknoffice.accounts import limits
from jknoffice.accounts.login import known, password
from jknoffice.accounts.models import Authenticator, User
from tests import make
from tests.accounts.door import code_of, give_code, give_password, is_in
from tests.verification.portal.walk import clock

pytestmark = pytest.mark.django_db

WRONG = "not this passphrase"
COOKIE = settings.KNOWN_COOKIE_NAME


def knowing(*users: User) -> Client:
    """A browser in which these have logged in, one after the other, and out again."""
    client = Client(REMOTE_ADDR="198.51.100.1")
    for user in users:
        device = Authenticator.objects.filter(user=user).first() or make.authenticator(user)
        Authenticator.objects.update(last_t=-1)  # the same code may be used again
        give_password(client, user)
        give_code(client, code_of(device))
        assert is_in(client)
        client.post("/admin/logout/")
    return client


def use_up(user: User) -> None:
    """Strangers with many addresses guess until nobody is heard any more (`test_attempts` does it for real)."""
    for _ in range(password.FOR_NAME.most):
        limits.count(password.FOR_NAME, user.username)


def test_strangers_everywhere_do_not_shut_the_owner_out_of_a_known_browser() -> None:
    user = make.staff()
    client = knowing(user)
    use_up(user)
    assert give_password(Client(REMOTE_ADDR="198.51.100.2"), user).status_code == 429
    assert give_password(client, user)["Location"] == "/admin/login/verify/"


def test_in_other_browsers_the_owner_waits_for_a_quarter_of_an_hour() -> None:
    with clock() as passes:
        user = make.staff()
        use_up(user)
        assert give_password(Client(), user).status_code == 429
        passes(password.WINDOW + password.FROM_HERE.slice)
        assert give_password(Client(), user).status_code == 302


def test_a_known_browser_has_a_limit_of_its_own() -> None:
    user = make.staff()
    client, other = knowing(user), knowing(user)
    answers = [give_password(client, user, WRONG).status_code for _ in range(password.IN_BROWSER.most + 1)]
    assert answers == [200] * password.IN_BROWSER.most + [429]
    assert give_password(client, user).status_code == 429
    assert give_password(other, user).status_code == 302


def test_a_browser_knows_each_colleague_who_shares_it_and_nobody_else() -> None:
    one, two, stranger = make.staff(), make.staff(), make.staff()
    client = knowing(one, two)
    for user in (one, two, stranger):
        use_up(user)
    assert [give_password(client, user).status_code for user in (one, two, stranger)] == [302, 302, 429]


def test_a_browser_knows_the_last_ones_and_for_ninety_days() -> None:
    users = [make.staff() for _ in range(known.MOST_PEOPLE + 1)]
    client = knowing(*users)
    name, *people = client.cookies[COOKIE].value.split(":")[0].split(".")
    assert people == [str(user.pk) for user in reversed(users[1:])]
    assert len(name) >= 20
    kept = client.cookies[COOKIE]
    assert (kept["max-age"], kept["httponly"], kept["samesite"]) == (90 * 24 * 3600, True, "Strict")


def test_a_right_password_alone_makes_no_known_browser() -> None:
    user, client = make.staff(), Client()
    make.authenticator(user)
    give_password(client, user)
    assert COOKIE not in client.cookies


@pytest.mark.parametrize("forged", ["", "x", "name.1:1:forged", "\0", "1.2.3", "é", "x" * 4000])
def test_a_cookie_that_we_did_not_sign_makes_no_known_browser(forged: str) -> None:
    user = make.staff()
    client = Client()
    client.cookies[COOKIE] = forged
    use_up(user)
    assert give_password(client, user).status_code == 429


def test_a_known_browser_opens_nothing() -> None:
    user = make.staff()
    client = knowing(user)
    assert not is_in(client)
    assert give_password(client, user, WRONG).status_code == 200
    assert client.get("/admin/login/verify/")["Location"] == "/admin/login/"
    assert timedelta(days=90) == known.LIFETIME
