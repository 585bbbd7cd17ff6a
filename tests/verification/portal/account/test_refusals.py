"""What the pages of an account refuse, and how they say it."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from jknoffice.audit.models import AuditLog
from participants.models import ParticipantAccount
from tests import cases, make
from tests.verification.portal import walk as portal
from tests.verification.portal.account import walk
from tests.verification.portal.walk import browser, clock, full_hour, where, words
from verification.models import AccountCode, PhoneChangeRequest
from verification.portal.account import limits
from verification.states import Status

pytestmark = pytest.mark.django_db


def refusals(action: str = "participant.refused") -> list[str]:
    entries = AuditLog.objects.filter(action=action).order_by("pk")
    return [entry.reason for entry in entries]


def other_than(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def test_a_taken_user_name_is_named_and_another_one_is_taken_with_the_same_code() -> None:
    client = browser()
    walk.account()
    page = walk.registered(client)
    assert where(page) == "choose"
    assert page.context["form"].errors["username"] == ["This user name is taken. Choose another one."]
    assert where(walk.choose(client, username="siti.kedua")) == "menu"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"username": "si"}, "username"),
        ({"username": "3171011705900001"}, "username"),
        ({"username": "siti@contoh.id"}, "username"),
        ({"username": "siti\0aminah"}, "username"),
        ({"email": "siti"}, "email"),
        ({"new_password": "pendek", "again": "pendek"}, "new_password"),
        ({"new_password": "password1234", "again": "password1234"}, "new_password"),
        ({"new_password": "siti.aminah.1", "again": "siti.aminah.1"}, "new_password"),
        ({"again": "another one 12345"}, "again"),
        ({"new_password": "", "again": "x"}, "new_password"),
        ({"new_password": "x" * 1001, "again": "x" * 1000}, "new_password"),
    ],
)
def test_what_is_chosen_badly_is_named_at_its_field(given: dict[str, Any], field: str) -> None:
    page = walk.registered(browser(), **given)
    assert (where(page), list(page.context["form"].errors)) == ("choose", [field])
    assert not ParticipantAccount.objects.exists()


def test_who_has_an_account_is_told_its_user_name_once_the_number_is_proved() -> None:
    client, peserta = browser(), make.peserta()
    walk.account(peserta)
    walk.give_proof(client, peserta)
    page = walk.give_code(client)
    assert where(page) == "login"
    assert "You have an account already: siti.aminah" in words(page)


WRONG = {"phone": "081211112222", "birth_date": "18-05-1990", "identifier": "9" * 13}


@pytest.mark.parametrize("field", WRONG)
def test_no_code_goes_out_unless_all_three_match(field: str) -> None:
    client = browser()
    assert where(walk.give_proof(client, make.peserta(), **{field: WRONG[field]})) == "code"
    assert walk.sms_code() is None
    assert refusals("participant.proof_refused") == ["no_match"]


def test_without_the_right_code_nobody_chooses_anything() -> None:
    client = browser()
    walk.give_proof(client, make.peserta())
    for name, beginning in (("choose", "code"), ("new_password", "forgotten")):
        assert where(client.get(walk.address(name), follow=True)) == beginning
    walk.account()
    client.post(walk.address("forgotten"), {"name": walk.USERNAME})
    for name, beginning in (("choose", "register"), ("new_password", "code")):
        assert where(client.get(walk.address(name), follow=True)) == beginning


def test_five_wrong_codes_and_no_new_one_for_half_an_hour() -> None:
    client, peserta = browser(), make.peserta()
    with clock() as passes:
        walk.give_proof(client, peserta)
        code = walk.sms_code() or ""
        for _ in range(settings.CODE_TRIES):
            page = walk.give_code(client, other_than(code))
        assert "Too many wrong codes" in words(page)
        assert where(walk.give_code(client, code)) == "code"
        passes(timedelta(minutes=28))
        page = walk.give_proof(client, peserta)
        assert "Try again in 2 minutes" in words(page)
        passes(timedelta(minutes=3))
        assert where(walk.give_proof(client, peserta)) == "code"


def test_another_code_comes_after_a_minute_and_makes_the_first_one_void() -> None:
    client = browser()
    with clock() as passes:
        walk.give_proof(client, make.peserta())
        first = walk.sms_code()
        page = client.post(walk.address("code_again"), follow=True)
        assert "Please wait one minute" in words(page)
        passes(settings.CODE_PAUSE)
        page = client.post(walk.address("code_again"), follow=True)
        walk.worker()
        second = walk.sms_code()
        assert "A new code is on its way" in words(page)
        assert first == second or where(walk.give_code(client, first)) == "code"
        assert where(walk.give_code(client, second)) == "choose"


def test_a_number_is_not_flooded_by_asking_for_it_in_two_ways() -> None:
    """By NIK and by card number the same number would get twice as many codes."""
    client, peserta = browser(), make.peserta()
    with clock():
        walk.give_proof(client, peserta)
        assert where(walk.give_proof(client, peserta, identifier=peserta.card_number)) == "code"
    assert AccountCode.objects.exclude(number="").count() == 1
    assert refusals("participant.proof_refused") == ["too_many_codes"]


def test_one_address_asks_for_twenty_codes_an_hour_and_one_person_for_ten() -> None:
    with clock(full_hour()):
        for number in range(limits.ORDER_HERE.most):
            assert where(walk.give_proof(browser(), make.peserta(), phone=f"0813{number:08}")) == "code"
        page = walk.give_proof(browser(), make.peserta())
        assert page.status_code == 429
        assert "Please try again in 61 minutes" in words(page)
        peserta = make.peserta()
        for number in range(limits.ORDER_FOR_ONE.most + 1):
            client = Client(REMOTE_ADDR=f"203.0.113.{number}", headers={"accept-language": "en"})
            page = walk.give_proof(client, peserta, phone=f"0813{number:07}1")
        assert page.status_code == 429
    assert refusals() == ["too_many", "too_many"]


def test_an_old_code_is_no_proof_any_more() -> None:
    client = browser()
    with clock() as passes:
        walk.give_proof(client, make.peserta())
        code = walk.sms_code()
        passes(settings.CODE_LIFETIME)
        assert "no longer valid" in words(walk.give_code(client, code))
        passes(timedelta(minutes=21))
        assert where(client.get(walk.address("code"), follow=True)) == "login"


def test_a_proof_that_is_older_than_half_an_hour_makes_no_account() -> None:
    client, peserta = browser(), make.peserta()
    with clock() as passes:
        walk.give_proof(client, peserta)
        passes(timedelta(minutes=1))
        walk.give_code(client)
        AccountCode.objects.update(confirmed_at=AccountCode.objects.get().sent_at - timedelta(minutes=30))
        page = walk.choose(client)
    assert "can't be used any more" in words(page)
    assert not ParticipantAccount.objects.exists()


def test_wrong_passwords_lock_out_by_the_limits_of_staff() -> None:
    walk.account(email=walk.EMAIL)
    with clock() as passes:
        for _ in range(10):
            assert "User name, e-mail or password is wrong" in words(walk.log_in(browser(), password="wrong"))
        page = walk.log_in(browser())
        assert page.status_code == 429
        assert "Too many attempts" in words(page)
        passes(timedelta(minutes=15, seconds=15))
        assert where(walk.log_in(browser())) == "menu"
    assert refusals("participant.login_refused") == ["password"] * 10 + ["too_many"]


@pytest.mark.parametrize("what", ["phone", "email"])
def test_without_the_password_nothing_changes(what: str) -> None:
    client = browser()
    account = walk.logged_in(client)
    client.post(walk.address(what), {"new_phone": "081298765432", "email": walk.EMAIL})
    page = walk.confirm(client, "wrong")
    assert (where(page), list(page.context["form"].errors)) == ("confirm", ["password"])
    assert where(client.get(walk.address("phone_code"), follow=True)) == "data"
    assert where(client.get(walk.address("code"), follow=True)) == "menu"
    assert not PhoneChangeRequest.objects.exists()
    assert not mail.outbox
    account.refresh_from_db()
    assert account.email == ""


def test_the_confirmation_counts_wrong_passwords_as_the_log_in_does() -> None:
    client = browser()
    with clock():
        walk.logged_in(client)
        walk.save_phone(client)
        for _ in range(10):
            walk.confirm(client, "wrong")
        assert walk.confirm(client).status_code == 429
        new = {"old_password": walk.PASSWORD, "new_password": walk.OTHER_PASSWORD, "again": walk.OTHER_PASSWORD}
        assert client.post(walk.address("password"), new).status_code == 429
    assert not PhoneChangeRequest.objects.exists()


def test_the_registered_number_is_no_new_number() -> None:
    client, peserta = browser(), make.peserta()
    walk.logged_in(client, peserta)
    walk.save_phone(client, peserta.phone or "")
    assert "already registered" in words(walk.confirm(client))
    assert refusals() == ["same_number"]


def test_who_has_an_open_request_is_led_to_it() -> None:
    client, peserta = browser(), make.peserta()
    walk.logged_in(client, peserta)
    walk.save_phone(client)
    request = cases.queued(peserta=peserta)
    page = walk.confirm(client)
    assert str(request) in words(page)
    assert walk.address("data") in page.content.decode()
    assert refusals() == ["already_open"]


def test_a_password_sent_twice_makes_one_request() -> None:
    client = browser()
    walk.logged_in(client)
    walk.save_phone(client)
    before = dict(client.session)
    walk.confirm(client)
    kept = client.session
    kept.update(before)
    kept.save()
    assert where(walk.confirm(client)) == "phone_code"
    assert PhoneChangeRequest.objects.count() == 1


def test_a_number_that_was_mistyped_is_withdrawn_and_another_one_typed() -> None:
    client = browser()
    account = walk.logged_in(client)
    walk.save_phone(client, "081200001111")
    walk.confirm(client)
    assert walk.address("phone_code") in client.get(walk.address("data")).content.decode()
    page = client.post(walk.address("phone_withdraw"), follow=True)
    assert "The change was withdrawn" in words(page)
    walk.save_phone(client)
    walk.confirm(client)
    walk.give_phone_code(client, account)
    states = PhoneChangeRequest.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == [Status.CANCELLED, Status.APPLIED]


def test_a_wrong_code_for_the_new_number_says_how_many_tries_are_left() -> None:
    client = browser()
    account = walk.logged_in(client)
    walk.save_phone(client)
    walk.confirm(client)
    page = walk.give_phone_code(client, account, other_than(cases.code_of(walk.waiting(account))))
    assert "You have 4 tries left" in words(page)
    assert "Please wait one minute" in words(client.post(walk.address("phone_again"), follow=True))
    assert refusals("request.code_refused") == ["wrong", "too_many_codes"]


def test_another_code_for_the_new_number() -> None:
    client = browser()
    with clock() as passes:
        account = walk.logged_in(client)
        walk.save_phone(client)
        walk.confirm(client)
        passes(settings.CODE_PAUSE)
        assert "A new code is on its way" in words(client.post(walk.address("phone_again"), follow=True))
        assert where(walk.give_phone_code(client, account)) == "data"


def test_ten_changes_an_hour_and_no_more() -> None:
    client = browser()
    with clock():
        walk.logged_in(client)
        for _ in range(limits.CHANGE.most + 1):
            client.post(walk.address("email"), {"email": walk.EMAIL})
            page = walk.confirm(client)
    assert page.status_code == 429
    assert refusals()[-1] == "too_many"
    assert len(mail.outbox) == 1


def test_an_address_of_another_account_is_refused_to_whom_the_code_was_sent() -> None:
    client = browser()
    walk.account(username="budi", email=walk.EMAIL)
    account = walk.logged_in(client)
    client.post(walk.address("email"), {"email": walk.EMAIL})
    walk.confirm(client)
    page = walk.give_code(client, walk.mailed_code())
    assert "Another account uses this e-mail address" in words(page)
    account.refresh_from_db()
    assert (account.email, refusals()) == ("", ["email_taken"])


def test_a_code_for_an_email_address_is_of_no_use_once_one_has_logged_out() -> None:
    client = browser()
    walk.logged_in(client)
    client.post(walk.address("email"), {"email": walk.EMAIL})
    walk.confirm(client)
    client.post(walk.address("logout"))
    assert where(walk.give_code(client, walk.mailed_code())) == "login"
    assert not ParticipantAccount.objects.filter(email=walk.EMAIL).exists()


def test_an_account_stands_even_when_no_code_can_go_to_its_address() -> None:
    with clock():
        for number in range(limits.ORDER_HERE.most - 1):
            walk.give_proof(browser(), make.peserta(), phone=f"0813{number:08}")
        page = walk.registered(browser(), email=walk.EMAIL)
    assert where(page) == "menu"
    assert "Too many attempts" in words(page)
    assert ParticipantAccount.objects.get().email == ""


def test_a_password_is_changed_by_who_knows_it() -> None:
    client = browser()
    walk.logged_in(client)
    new = {"new_password": walk.OTHER_PASSWORD, "again": walk.OTHER_PASSWORD}
    page = client.post(walk.address("password"), {"old_password": "wrong", **new})
    assert list(page.context["form"].errors) == ["old_password"]
    page = client.post(walk.address("password"), {"old_password": walk.PASSWORD, **new}, follow=True)
    assert where(page) == "menu"
    assert where(walk.log_in(browser(), password=walk.OTHER_PASSWORD)) == "menu"


def test_a_code_replaces_one_password_once() -> None:
    client = browser()
    walk.account()
    client.post(walk.address("forgotten"), {"name": walk.USERNAME})
    walk.worker()
    walk.give_code(client)
    before = dict(client.session)
    new = {"new_password": walk.OTHER_PASSWORD, "again": walk.OTHER_PASSWORD}
    client.post(walk.address("new_password"), new)
    kept = client.session
    kept.update(before)
    kept.save()
    another = {"new_password": "masih satu lagi 99", "again": "masih satu lagi 99"}
    assert where(client.post(walk.address("new_password"), another, follow=True)) == "code"
    assert where(walk.log_in(browser(), password=walk.OTHER_PASSWORD)) == "menu"


def test_without_a_registered_number_no_forgotten_password_is_replaced() -> None:
    client, peserta = browser(), make.peserta(phone=None)
    walk.account(peserta)
    assert where(client.post(walk.address("forgotten"), {"name": walk.USERNAME}, follow=True)) == "code"
    walk.worker()
    assert walk.sms_code() is None


ODD: dict[str, dict[str, Any]] = {
    "login": {"name": "a\0", "password": "\0"},
    "register": {"identifier": "\0", "birth_date": "99-99-9999", "phone": "x" * 5000},
    "forgotten": {"name": "x" * 5000},
    "code": {"code": "\0"},
}
OWN = {
    "phone": {"new_phone": "+1 202 555 0100"},
    "email": {"email": "\0@"},
    "password": {"old_password": "\0", "new_password": "\0"},
    "confirm": {"password": "\0"},
    "phone_code": {"code": "x" * 5000},
}


@pytest.mark.parametrize("name", [*ODD, *OWN])
@pytest.mark.parametrize("data", ["odd", "none"])
def test_odd_input_is_answered_with_a_page(name: str, data: str) -> None:
    client = browser()
    if name in OWN:
        walk.logged_in(client)
        walk.save_phone(client)
        if name == "phone_code":
            walk.confirm(client)
    else:
        walk.give_proof(client, make.peserta())
    page = client.post(walk.address(name), (ODD | OWN)[name] if data == "odd" else {})
    assert (page.status_code, bool(page.context["form"].errors)) == (200, True)


def test_without_an_order_there_is_no_code_to_type_and_none_to_send_again() -> None:
    for name in ("code", "code_again"):
        page = browser().post(walk.address(name), {"code": "000000"}, follow=True)
        assert where(page) == "login"
        assert "We no longer have your entries" in words(page)


def test_another_code_is_sent_by_post_only() -> None:
    client = browser()
    walk.give_proof(client, make.peserta())
    assert where(client.get(walk.address("code_again"), follow=True)) == "code"
    assert AccountCode.objects.count() == 1


def test_who_asks_for_a_new_password_twice_is_told_to_wait() -> None:
    client = browser()
    for _ in range(2):
        page = client.post(walk.address("forgotten"), {"name": walk.USERNAME}, follow=True)
    assert where(page) == "forgotten"
    assert "Please wait one minute" in words(page)


def test_the_code_of_this_path_can_also_be_typed_by_way_of_the_status_page() -> None:
    client = browser()
    account = walk.logged_in(client)
    walk.save_phone(client)
    walk.confirm(client)
    request = walk.waiting(account)
    stranger = browser()
    portal.look_up(stranger, request)
    page = portal.give_code(stranger, cases.code_of(request))
    assert where(page) == "case"
    assert "Your number has been changed" in words(page)
