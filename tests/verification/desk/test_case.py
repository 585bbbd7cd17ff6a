"""The review page: what is shown to whom, and which buttons."""

import json
import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from participants.models import Peserta
from tests import cases, make
from tests.verification.said import secret_of
from verification import changes, states
from verification.changes import objection
from verification.changes.people import AboutYourself, DecidedByYou, EnteredByYou
from verification.models import PhoneChangeRequest
from verification.models.choices import DocumentKind
from verification.signals import Code
from verification.states import Status, verbs_from

pytestmark = pytest.mark.django_db

CASES = [status for status in Status if status is not Status.UNMATCHED]


def address(case: PhoneChangeRequest) -> str:
    return reverse("admin:verification_case", args=[case.reference])


def page(user: User, case: PhoneChangeRequest) -> str:
    return make.logged_in(user).get(address(case)).content.decode()


def buttons(html: str, case: PhoneChangeRequest) -> set[str]:
    """The steps that the page has a form for, by the last part of its address."""
    found = re.findall(rf'action="{re.escape(address(case))}([a-z-]+)/"', html)
    assert len(found) == len(set(found))
    return {step.replace("-", "_") for step in found}


BUTTONS = {
    (Status.AWAITING_CODE, Role.OPERATOR): {"cancel"},
    (Status.AWAITING_CODE, Role.SUPERVISOR): set(),
    (Status.QUEUED, Role.OPERATOR): {"claim", "cancel"},
    (Status.QUEUED, Role.SUPERVISOR): {"claim"},
    (Status.IN_REVIEW, Role.OPERATOR): set(),
    (Status.IN_REVIEW, Role.SUPERVISOR): {"release"},
    (Status.NEEDS_INFO, Role.OPERATOR): {"cancel"},
    (Status.NEEDS_INFO, Role.SUPERVISOR): set(),
    (Status.SECOND_REVIEW, Role.OPERATOR): set(),
    (Status.SECOND_REVIEW, Role.SUPERVISOR): {"claim"},
    (Status.ON_HOLD, Role.OPERATOR): {"cancel"},
    (Status.ON_HOLD, Role.SUPERVISOR): set(),
    (Status.FROZEN, Role.OPERATOR): set(),
    (Status.FROZEN, Role.SUPERVISOR): {"unfreeze", "reject", "note"},
    (Status.APPLIED, Role.OPERATOR): {"ask_reversal"},
    (Status.APPLIED, Role.SUPERVISOR): {"ask_reversal"},
    (Status.REJECTED, Role.OPERATOR): set(),
    (Status.REJECTED, Role.SUPERVISOR): set(),
    (Status.REVERSED, Role.OPERATOR): set(),
    (Status.REVERSED, Role.SUPERVISOR): set(),
    (Status.CANCELLED, Role.OPERATOR): set(),
    (Status.CANCELLED, Role.SUPERVISOR): set(),
    (Status.EXPIRED, Role.OPERATOR): set(),
    (Status.EXPIRED, Role.SUPERVISOR): set(),
}


HOLDING = {
    (Status.IN_REVIEW, Role.OPERATOR): {"release", "ask", "approve", "reject", "escalate", "snooze", "note", "keep"},
    (Status.IN_REVIEW, Role.SUPERVISOR): {"release", "ask", "approve", "reject", "escalate", "snooze", "note", "keep"},
    (Status.SECOND_REVIEW, Role.SUPERVISOR): {"release", "endorse", "send_back", "reject", "note", "keep"},
}
ALWAYS = {"note", "keep"}
"""What the page offers whoever sees the case in full, and whoever holds it, in any state."""


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
@pytest.mark.parametrize("status", CASES)
def test_somebody_who_does_not_hold_a_case_gets_these_buttons(status: Status, role: Role) -> None:
    case = cases.in_state(status)
    assert buttons(page(cases.reviewer(case, role), case), case) == BUTTONS[status, role]


@pytest.mark.parametrize(("status", "role"), HOLDING)
def test_who_holds_a_case_gets_these_buttons(status: Status, role: Role) -> None:
    case, user = held(status, role)
    assert buttons(page(user, case), case) == HOLDING[status, role]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
