"""The daily summary: who gets it, when, what it says, and never twice."""

from datetime import datetime, time, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import cases, make
from tests.hands import run_task
from tests.verification.test_races import at_once
from verification import changes, summary
from verification.desk.figures.daily import daily
from verification.models import DailySummary
from verification.models.choices import RejectReason
from verification.states import Status

pytestmark = pytest.mark.django_db

WIB = ZoneInfo("Asia/Jakarta")
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=WIB)
FAILING = f"{__name__}.Failing"


class Failing(EmailBackend):
    """A mail server that refuses, and quotes whom."""

    def send_messages(self, email_messages: Any) -> int:
        raise SMTPRecipientsRefused({message.to[0]: (550, b"unknown") for message in email_messages})


@pytest.fixture(autouse=True)
def _at_seven(settings: Any) -> None:
    settings.JKN_DAILY_SUMMARY_AT = time(7)
    settings.JKN_SITE_URL = "https://jkn.example"


def supervisor(**given: Any) -> User:
    user = make.staff(Role.SUPERVISOR, **given)
    User.objects.filter(pk=user.pk).update(email=f"{user.username}@bpjs.example")
    user.refresh_from_db()
    return user


def test_each_supervisor_with_an_address_gets_one_message_and_nobody_else_does() -> None:
    one, other = supervisor(), supervisor()
    make.staff(Role.SUPERVISOR)
    supervisor(is_active=False)
    operator = make.staff()
    User.objects.filter(pk=operator.pk).update(email="operator@bpjs.example")
    assert summary.send_due(at=SEVEN) == 2
    assert sorted(message.to for message in mail.outbox) == sorted([[one.email], [other.email]])


@pytest.mark.parametrize(("set_at", "sent"), [(None, 0), (time(7, 1), 0), (time(7), 1), (time(0), 1)])
def test_nothing_is_sent_before_its_time_or_where_it_is_off(settings: Any, set_at: time | None, sent: int) -> None:
    supervisor()
    settings.JKN_DAILY_SUMMARY_AT = set_at
    assert summary.send_due(at=SEVEN) == len(mail.outbox) == sent


def test_a_second_run_on_the_day_sends_nothing_and_the_next_day_does() -> None:
    supervisor()
    assert [summary.send_due(at=SEVEN + timedelta(hours=hours)) for hours in (0, 0, 1, 16, 18, 24, 25)] == [
        1,
        0,
        0,
        0,
        0,
        1,
        0,
    ]


def test_who_gets_an_address_later_in_the_day_gets_the_summary_then() -> None:
    supervisor()
    summary.send_due(at=SEVEN)
    late = supervisor()
    assert summary.send_due(at=SEVEN + timedelta(hours=2)) == 1
    assert mail.outbox[-1].to == [late.email]


def decided(user: User, *, at: datetime, approve: bool) -> None:
    entering, deciding = make.staff(branch=user.branch), make.staff(branch=user.branch)
    case = cases.queued(peserta=make.peserta(branch=user.branch), by=entering, at=at - timedelta(hours=1))
    changes.claim(request=case, by=deciding, at=at - timedelta(minutes=5))
    if approve:
        changes.approve(request=case, by=deciding, compared=True, at=at)
    else:
        changes.reject(request=case, by=deciding, reason=RejectReason.DATA_DIFFERS, at=at)


def test_the_figures_are_those_of_the_region_and_of_yesterday() -> None:
    me = supervisor()
    assert me.branch
    midnight = SEVEN.replace(hour=0)
    for hours in (2, 80):
        cases.queued(peserta=make.peserta(branch=me.branch), at=SEVEN - timedelta(hours=hours))
    for status in (Status.ON_HOLD, Status.FROZEN):
        cases.in_state(status, peserta=make.peserta(branch=me.branch), at=SEVEN - timedelta(hours=3))
    for minutes, approve in ((-24 * 60, True), (-1, True), (-2, False), (-24 * 60 - 1, False), (0, True)):
        decided(me, at=midnight + timedelta(minutes=minutes), approve=approve)
    abroad = cases.queued(at=SEVEN - timedelta(hours=100))
    decided(cases.reviewer(abroad), at=midnight - timedelta(hours=1), approve=True)
    found = daily(user=me, at=SEVEN)
    assert (found.waiting, found.overdue, found.on_hold, found.frozen) == (3, 1, 1, 1)
    assert (found.decided, found.approved, found.rate) == (3, 2, 67)
    assert found.oldest_at == SEVEN - timedelta(hours=80)


