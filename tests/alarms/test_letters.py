"""The e-mail about new alarms: once, without personal data, and tried again."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.alarms import letters
from jknoffice.alarms.letters import send_waiting
from jknoffice.alarms.models import Alarm, Rule
from jknoffice.audit.models import AuditLog
from jknoffice.hands import Hand
from tests import make
from tests.alarms.histories import glass_broken
from tests.alarms.test_pages import alarm_about
from tests.hands import acting_as, run_task

pytestmark = pytest.mark.django_db

NOW = timezone.now()


class Failing(EmailBackend):
    """A mail server that refuses, and quotes whom."""

    def send_messages(self, email_messages: Any) -> int:
        raise SMTPRecipientsRefused({message.to[0]: (550, b"unknown") for message in email_messages})


@pytest.fixture(autouse=True)
def _to_the_auditors(settings: Any) -> None:
    settings.ALARM_TO = ["spi@bpjs.example"]
    settings.JKN_SITE_URL = "https://jkn.example"


@pytest.fixture
def guilty() -> User:
    return make.staff(username="sari", full_name="Sari Dewi")


def send(**given: Any) -> int:
    with acting_as(Hand.WORKER):
        return send_waiting(**given)


def test_one_message_tells_of_all_new_alarms_once_and_names_nobody(guilty: User) -> None:
    alarm_about(guilty)
    alarm_about(None, rule=Rule.HALT)
    assert send() == 2
    assert send() == 0
    (message,) = mail.outbox
    assert message.to == ["spi@bpjs.example"]
    assert "2 peringatan baru" in message.body
    assert f"cabang {guilty.branch and guilty.branch.code}: Berulang kali ditolak (10)" in message.body
    assert "https://jkn.example/admin/alarms/alarm/" in message.body
    for personal in ("sari", "Sari", guilty.person_id):
        assert personal not in f"{message.subject} {message.body}"
    assert AuditLog.objects.filter(action="alarm.mailed").count() == 1
    assert not Alarm.objects.filter(mailed_at=None).exists()


def test_what_the_mail_server_refuses_is_tried_for_a_day(
    guilty: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    alarm_about(guilty, raised_at=NOW)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Failing"
    assert send(at=NOW) == 0
    settings.EMAIL_BACKEND = working
    assert "SMTPRecipientsRefused" in caplog.text
    assert "bpjs.example" not in caplog.text
    assert send(at=NOW + letters.TRIED_FOR) == 0
    assert send(at=NOW + letters.TRIED_FOR - timedelta(seconds=1)) == 1


def test_without_an_address_nothing_is_sent(guilty: User, settings: Any) -> None:
    settings.ALARM_TO = []
    alarm_about(guilty)
    assert send() == 0
    assert Alarm.objects.get().mailed_at is None


@pytest.mark.django_db(transaction=True)
def test_the_worker_looks_and_writes_every_minute(guilty: User) -> None:
    glass_broken(guilty, timezone.now())
    for task in ("alarms.watch", "alarms.send_letters"):
        run_task(task)
    assert Alarm.objects.get().mailed_at is not None
    assert len(mail.outbox) == 1
