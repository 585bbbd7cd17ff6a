"""Participants' accounts among the writers: their addresses, and what writes beside those."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from jknoffice.audit.log import Thing
from participants import registry
from participants.account import SELF, changing, creating, login
from participants.models import ParticipantAccount
from tests import make
from tests.verification.portal.account import walk
from tests.verification.portal.walk import clock
from verification.models import AccountCode
from verification.models.account_code import Purpose
from verification.self_service import account, answering, codes

Visit: TypeAlias = Callable[[Client], object]
Call: TypeAlias = Callable[[], object]


def post(client: Client, page: str, /, **data: str) -> object:
    return client.post(walk.address(page), data)


def _registered(client: Client) -> object:
    return walk.registered(client)


def _coded(client: Client) -> object:
    walk.give_proof(client, make.peserta())
    return walk.give_code(client)


def _again(client: Client) -> object:
    with clock() as passes:
        walk.give_proof(client, make.peserta())
        passes(settings.CODE_PAUSE)
        return post(client, "code_again")


def _proved(client: Client) -> Client:
    walk.account()
    post(client, "forgotten", name=walk.USERNAME)
    walk.worker()
    walk.give_code(client)
    return client


def _new_password(client: Client) -> object:
    return post(_proved(client), "new_password", new_password=walk.OTHER_PASSWORD, again=walk.OTHER_PASSWORD)


def _own_password(client: Client) -> object:
    walk.logged_in(client)
    new = {"new_password": walk.OTHER_PASSWORD, "again": walk.OTHER_PASSWORD}
    return post(client, "password", old_password=walk.PASSWORD, **new)


def _awaiting(client: Client) -> ParticipantAccount:
    account = walk.logged_in(client)
    walk.save_phone(client)
    walk.confirm(client)
    return account


def _phone_again(client: Client) -> object:
    with clock() as passes:
        _awaiting(client)
        passes(settings.CODE_PAUSE)
        return post(client, "phone_again")


def _own(name: str) -> Visit:
    return lambda c: walk.logged_in(c) and c.get(walk.address(name))


SILENT = {
    **dict.fromkeys(["account:menu", "account:request"], "no data"),
    "POST account:data": "the same as by GET, which is recorded",
    **dict.fromkeys(["account:phone", "account:email"], "one's own entry, which waits for the password"),
    **{
        f"GET account:{name}": "a form"
        for name in """
        login logout register choose code code_again forgotten new_password password confirm
        phone_code phone_again phone_withdraw
        """.split()
    },
}

RECORDED: dict[str, tuple[Visit, list[str]]] = {
    "POST account:login": (lambda c: walk.logged_in(c), ["participant.login"]),
    "POST account:logout": (lambda c: walk.logged_in(c) and post(c, "logout"), ["participant.logout"]),
    "POST account:register": (lambda c: walk.give_proof(c, make.peserta()), ["participant.code_asked"]),
    "POST account:choose": (_registered, ["participant.registered", "participant.login"]),
    "POST account:code": (_coded, ["participant.code_confirmed"]),
    "POST account:code_again": (_again, ["participant.code_asked"]),
    "POST account:forgotten": (
        lambda c: post(c, "forgotten", name=walk.USERNAME),
        ["participant.code_asked"],
    ),
    "POST account:new_password": (_new_password, ["participant.password_changed"]),
    "POST account:password": (_own_password, ["participant.password_changed"]),
    "GET account:data": (_own("data"), ["participant.data_viewed"]),
    "POST account:confirm": (_awaiting, ["request.submitted"]),
    "POST account:phone_code": (
        lambda c: walk.give_phone_code(c, _awaiting(c)),
        ["request.confirmed", "peserta.phone_changed"],
    ),
    "POST account:phone_again": (_phone_again, ["message.expired", "request.code_asked"]),
    "POST account:phone_withdraw": (
        lambda c: _awaiting(c) and post(c, "phone_withdraw"),
        ["request.cancelled"],
    ),
}


def ordered(purpose: Purpose = Purpose.REGISTER, **given: str) -> AccountCode:
    if not given:
        peserta = make.peserta()
        given = {"identifier": peserta.nik, "birth_date": peserta.birth_date.isoformat(), "phone": peserta.phone or ""}
    return codes.order(purpose=purpose, given=given, language="en", at=timezone.now())


def proved(purpose: Purpose = Purpose.REGISTER, **given: str) -> int:
    """A code that was sent by SMS and typed."""
    row = ordered(purpose, **given)
    answering.answer(code_id=row.pk)
    codes.confirm(code_id=row.pk, typed=walk.sms_code() or "", at=timezone.now())
    return row.pk


def _order() -> Call:
    return lambda: ordered(Purpose.PASSWORD, name=walk.USERNAME)


def _answer() -> Call:
    row = ordered()
    return lambda: answering.answer(code_id=row.pk)


def _answer_nobody() -> Call:
    row = ordered(identifier="3171011705909999", birth_date="1990-05-17", phone="+6281200009999")
    return lambda: answering.answer(code_id=row.pk)


def _wrong() -> Call:
    row = ordered()
    return lambda: codes.confirm(code_id=row.pk, typed="000000", at=timezone.now())


def _register() -> Call:
    pk = proved()
    given: dict[str, Any] = {"username": walk.USERNAME, "password": walk.PASSWORD}
    return lambda: account.register(code_id=pk, at=timezone.now(), **given)


def _reset() -> Call:
    walk.account()
    pk = proved(Purpose.PASSWORD, name=walk.USERNAME)
    return lambda: account.reset_password(code_id=pk, new=walk.OTHER_PASSWORD, language="en", at=timezone.now())


def _email() -> Call:
    mine = walk.account()
    return lambda: changing.change_email(account=mine, email=walk.EMAIL, at=timezone.now())


def _refused() -> Call:
    def check() -> None:
        with pytest.raises(login.LoginRefused):
            login.check(name="nobody", password="wrong", address="203.0.113.7", at=timezone.now())

    return check


def _enter() -> Call:
    mine = walk.account()
    return lambda: login.enter(account=mine, at=timezone.now())


def _create() -> Call:
    peserta = make.peserta()
    given: dict[str, Any] = {"username": walk.USERNAME, "password": walk.PASSWORD}
    return lambda: creating.create(peserta=peserta, at=timezone.now(), **given)


def _set_email() -> Call:
    mine = walk.account()
    given: dict[str, Any] = {"email": walk.EMAIL, "by": SELF, "cause": Thing.of(mine)}
    return lambda: registry.set_email(peserta_id=mine.peserta_id, **given)


OTHERS: dict[str, tuple[Callable[[], Call], list[str]]] = {
    "registry.set_email": (_set_email, ["peserta.email_changed"]),
    "account.login.check": (_refused, ["participant.login_refused"]),
    "account.login.enter": (_enter, ["participant.login"]),
    "account.creating.create": (_create, ["participant.registered"]),
    "account.changing.change_email": (_email, ["peserta.email_changed"]),
    "self_service.codes.order": (_order, ["participant.code_asked"]),
    "self_service.codes.confirm, wrong": (_wrong, ["participant.code_refused"]),
    "self_service.answering.answer": (_answer, ["participant.code_sent"]),
    "self_service.answering.answer, nobody": (_answer_nobody, ["participant.proof_refused"]),
    "self_service.account.register": (_register, ["participant.registered"]),
    "self_service.account.reset_password": (_reset, ["participant.password_changed"]),
}
ELSEWHERE = {"participant.refused": "tests/verification/portal/account/test_refusals.py"}