@pytest.mark.parametrize("status", CASES)
def test_no_button_stands_there_that_the_state_table_does_not_know(status: Status, role: Role) -> None:
    known = {verb.value for verb in verbs_from(status, states.Role(role.value))}
    ask_first = {"ask_reversal"} if status is Status.APPLIED else set()
    assert BUTTONS[status, role] <= known | ask_first | ALWAYS
    assert HOLDING.get((status, role), set()) <= known | ALWAYS
    # An escalated case has no first approval yet: there "approve" stands in the place of "endorse".
    instead = {"approve"} if status is Status.SECOND_REVIEW else set()
    assert known <= BUTTONS[status, role] | HOLDING.get((status, role), set()) | {"reverse"} | instead


@pytest.mark.parametrize("status", [Status.QUEUED, Status.NEEDS_INFO])
def test_who_entered_a_case_is_told_that_a_colleague_decides(status: Status) -> None:
    entered_by = make.staff()
    case = cases.in_state(status, by=entered_by)
    html = page(entered_by, case)
    assert buttons(html, case) == {"cancel"}
    assert (str(EnteredByYou.sentence) in html) == (status is Status.QUEUED)


def test_who_is_the_participant_gets_no_button_to_decide() -> None:
    nik = make.nik()
    case = cases.queued(peserta=make.peserta(nik=nik))
    assert str(AboutYourself.sentence) in page(make.staff(branch=case.branch, nik=nik), case)


def test_who_gave_the_first_approval_gets_no_second_one() -> None:
    case = cases.queued(peserta=make.peserta(phone_changed_at=timezone.now()))
    first = cases.reviewer(case, Role.SUPERVISOR)
    changes.claim(request=case, by=first)
    changes.approve(request=case, by=first, compared=True)
    case.refresh_from_db()
    html = page(first, case)
    assert buttons(html, case) == set()
    assert str(DecidedByYou.sentence) in html


def test_a_reversal_is_offered_to_another_supervisor_than_who_asked() -> None:
    case = cases.in_state(Status.APPLIED)
    first, second, operator = (cases.reviewer(case, role) for role in (Role.SUPERVISOR, Role.SUPERVISOR, Role.OPERATOR))
    changes.ask_reversal(request=case, by=first)
    assert buttons(page(second, case), case) == {"reverse"}
    assert buttons(page(operator, case), case) == set()
    html = page(first, case)
    assert buttons(html, case) == set()
    assert str(objection.AskedByYou.sentence) in html


def test_closing_a_dispute_is_offered_to_supervisors_who_had_no_part_in_the_change() -> None:
    case = cases.in_state(Status.APPLIED)
    changes.not_me(secret=secret_of(case))
    supervisor, operator = (cases.reviewer(case, role) for role in (Role.SUPERVISOR, Role.OPERATOR))
    assert buttons(page(supervisor, case), case) == {"ask_reversal", "close_dispute"}
    assert buttons(page(operator, case), case) == {"ask_reversal"}
    case.refresh_from_db()
    assert case.reviewed_by
    assert buttons(page(case.reviewed_by, case), case) == {"ask_reversal"}


def test_an_old_change_is_not_offered_for_reversal() -> None:
    case = cases.in_state(Status.APPLIED, at=timezone.now() - timedelta(days=31))
    html = page(cases.reviewer(case, Role.SUPERVISOR), case)
    assert buttons(html, case) == set()
    assert str(objection.TooLate.sentence) in html


def held(status: Status, role: Role = Role.OPERATOR, **given: Any) -> tuple[PhoneChangeRequest, User]:
    case = cases.in_state(Status.QUEUED if status is Status.IN_REVIEW else status, **given)
    user = cases.reviewer(case, role)
    changes.claim(request=case, by=user)
    case.refresh_from_db()
    return case, user


def siti() -> Peserta:
    return make.peserta(
        name="SITI RAHAYU",
        nik="3171015705900042",
        card_number="0001234567890",
        birth_date=date(1990, 5, 17),
        sex="F",
        phone="+6281234567890",
        facility="KLINIK ANGGREK",
    )


