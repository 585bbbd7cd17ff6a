"""People are told by e-mail what happened to their second step, and nothing breaks where that fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override

from jknoffice.accounts import notices, words
from jknoffice.accounts.login import authenticator, factors, password, replacing
from jknoffice.accounts.login.passkeys import keeping, proving
from jknoffice.accounts.models import Authenticator, User
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts import door
from tests.accounts.passkeys.soft import SESSION, Soft, asked
from tests.hands import run_worker

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "petugas@contoh.id"
MARKS = {"id": "Waktu:", "en": "When:"}


def ordered() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'event' FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [notices.TELL_TASK]
        )
        return [row[0] for row in cursor.fetchall()]


def enrolled(user: User) -> None:
    secret = authenticator.new_secret()
    typed = door.code_of(Authenticator(user=user, key=secret))
    factors.enrol(user=user, secret=secret, typed=typed, at=timezone.now())


def exchanged(user: User) -> None:
    proof, secret = door.code_of(make.authenticator(user)), authenticator.new_secret()
    typed = door.code_of(Authenticator(user=user, key=secret))
    replacing.replace(user=user, secret=secret, typed=typed, proof=proof, this="", at=timezone.now())


def codes_made(user: User) -> None:
    replacing.new_codes(user=user, proof=door.code_of(make.authenticator(user)), at=timezone.now())


def passkey_added(user: User) -> None:
    proof, now = door.code_of(make.authenticator(user)), timezone.now()
    options = keeping.begin(user=user, name="Laptop", proof=proof, session=SESSION, at=now)
    keeping.add(user=user, answer=Soft().made(options), session=SESSION, at=now)


def first_passkey(user: User) -> None:
    options = keeping.begin_first(user=user, name="Laptop", session=SESSION, at=timezone.now())
    keeping.enrol(user=user, answer=Soft().made(options), session=SESSION, at=timezone.now())


def passkey_removed(user: User) -> None:
    proof, passkey = door.code_of(make.authenticator(user)), make.passkey(user)
    keeping.remove(user=user, passkey_id=passkey.pk, proof=proof, session=SESSION, at=timezone.now())


def passkey_copied(user: User) -> None:
    soft = Soft(counter=5)
    soft.kept_for(user)
    soft.counter = 1
    with pytest.raises(proving.CopiedPasskey):
        factors.verify(user=user, typed=soft.signed(asked(user)), session=SESSION, at=timezone.now())


def password_changed(user: User) -> None:
    password.change(user=user, new="another sentence of words")


CHANGES: list[tuple[Callable[[User], None], str]] = [
    (enrolled, "factor_added"),
    (first_passkey, "factor_added"),
    (passkey_added, "factor_added"),
    (exchanged, "factor_replaced"),
    (passkey_removed, "factor_removed"),
    (codes_made, "codes_made"),
    (passkey_copied, "passkey_copied"),
    (password_changed, "password_changed"),
]


@pytest.mark.parametrize(("change", "event"), CHANGES)
def test_each_change_tells_its_person_once(change: Callable[[User], None], event: str) -> None:
    change(make.staff(email=EMAIL))
    assert ordered() == [event]


@pytest.mark.parametrize(("change", "_event"), CHANGES)
def test_who_has_no_address_is_not_told(change: Callable[[User], None], _event: str) -> None:
    change(make.staff())
    assert ordered() == []


def test_the_worker_sends_what_happened_when_and_what_to_do_in_both_languages() -> None:
    user = make.staff(email=EMAIL)
    passkey_added(user)
    with override("en"):
        run_worker()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([EMAIL], "JKN Office: cara masuk Anda")
    assert all(mark in letter.body for mark in MARKS.values())
    assert letter.body.index(MARKS["id"]) < letter.body.index(MARKS["en"])
    for personal in (user.username, user.full_name, "Laptop", "http"):
        assert personal not in letter.body
    assert '"what":"factor_added"' in AuditLog.objects.get(action="account.told").entry
    assert EMAIL not in AuditLog.objects.get(action="account.told").entry


def test_a_mail_server_that_fails_breaks_nothing_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: EmailMessage) -> int:
        raise OSError(f"550 <{EMAIL}> unknown")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    user = make.staff(email=EMAIL)
    passkey_added(user)
    run_worker()
    assert EMAIL not in caplog.text
    assert not AuditLog.objects.filter(action="account.told").exists()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    monkeypatch.undo()
    run_worker()
    assert AuditLog.objects.filter(action="account.told").exists()


def test_a_change_that_is_taken_back_tells_nothing() -> None:
    with transaction.atomic():
        notices.order(user=make.staff(email=EMAIL), event=notices.Event.RESET, at=timezone.now())
        transaction.set_rollback(True)
    assert ordered() == []


@pytest.mark.parametrize("event", notices.Event)
def test_every_event_is_said_in_every_language(event: notices.Event) -> None:
    said: set[Any] = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.add(str(notices.WORDS[event]))
    assert len(said) == len(settings.LANGUAGES)


def test_who_is_gone_or_has_no_address_any_more_is_not_told() -> None:
    for pk in (0, make.staff().pk):
        notices.tell(user_id=pk, event=notices.Event.ADDED, at=timezone.now())
    assert not mail.outbox


def test_the_log_has_words_for_everything_that_people_are_told() -> None:
    assert {event.value for event in notices.Event} <= words.VALUES.keys()
