"""The same at the same moment on the account's own path, and through the pages themselves: real threads and locks."""

from collections.abc import Callable
from functools import partial

import pytest
from django.conf import settings
from django.test import Client

from tests import cases, make
from tests.verification.portal import walk as portal
from tests.verification.portal.account import walk
from tests.verification.test_races import at_once
from verification import changes
from verification.codes import Outcome
from verification.models import OutboxMessage, PhoneChangeRequest
from verification.self_service import phone

pytestmark = pytest.mark.django_db(transaction=True)


def codes_sent() -> int:
    return OutboxMessage.objects.filter(template="code").exclude(request=None).count()


def clicks(client: Client, address: str, given: dict[str, str]) -> list[Callable[[], str]]:
    """Twenty clicks on one button of one browser, each in a connection of its own; each gives where it leads to."""

    def click() -> str:
        same = portal.browser()
        same.cookies.load(client.cookies.output(header="", sep=";"))
        page = same.post(address, given)
        return page.headers.get("Location", str(page.status_code))

    return [click] * 20


def test_twenty_identical_wishes_at_once_make_one_request() -> None:
    account, wish = walk.account(), phone.Wish(new_phone="+6281298765432")
    answers = at_once(*[partial(phone.begin, account=account, wish=wish, language="id", address="")] * 20)
    assert len({request.pk for request in answers}) == 1
    assert (PhoneChangeRequest.objects.count(), codes_sent()) == (1, 1)


def test_of_two_hundred_guesses_at_the_new_number_s_code_five_are_judged() -> None:
    account = walk.account(make.peserta(phone="+6281200000001"))
    request = phone.begin(
        account=account, wish=phone.Wish(new_phone="+6281298765432"), language="id", address="203.0.113.7"
    )
    right = cases.code_of(request)
    guess = partial(changes.confirm, request=request, typed=f"{(int(right) + 1) % 10**6:06}")
    answers = [answer.outcome for _ in range(10) for answer in at_once(*[guess] * 20)]
    assert (answers.count(Outcome.WRONG), answers.count(Outcome.SPENT)) == (settings.CODE_TRIES - 1, 196)
    assert request.codes.get().tries == settings.CODE_TRIES
    assert changes.confirm(request=request, typed=right).outcome is Outcome.SPENT
    account.peserta.refresh_from_db()
    assert account.peserta.phone == "+6281200000001"


def test_twenty_clicks_on_send_at_once_make_one_request() -> None:
    client = portal.browser()
    portal.to_check(client, make.peserta())
    assert at_once(*clicks(client, portal.address("check"), {})) == [portal.address("code")] * 20
    assert (PhoneChangeRequest.objects.count(), codes_sent()) == (1, 1)
    assert PhoneChangeRequest.objects.get().documents.count() == 2


def test_twenty_clicks_on_the_password_s_button_at_once_make_one_request() -> None:
    client = portal.browser()
    walk.logged_in(client)
    walk.save_phone(client)
    answers = at_once(*clicks(client, walk.address("confirm"), {"password": walk.PASSWORD}))
    assert set(answers) <= {walk.address("phone_code"), "429"}, "so many at once may meet the limits of a password"
    assert (PhoneChangeRequest.objects.count(), codes_sent()) == (1, 1)