PERSONAL = ("SITI RAHAYU", "3171 0157 0590 0042", "0001 2345 6789 0", "17 Mei 1990", "KLINIK ANGGREK")


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_who_holds_the_case_sees_the_person_in_full_with_both_photos() -> None:
    case, user = held(Status.IN_REVIEW, peserta=siti(), new_phone="+6281234569890")
    html = page(user, case)
    for value in (*PERSONAL, "0812-3456-7890", "0812-3456-9890"):
        assert value in text_of(html)
    for document in case.documents.all():
        assert f'src="{reverse("admin:verification_document", args=[document.pk])}"' in html
    assert html.count('<span class="jkn-differs">9</span>') == 1
    assert html.count('<span class="jkn-differs">7</span>') == 1


@pytest.mark.parametrize("kind", ["nobody holds it", "somebody else holds it"])
def test_all_others_see_the_person_masked_and_no_photo(kind: str) -> None:
    case, holder = held(Status.IN_REVIEW, peserta=siti(), new_phone="+6281234569890")
    if kind == "nobody holds it":
        changes.release(request=case, by=holder)
    html = page(cases.reviewer(case, Role.SUPERVISOR), case)
    for value in (*PERSONAL, "7890", "9890", "SITI", "RAHAYU"):
        assert value not in text_of(html)
    assert "0812-••••-•890" in html
    assert "S••• R•••••" in html
    assert "<img" not in html
    assert (holder.full_name in html) == (kind != "nobody holds it")


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_a_frozen_case_shows_its_numbers_to_a_supervisor_who_has_to_call(role: Role) -> None:
    case = cases.in_state(Status.FROZEN, peserta=siti())
    assert ("0812-3456-7890" in text_of(page(cases.reviewer(case, role), case))) == (role is Role.SUPERVISOR)
    entry = AuditLog.objects.get(action="request.viewed")
    assert json.loads(entry.entry)["after"]["clear"] == (role is Role.SUPERVISOR)


@pytest.mark.parametrize("clear", [True, False])
def test_a_look_is_recorded_and_says_whether_it_was_in_full(clear: bool) -> None:
    peserta = make.peserta()
    case, holder = held(Status.IN_REVIEW, peserta=peserta)
    user = holder if clear else cases.reviewer(case)
    page(user, case)
    entry = AuditLog.objects.get(action="request.viewed")
    assert (entry.actor, entry.object_id, entry.subject) == (user.username, str(case.pk), peserta.uuid)
    assert json.loads(entry.entry)["after"] == {"clear": clear, "status": "in_review"}


OUTLOOK = {
    "counter": "langsung diubah",
    "remote": "masa tunggu dimulai",
    "risky": "diteruskan ke supervisor",
}


@pytest.mark.parametrize("kind", OUTLOOK)
def test_the_page_says_what_an_approval_would_bring(kind: str) -> None:
    given: dict[str, Any] = {"by": make.staff()} if kind == "counter" else {}
    if kind == "risky":
        given["peserta"] = make.peserta(phone_changed_at=timezone.now() - timedelta(days=3))
    case, user = held(Status.IN_REVIEW, **given)
    html = page(user, case)
    assert [key for key, words in OUTLOOK.items() if words in html] == [kind]
    changes.approve(request=case, by=user, compared=True)
    case.refresh_from_db()
    assert case.status == {"counter": "applied", "remote": "on_hold", "risky": "second_review"}[kind]


SEEN = (Code.CHANGED_RECENTLY, Code.NUMBER_SHARED, Code.NUMBER_IN_OTHER_CASE, Code.DECEASED)


