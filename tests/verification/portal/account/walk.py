"""Walking through the pages of an account as a browser without scripts does; the worker works between the steps."""

from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.account import creating
from participants.models import ParticipantAccount, Peserta
from tests import cases, make
from tests.verification.portal.walk import NEW_PHONE, Page
from verification import outbox
from verification.models import AccountCode, OutboxMessage, PhoneChangeRequest
from verification.models.outbox import MessageStatus
from verification.self_service import answering, phone

USERNAME = "siti.aminah"
PASSWORD = "sebuah kalimat sandi 7"
OTHER_PASSWORD = "kalimat lain yang panjang 8"
EMAIL = "siti@contoh.id"


def address(name: str) -> str:
    return reverse(f"account:{name}")


def account(peserta: Peserta | None = None, *, username: str = USERNAME, email: str = "") -> ParticipantAccount:
    made = creating.create(peserta=peserta or make.peserta(), username=username, password=PASSWORD, at=timezone.now())
    ParticipantAccount.objects.filter(pk=made.pk).update(email=email)
    made.refresh_from_db()
    return made


def worker() -> None:
    """Let the worker see to the codes that were asked for."""
    for pk in AccountCode.objects.filter(answered_at=None).order_by("pk").values_list("pk", flat=True):
        answering.answer(code_id=pk)


def sms_code() -> str | None:
    """The newest code that waits to be sent to a registered number, as a telephone would show it."""
    waiting = (
        OutboxMessage.objects.filter(request=None, template="code", status=MessageStatus.WAITING).order_by("pk").last()
    )
    return _digits(outbox.text_of(waiting)) if waiting else None


def mailed_code() -> str:
    return _digits(str(mail.outbox[-1].body))


def _digits(text: str) -> str:
    return next(word for word in text.replace(",", " ").replace(".", " ").split() if word.isdigit() and len(word) == 6)


def typed(peserta: Peserta, **given: Any) -> dict[str, Any]:
    data = {"identifier": peserta.nik, "birth_date": "17-05-1990", "phone": (peserta.phone or "").replace("+62", "0")}
    return data | given


def give_proof(client: Client, peserta: Peserta, **given: Any) -> Page:
    page = client.post(address("register"), typed(peserta, **given), follow=True)
    worker()
    return page


def give_code(client: Client, code: str | None = None) -> Page:
    return client.post(address("code"), {"code": code or sms_code() or "000000"}, follow=True)


def choose(client: Client, **given: Any) -> Page:
    data = {"username": USERNAME, "email": "", "new_password": PASSWORD, "again": PASSWORD}
    page = client.post(address("choose"), data | given, follow=True)
    worker()
    return page


def registered(client: Client, peserta: Peserta | None = None, **given: Any) -> Page:
    give_proof(client, peserta or make.peserta())
    give_code(client)
    return choose(client, **given)


def log_in(client: Client, name: str = USERNAME, password: str = PASSWORD) -> Page:
    return client.post(address("login"), {"name": name, "password": password}, follow=True)


def logged_in(client: Client, peserta: Peserta | None = None, **given: Any) -> ParticipantAccount:
    made = account(peserta, **given)
    log_in(client, made.username)
    return made


def confirm(client: Client, password: str = PASSWORD) -> Page:
    page = client.post(address("confirm"), {"password": password}, follow=True)
    worker()
    return page


def save_phone(client: Client, number: str = NEW_PHONE) -> Page:
    return client.post(address("phone"), {"new_phone": number}, follow=True)


def waiting(account: ParticipantAccount) -> PhoneChangeRequest:
    found = phone.waiting(account)
    assert found
    return found


def give_phone_code(client: Client, account: ParticipantAccount, code: str | None = None) -> Page:
    code = code or cases.code_of(waiting(account))
    return client.post(address("phone_code"), {"code": code}, follow=True)
