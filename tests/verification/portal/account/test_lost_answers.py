"""Forms that come twice because the answer to the first one got lost on the way: the second answer says the same."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from participants.models import ParticipantAccount
from tests import cases, make
from tests.verification.portal.account import walk
from tests.verification.portal.walk import browser, clock, where, words
from verification.models import AccountCode, OutboxMessage, PhoneChangeRequest

pytestmark = pytest.mark.django_db


def phone_code(client: Client, **given: Any) -> str:
    """Change the number up to the code; return the code."""
    account = walk.logged_in(client, make.peserta(**given))
    walk.save_phone(client)
    walk.confirm(client)
    return cases.code_of(walk.waiting(account))


@pytest.mark.parametrize(
    ("status", "said"),
    [("ACTIVE", "Your number has been replaced"), ("SUSPENDED", "a member of staff looks at this change first")],
)
def test_the_code_that_replaced_the_number(status: str, said: str) -> None:
    client = browser()
    code = phone_code(client, status=status)
    for _ in range(2):
        page = client.post(walk.address("phone_code"), {"code": code}, follow=True)
        assert where(page) == "data"
        assert said in words(page)
    assert PhoneChangeRequest.objects.count() == 1
    assert OutboxMessage.objects.filter(template="applied_old").count() == int(status == "ACTIVE")


def test_only_a_form_is_answered_and_only_for_ten_minutes() -> None:
    with clock() as passes:
        client = browser()
        code = phone_code(client)
        client.post(walk.address("phone_code"), {"code": code})
        client.get(walk.address("data"))
        assert "has been replaced" not in words(client.get(walk.address("phone_code"), follow=True))
        passes(settings.CODE_LIFETIME)
        page = client.post(walk.address("phone_code"), {"code": code}, follow=True)
        assert "has been replaced" not in words(page)


@pytest.mark.parametrize(("what", "leads_to"), [("phone", "phone_code"), ("email", "code")])
def test_the_password_that_had_a_code_sent(what: str, leads_to: str) -> None:
    client = browser()
    walk.logged_in(client)
    client.post(walk.address(what), {"new_phone": "081298765432", "email": walk.EMAIL})
    for _ in range(2):
        assert where(walk.confirm(client)) == leads_to
    assert where(client.get(walk.address("confirm"), follow=True)) == "data"
    assert PhoneChangeRequest.objects.count() + AccountCode.objects.count() == 1


def test_what_was_chosen_for_an_account() -> None:
    client = browser()
    walk.give_proof(client, make.peserta())
    walk.give_code(client)
    before = client.cookies.output()
    walk.choose(client)
    client.cookies.clear()
    client.cookies.load(before.replace("Set-Cookie: ", ""))
    page = walk.choose(client)
    assert where(page) == "login"
    assert "It may have worked the first time" in words(page)
    assert ParticipantAccount.objects.count() == 1
    assert where(walk.log_in(client)) == "menu"


def test_a_new_password() -> None:
    client = browser()
    walk.account()
    client.post(walk.address("forgotten"), {"name": walk.USERNAME})
    walk.worker()
    walk.give_code(client)
    new = {"new_password": walk.OTHER_PASSWORD, "again": walk.OTHER_PASSWORD}
    for said in ("Your new password is saved", "It may have worked the first time"):
        page = client.post(walk.address("new_password"), new, follow=True)
        assert where(page) == "login"
        assert said in words(page)


def test_the_code_for_an_email_address() -> None:
    client = browser()
    walk.logged_in(client)
    client.post(walk.address("email"), {"email": walk.EMAIL})
    walk.confirm(client)
    for said in ("Your e-mail address has been saved", "This code has been used already"):
        page = walk.give_code(client, walk.mailed_code())
        assert where(page) == "data"
        assert said in words(page)


def test_who_comes_to_choose_without_a_code_begins_at_the_beginning() -> None:
    assert where(browser().get(walk.address("choose"), follow=True)) == "register"
