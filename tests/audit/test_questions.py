"""Saved questions: who may save, open, change and delete them, and what they never hold."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit import questions
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog, AuditQuestion, AuditValue
from jknoffice.audit.period import Period
from tests import make
from tests.audit.entries import write
from tests.audit.visits import ENTRIES, START, in_english, text_of

pytestmark = pytest.mark.django_db

SAVE = "admin:audit_question_save"
FILTERS = {"action": "audit.read", "branch": "B1", "period": "7", "refused": "on"}


def post(client: Client, **given: str) -> Any:
    return client.post(reverse(SAVE), {"name": "Reads of the week", **given})


def saved(owner: User, **given: Any) -> AuditQuestion:
    defaults = {"name": "Mine", "filters": {"period": "7"}, "is_shared": False}
    return AuditQuestion.objects.create(owner=owner.username, **(defaults | given))


def changing(question: AuditQuestion) -> dict[str, str]:
    return {
        "change": reverse("admin:audit_question", args=[question.pk]),
        "delete": reverse("admin:audit_question_delete", args=[question.pk]),
    }


def test_the_list_leads_to_the_page_that_saves_its_filter(client: Client) -> None:
    write("audit.read")
    page = text_of(client.get(reverse(ENTRIES), {"action": "audit.read"}))
    assert f'href="{reverse(SAVE)}?action=audit.read"' in page
    page = text_of(client.get(reverse(SAVE), FILTERS))
    for name, text in FILTERS.items():
        assert f'<input type="hidden" name="{name}" value="{text}">' in page
    assert "The last 7 days" in page


def test_a_saved_question_is_one_link_away_on_the_first_page_and_recorded(client: Client, auditor: User) -> None:
    assert post(client, **FILTERS).status_code == 302
    question = AuditQuestion.objects.get()
    assert (question.owner, question.filters, question.is_shared) == (auditor.username, FILTERS, False)
    page = text_of(client.get(reverse(START)))
    link = f"{reverse(ENTRIES)}?action=audit.read&amp;branch=B1&amp;period=7&amp;refused=on"
    assert f'<a href="{link}">Reads of the week</a>' in page
    assert client.get(link.replace("&amp;", "&")).status_code == 200
    entry = AuditLog.objects.get()
    assert (entry.action, entry.object_type) == ("audit.question_saved", "audit.auditquestion")
    assert '"after":{"action":"audit.read","branch":"B1","is_shared":false,"period":"7","refused":"on"}' in entry.entry
    assert "Reads of the week" not in entry.entry
    assert AuditValue.objects.get().field == "name"


def test_fixed_times_are_kept_as_the_office_reads_them(client: Client) -> None:
    post(client, since="2026-01-01T00:00:00Z", until="2026-01-02T07:30")
    times = {"since": "2026-01-01T07:00:00", "until": "2026-01-02T07:30:00"}
    assert AuditQuestion.objects.get().filters == times
    [question] = AuditQuestion.objects.all()
    assert "1 Jan 2026 07:00" in text_of(client.get(changing(question)["change"]))


@pytest.mark.parametrize(("period", "days"), [(Period.TODAY, 0), (Period.WEEK, 6), (Period.MONTH, 29)])
def test_a_period_moves_with_the_calendar(period: Period, days: int, client: Client) -> None:
    begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
    write(at=begin - timedelta(microseconds=1))
    inside = write(at=begin)
    page = text_of(client.get(reverse(ENTRIES), {"period": period.value}))
    assert [int(pk) for pk in re.findall(r"/(\d+)/change/", page)] == [inside.pk]


NAMING = [
    {"actor": "sari"},
    {"object": "verification.phonechangerequest:7"},
    {"person": "ab" * 32},
    {"session": "ab" * 8},
    {"action": "3171011705900001"},
    {"name": "3171011705900001"},
    {"name": "3171 0117 0590 0001"},
    {"name": "call 0812-3456-7890"},
    {"name": "card 0001.2345.67890"},
]


@pytest.mark.parametrize("naming", NAMING, ids=str)
def test_a_question_that_points_at_somebody_is_refused(naming: dict[str, str], client: Client) -> None:
    answer = post(client, **naming)
    assert "must not point at a person" in text_of(answer)
    assert 'jkn-notice-bad" role="alert"' in text_of(answer)
    assert not AuditQuestion.objects.exists()
    entry = AuditLog.objects.get()
    assert (entry.action, entry.reason) == ("audit.question_refused", "names_somebody")
    assert next(iter(naming.values())) not in entry.entry


def test_the_page_says_so_before_anything_is_typed(client: Client) -> None:
    page = text_of(client.get(reverse(SAVE), {"actor": "sari"}))
    assert page.count("must not point at a person") == 1
    assert 'name="name"' not in page


def test_a_date_in_the_name_is_no_number_of_a_person(client: Client) -> None:
    assert post(client, name="Since 2026-01-31").status_code == 302


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\0b"])
def test_a_name_that_cannot_be_kept_is_told(name: str, client: Client) -> None:
    assert "errorlist" in text_of(post(client, name=name))
    assert not AuditQuestion.objects.exists()


def test_a_filter_that_cannot_be_read_is_not_kept(client: Client) -> None:
    assert "can't be read" in text_of(post(client, since="yesterday"))
    assert "can't be read" in text_of(client.get(reverse(SAVE), {"period": "8"}))
    assert not AuditQuestion.objects.exists()


def test_a_name_is_used_once_by_each_auditor(client: Client) -> None:
    post(client)
    assert "under this name already" in text_of(post(client))
    assert post(make.logged_in(make.staff(Role.AUDITOR))).status_code == 302
    assert AuditQuestion.objects.count() == 2


def test_there_is_an_end_to_saving(client: Client, auditor: User) -> None:
    for number in range(questions.MOST_QUESTIONS):
        saved(auditor, name=f"Number {number}")
    assert str(questions.MOST_QUESTIONS) in str(questions.TooManyQuestions())
    assert "Delete one first" in text_of(post(client))
    assert AuditQuestion.objects.count() == questions.MOST_QUESTIONS


def test_others_open_what_is_shared_but_change_nothing(client: Client, auditor: User) -> None:
    saved(auditor, name="Secret")
    shared = saved(auditor, name="For all", is_shared=True)
    other = in_english(make.logged_in(make.staff(Role.AUDITOR)))
    page = text_of(other.get(reverse(START)))
    assert "For all" in page
    assert auditor.username in page
    assert "Secret" not in page
    assert changing(shared)["change"] not in page
    assert changing(shared)["change"] in text_of(client.get(reverse(START)))
    assert other.get(changing(shared)["change"]).status_code == 404
    for address in changing(shared).values():
        assert other.post(address, {"name": "Taken over"}).status_code == 404
    shared.refresh_from_db()
    assert shared.name == "For all"


def test_an_owner_renames_shares_and_deletes(client: Client, auditor: User) -> None:
    question = saved(auditor)
    page = text_of(client.get(changing(question)["change"]))
    assert 'value="Mine"' in page
    assert client.post(changing(question)["change"], {"name": "Ours", "is_shared": "on"}).status_code == 302
    question.refresh_from_db()
    assert (question.name, question.is_shared, question.filters) == ("Ours", True, {"period": "7"})
    assert client.post(changing(question)["delete"]).status_code == 302
    assert not AuditQuestion.objects.exists()
    about = Thing("audit.auditquestion", str(question.pk))
    entries = AuditLog.objects.filter(object_type=about.type, object_id=about.id).order_by("pk")
    assert [entry.action for entry in entries] == ["audit.question_renamed", "audit.question_deleted"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("Other", "under this name already"), ("3171011705900001", "must not point at a person"), ("", "required")],
)
def test_a_rename_that_cannot_be_is_told(name: str, sentence: str, client: Client, auditor: User) -> None:
    saved(auditor, name="Other")
    question = saved(auditor)
    assert sentence in text_of(client.post(changing(question)["change"], {"name": name}))
    question.refresh_from_db()
    assert question.name == "Mine"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_only_auditors_have_questions(role: Role) -> None:
    me = make.staff(role)
    question = saved(me, is_shared=True)
    client = in_english(make.logged_in(me))
    assert question.name not in text_of(client.get(reverse(START)))
    write(by=me.as_actor())
    assert reverse(SAVE) not in text_of(client.get(reverse(ENTRIES)))
    assert client.get(reverse(SAVE)).status_code == 403
    assert post(client).status_code == 403
    entry = AuditLog.objects.latest("pk")
    assert (entry.action, entry.reason) == ("audit.question_refused", "only_auditors")
    for address in changing(question).values():
        assert client.post(address, {"name": "x"}).status_code == 404


def test_the_first_page_says_that_there_is_none_yet(client: Client) -> None:
    assert "None yet." in text_of(client.get(reverse(START)))


def test_a_question_deletes_only_by_post_and_with_a_token(client: Client, auditor: User) -> None:
    question = saved(auditor)
    assert client.get(changing(question)["delete"]).status_code == 405
    strict = make.logged_in(auditor, Client(enforce_csrf_checks=True))
    assert strict.post(changing(question)["delete"]).status_code == 403
    assert str(question) == f"{auditor.username}/{question.pk}"
