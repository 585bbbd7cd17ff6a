"""The article's own path, one test a step: from the registration to the number that is replaced at once."""

import pytest
from django.core import mail

from participants.models import ParticipantAccount
from tests import make
from tests.verification.portal.account import walk
from tests.verification.portal.walk import browser, where, words
from verification import outbox
from verification.models import OutboxMessage, PhoneChangeRequest
from verification.models.choices import Channel
from verification.states import Status

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by", ["nik", "card_number"])
def test_register_with_nik_or_card_number_birth_date_and_the_registered_number(by: str) -> None:
    client, peserta = browser(), make.peserta()
    page = walk.give_proof(client, peserta, identifier=getattr(peserta, by))
    assert where(page) == "code"
    assert "a code is now on its way by SMS to 0812-••••" in words(page)
    assert walk.sms_code()


def test_type_the_code_that_came_to_the_registered_number() -> None:
    client = browser()
    walk.give_proof(client, make.peserta())
    assert where(walk.give_code(client)) == "choose"


def test_choose_user_name_email_and_password() -> None:
    client, peserta = browser(), make.peserta()
    page = walk.registered(client, peserta, email="Siti@Contoh.ID")
    account = ParticipantAccount.objects.get(peserta=peserta)
    assert (account.username, account.email, where(page)) == (walk.USERNAME, "", "code")
    assert mail.outbox[-1].to == [walk.EMAIL]
    assert where(walk.give_code(client, walk.mailed_code())) == "data"
    account.refresh_from_db()
    peserta.refresh_from_db()
    assert (account.email, peserta.email) == (walk.EMAIL, walk.EMAIL)


@pytest.mark.parametrize("name", [walk.USERNAME, "Siti.Aminah", walk.EMAIL, " SITI@contoh.id "])
def test_log_in_with_user_name_or_email(name: str) -> None:
    client = browser()
    walk.account(email=walk.EMAIL)
    page = walk.log_in(client, name)
    assert where(page) == "menu"
    assert walk.USERNAME in words(page)


def test_ubah_data() -> None:
    client = browser()
    walk.logged_in(client)
    assert walk.address("data") in client.get(walk.address("menu")).content.decode()


def test_ubah_data_peserta_shows_nama_no_hp_email_and_segmen() -> None:
    client = browser()
    peserta = make.peserta(name="SITI AMINAH", phone="+6281234567890", email="siti@contoh.id")
    make.peserta(name="BUDI SANTOSO", kk_number=peserta.kk_number, relation="HUSBAND")
    walk.logged_in(client, peserta)
    page = client.get(walk.address("data"))
    shown = words(page)
    for value in ("SITI AMINAH", "0812-••••-•890", "s•••@contoh.id", "PBPU", "Active", "B••• S•••••• (Husband)"):
        assert value in shown
    for hidden in (peserta.nik, peserta.card_number, peserta.kk_number, "81234567890", "siti@", "BUDI"):
        assert hidden not in page.content.decode()


def test_no_handphone_type_the_new_number_and_save() -> None:
    client = browser()
    walk.logged_in(client)
    page = walk.save_phone(client)
    assert where(page) == "confirm"
    assert "0812-9876-5432" in words(page)
    assert not PhoneChangeRequest.objects.exists()


def test_confirm_with_the_password() -> None:
    client = browser()
    account = walk.logged_in(client)
    walk.save_phone(client)
    page = walk.confirm(client)
    assert where(page) == "phone_code"
    assert "0812-••••-•432" in words(page)
    assert walk.waiting(account).channel == Channel.SELF_SERVICE


def test_a_code_comes_by_sms_to_the_new_number() -> None:
    client = browser()
    account = walk.logged_in(client)
    walk.save_phone(client)
    walk.confirm(client)
    message = walk.waiting(account).messages.get()
    assert (message.template, message.to) == ("code", "+6281298765432")


def test_type_the_code_and_the_number_is_replaced_at_once() -> None:
    client, peserta = browser(), make.peserta()
    account = walk.logged_in(client, peserta)
    walk.save_phone(client)
    walk.confirm(client)
    page = walk.give_phone_code(client, account)
    assert where(page) == "data"
    assert "Your number has been replaced: 0812-••••-•432 is registered now" in words(page)
    request, old = PhoneChangeRequest.objects.get(), peserta.phone
    peserta.refresh_from_db()
    assert (request.status, peserta.phone) == (Status.APPLIED, "+6281298765432")
    told = set(request.messages.exclude(template="code").values_list("template", "to"))
    assert told == {("applied_new", "+6281298765432"), ("applied_old", old)}


def test_where_a_risk_signal_stands_the_request_goes_to_the_desk_and_the_page_says_so() -> None:
    client = browser()
    peserta = make.peserta(status="SUSPENDED")
    old, account = peserta.phone, walk.logged_in(client, peserta)
    walk.save_phone(client)
    walk.confirm(client)
    page = walk.give_phone_code(client, account)
    request = PhoneChangeRequest.objects.get()
    assert "a member of staff looks at this change first" in words(page)
    assert str(request) in words(page)
    peserta.refresh_from_db()
    assert (request.status, request.branch, peserta.phone) == (Status.QUEUED, peserta.branch, old)
    # The page leads on to the request, and offers no second change.
    assert walk.address("phone") not in page.content.decode()
    page = client.get(walk.address("request"), follow=True)
    assert where(page) == "case"
    assert "A member of staff looks at your change" in words(page)
    assert "photo" not in words(page)


def test_the_email_address_changes_by_a_code_to_the_new_one() -> None:
    client = browser()
    account = walk.logged_in(client, email="lama@contoh.id")
    page = client.post(walk.address("email"), {"email": "Baru@Contoh.id"}, follow=True)
    assert (where(page), len(mail.outbox)) == ("confirm", 0)
    assert where(walk.confirm(client)) == "code"
    assert mail.outbox[-1].to == ["baru@contoh.id"]
    walk.give_code(client, walk.mailed_code())
    account.refresh_from_db()
    account.peserta.refresh_from_db()
    assert (account.email, account.peserta.email) == ("baru@contoh.id", "baru@contoh.id")


def test_a_forgotten_password_is_replaced_by_a_code_to_the_registered_number() -> None:
    client = browser()
    walk.account()
    page = client.post(walk.address("forgotten"), {"name": walk.USERNAME}, follow=True)
    walk.worker()
    assert where(page) == "code"
    assert where(walk.give_code(client)) == "new_password"
    new = {"new_password": walk.OTHER_PASSWORD, "again": walk.OTHER_PASSWORD}
    assert where(client.post(walk.address("new_password"), new, follow=True)) == "login"
    assert where(walk.log_in(client)) == "login"
    assert where(walk.log_in(client, password=walk.OTHER_PASSWORD)) == "menu"


@pytest.mark.parametrize("what", ["password", "email"])
def test_the_registered_number_is_told_when_password_or_email_changes(what: str) -> None:
    client = browser()
    account = walk.logged_in(client)
    if what == "email":
        client.post(walk.address("email"), {"email": walk.EMAIL})
        walk.confirm(client)
        walk.give_code(client, walk.mailed_code())
    else:
        new = {"new_password": walk.OTHER_PASSWORD, "again": walk.OTHER_PASSWORD}
        client.post(walk.address("password"), {"old_password": walk.PASSWORD, **new})
    message = OutboxMessage.objects.get(template="account_changed")
    assert (message.to, message.language) == (account.peserta.phone, "en")
    assert "Not you? Call 165" in outbox.text_of(message)
