"""Links that go out by e-mail, once, whatever the mail server does."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from jknoffice.accounts.life import letters
from jknoffice.accounts.models import StaffLetter, User
from jknoffice.audit.models import AuditLog
from jknoffice.hands import Hand
from tests.accounts.life import walk
from tests.hands import logged_in_as, run_task

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_invitation_goes_out_by_e_mail_once_and_is_forgotten(settings: Any) -> None:
    _admin, client = walk.admin()
    secret = walk.secret_in(walk.invite(client, email="siti@contoh.example"))
    assert secret.encode() not in bytes(StaffLetter.objects.get().sealed)
    run_task("accounts.send_letters")
    (letter,) = mail.outbox
    assert (letter.to, secret in letter.body) == (["siti@contoh.example"], True)
    assert "siti" not in letter.subject.lower()
    assert not StaffLetter.objects.exists()
    assert AuditLog.objects.filter(action="account.letter_sent").count() == 1
    settings.MAIL_IS_SET_UP = False
    walk.invite(client, username="other", nik="3173010101900009", email="other@contoh.example")
    assert not StaffLetter.objects.exists()


def test_a_letter_whose_link_is_dead_is_not_sent() -> None:
    _admin, client = walk.admin()
    walk.invite(client, email="siti@contoh.example")
    walk.step(client, "unlink", User.objects.get(username="siti.rahma"))
    with logged_in_as(Hand.WORKER):
        assert letters.send_waiting() == 0
    assert (mail.outbox, StaffLetter.objects.count()) == ([], 0)
    assert AuditLog.objects.filter(action="account.letter_failed").count() == 1


def test_a_letter_that_this_process_has_no_key_for_waits_for_one_that_has(settings: Any) -> None:
    now, before = timezone.now(), settings.JKN_DATA_KEY
    _admin, client = walk.admin()
    walk.invite(client, email="siti@contoh.example")
    settings.JKN_DATA_KEY = b"n" * 32
    with logged_in_as(Hand.WORKER):
        assert letters.send_waiting(at=now) == 0
        settings.JKN_DATA_KEY_OLD = before
        assert letters.send_waiting(at=now) == 1


class Failing:
    """A mail server that is down, and quotes the address in its error."""

    def __init__(self, **_given: object) -> None:
        pass

    def send_messages(self, _messages: object) -> int:
        raise OSError("cannot reach siti@contoh.example")


class Choosy(Failing):
    """A mail server that takes nothing for one address."""

    def send_messages(self, messages: Any) -> int:
        if messages[0].to == ["siti@contoh.example"]:
            raise OSError("unknown")
        return len(messages)


def test_a_letter_that_no_server_takes_keeps_no_other_waiting(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    _admin, client = walk.admin()
    for number, email in enumerate(["siti@contoh.example", "other@contoh.example"]):
        walk.invite(client, username=f"user{number}", nik=f"317301010190000{number}", email=email)
    settings.EMAIL_BACKEND = f"{__name__}.Choosy"
    monkeypatch.setattr(letters, "MOST", 1)
    with logged_in_as(Hand.WORKER):
        assert [letters.send_waiting(at=now) for _ in range(2)] == [0, 1]


def test_a_mail_server_that_is_down_is_tried_again_for_a_day(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    now = timezone.now()
    _admin, client = walk.admin()
    walk.invite(client, email="siti@contoh.example")
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Failing"
    with logged_in_as(Hand.WORKER):
        assert letters.send_waiting(at=now) == 0
    assert "siti@" not in caplog.text
    assert StaffLetter.objects.get().tries == 1
    settings.EMAIL_BACKEND = working
    assert letters.send_waiting(at=now + timedelta(minutes=1)) == 1
    walk.invite(client, username="other", nik="3173010101900009", email="other@contoh.example")
    assert letters.send_waiting(at=now + timedelta(days=2)) == 0
    assert not StaffLetter.objects.exists()