def test_each_signal_stands_there_with_its_evidence() -> None:
    new_phone = "+6281355557777"
    for _ in range(3):
        make.peserta(phone=new_phone)
    now = timezone.now()
    far = make.branch()
    abroad = cases.queued(peserta=make.peserta(branch=far), new_phone=new_phone, at=now - timedelta(minutes=5))
    peserta = make.peserta(phone_changed_at=now - timedelta(days=12), status="DECEASED")
    case, user = held(Status.IN_REVIEW, peserta=peserta, new_phone=new_phone, at=now - timedelta(minutes=3))
    near = cases.queued(peserta=make.peserta(branch=case.branch), new_phone=new_phone)
    text = text_of(page(user, case))
    for code in (Code.CHANGED_RECENTLY, Code.NUMBER_SHARED, Code.NUMBER_IN_OTHER_CASE, Code.DECEASED):
        assert str(code.label) in text
    assert "12 hari sebelumnya" in text
    assert "3 peserta dari 3 keluarga" in text
    assert "2 kasus terbuka" in text
    assert str(near) in text
    assert str(abroad) not in text
    assert far.name in text


def test_family_and_other_requests_stand_there_and_those_of_other_branches_without_a_link() -> None:
    peserta, new_phone = siti(), "+6281234569890"
    relative = make.peserta(kk_number=peserta.kk_number, name="BUDI SANTOSO", relation="HUSBAND", phone=new_phone)
    far = make.branch()
    elsewhere = cases.in_state(Status.CANCELLED, peserta=peserta, by=make.staff(branch=far))
    here = cases.in_state(Status.CANCELLED, peserta=peserta)
    case, user = held(Status.IN_REVIEW, peserta=peserta, new_phone=new_phone)
    html = page(user, case)
    assert "B••• S••••••" in html
    assert relative.name not in html
    assert "memakai nomor baru ini" in html
    assert address(here) in html
    assert str(elsewhere) not in html
    assert far.name in html


def test_the_page_leads_to_the_participant_and_from_there_back() -> None:
    peserta = siti()
    case, user = held(Status.IN_REVIEW, peserta=peserta)
    person = reverse("admin:participants_peserta_person", args=[peserta.uuid])
    assert person in page(user, case)
    assert address(case) in make.logged_in(user).get(person).content.decode()


def test_what_does_not_fit_in_the_nik_stands_beside_it() -> None:
    case, user = held(Status.IN_REVIEW, peserta=make.peserta(nik="3171010101900001", birth_date=date(1985, 3, 2)))
    assert "jkn-desk-odd" in page(user, case)


def test_a_better_photo_stands_first_and_the_earlier_one_behind_a_link() -> None:
    case = cases.in_state(Status.NEEDS_INFO)
    first = case.documents.get(kind=DocumentKind.KTP)
    changes.resend(request=case, pictures={DocumentKind.KTP: cases.picture(90)})
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    html = page(user, case)
    newest = case.documents.filter(kind=DocumentKind.KTP).latest("pk")
    assert f'src="{reverse("admin:verification_document", args=[newest.pk])}"' in html
    assert f'src="{reverse("admin:verification_document", args=[first.pk])}"' not in html
    assert f'href="{reverse("admin:verification_document", args=[first.pk])}"' in html


def test_a_missing_photo_is_named() -> None:
    case, user = held(Status.IN_REVIEW)
    case.documents.filter(kind=DocumentKind.CARD).delete()
    assert "Tidak ada foto." in page(user, case)


def test_a_participant_without_number_and_family_is_shown_too() -> None:
    case, user = held(Status.IN_REVIEW, peserta=make.peserta(phone=None, kk_number="", birth_place="", facility=""))
    text = text_of(page(user, case))
    assert "tidak ada" in text
    assert "Tidak ada anggota lain" in text


def test_the_history_tells_each_step_and_who_looked() -> None:
    case, user = held(Status.IN_REVIEW)
    client = make.logged_in(user)
    client.get(address(case))
    text = text_of(client.get(address(case)).content.decode())
    for words in ("Mengajukan permohonan", "Mengonfirmasi nomor baru", "Mengklaim kasus", "Dilihat 2 kali"):
        assert words in text


def test_the_title_and_the_address_name_nobody() -> None:
    case, user = held(Status.IN_REVIEW, peserta=siti())
    html = page(user, case)
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert title
    assert "SITI" not in title[1]
    assert html.count("<h1") == 1