def test_the_message_says_so_in_indonesian_with_a_link_and_names_no_case_and_no_person() -> None:
    me = supervisor()
    assert me.branch
    peserta = make.peserta(branch=me.branch, name="SITI RAHAYU")
    case = cases.queued(peserta=peserta, at=SEVEN - timedelta(hours=80))
    summary.send_due(at=SEVEN)
    (message,) = mail.outbox
    assert message.subject == "JKN Office: angka tanggal 23 November 2026"
    assert message.body.splitlines() == [
        "Menunggu kantor         1",
        "Melewati waktu layanan  1",
        "Yang tertua masuk       3 hari, 8 jam yang lalu",
        "Diputuskan kemarin      0",
        "Disetujui di antaranya  –",
        "Masa tunggu             0",
        "Dibekukan               0",
        "",
        "Semua angka: https://jkn.example/admin/verification/figures/",
    ]
    for value in (case.reference, str(case), "SITI", peserta.nik, peserta.card_number, case.new_phone):
        assert value not in message.body + message.subject


def test_what_was_sent_is_recorded_without_the_address() -> None:
    me = supervisor()
    summary.send_due(at=SEVEN)
    entry = AuditLog.objects.get(action="desk.summary_sent")
    assert me.username in entry.entry
    assert "bpjs.example" not in entry.entry
    assert DailySummary.objects.get().sent_at == SEVEN


def test_a_failure_is_tried_again_and_told_without_the_address(settings: Any, caplog: Any) -> None:
    supervisor()
    sound, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, FAILING
    assert summary.send_due(at=SEVEN) == 0
    settings.EMAIL_BACKEND = sound
    assert summary.send_due(at=SEVEN + timedelta(minutes=5)) == 1
    assert summary.send_due(at=SEVEN + timedelta(minutes=10)) == 0
    assert "attempt 1 failed: SMTPRecipientsRefused" in caplog.text
    assert "bpjs.example" not in caplog.text
    assert DailySummary.objects.get().attempts == 2


def test_after_six_failures_a_summary_is_given_up_and_that_is_recorded(settings: Any) -> None:
    supervisor()
    settings.EMAIL_BACKEND = FAILING
    for minutes in range(0, 60, 5):
        summary.send_due(at=SEVEN + timedelta(minutes=minutes))
    assert AuditLog.objects.filter(action="desk.summary_failed").count() == 1
    row = DailySummary.objects.get()
    assert (row.attempts, row.sent_at) == (summary.ATTEMPTS, None)


def test_one_failure_does_not_hold_up_the_others(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = supervisor(), supervisor()
    User.objects.filter(pk=first.pk).update(email="broken\naddress@bpjs.example")
    assert summary.send_due(at=SEVEN) == 1
    assert [message.to for message in mail.outbox] == [[second.email]]


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_send_each_summary_once() -> None:
    people = [supervisor() for _ in range(5)]
    sent = at_once(*[lambda: summary.send_due(at=SEVEN)] * 8)
    assert sum(sent) == 5
    assert sorted(message.to[0] for message in mail.outbox) == sorted(user.email for user in people)
    assert AuditLog.objects.filter(action="desk.summary_sent").count() == 5


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_it_with_its_own_role_in_the_database(settings: Any) -> None:
    me = supervisor()
    settings.JKN_DAILY_SUMMARY_AT = time(0)
    for _ in range(2):
        run_task("verification.send_summaries")
    assert [message.to for message in mail.outbox] == [[me.email]]
    assert DailySummary.objects.get().day == timezone.localdate()
