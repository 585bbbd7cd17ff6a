"""What the machine read, on the review page; and correcting it."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone, translation

from jknoffice.accounts.models import User
from jknoffice.audit.models import AuditLog
from tests import cases, make
from tests.browser import Pages, assert_accessible
from tests.verification.annotation.reading import keep, reading_of
from verification import changes
from verification.models import DocumentReading, PhoneChangeRequest, ReadingCorrection
from verification.models.choices import DocumentKind
from verification.models.choices import Fault as AskedFault
from verification.models.reading import ReadingStatus
from verification.portal import telling
from verification.reading.result import Fault

pytestmark = pytest.mark.django_db


def held() -> tuple[PhoneChangeRequest, User]:
    peserta = make.peserta(nik="3171010101900001", name="SITI AMINAH", birth_place="BANDUNG")
    case = cases.queued(peserta=peserta)
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    return case, user


def page(case: PhoneChangeRequest, user: User) -> str:
    return make.logged_in(user).get(reverse("admin:verification_case", args=[case.reference])).content.decode()


def correct(case: PhoneChangeRequest, user: User, **data: str) -> Any:
    given = {"kind": "ktp", "field": "name", "value": "SITI AMINA", **data}
    return make.logged_in(user).post(reverse("admin:verification_reading", args=[case.reference]), given, follow=True)


def photo_of(case: PhoneChangeRequest, kind: str = "ktp") -> Any:
    return case.documents.get(kind=kind)


def test_what_differs_is_marked_and_what_is_equal_says_so() -> None:
    case, user = held()
    assert case.peserta
    keep(photo_of(case), reading_of(case.peserta, nik="3171010101900007", name="SITI AMINA"))
    shown = page(case, user)
    assert '<span class="jkn-differs">7</span>' in shown
    assert "berbeda" in shown
    assert "mirip" in shown
    assert shown.count(">sama<") == 3


def test_nothing_of_it_is_shown_to_who_does_not_hold_the_case() -> None:
    case, _user = held()
    assert case.peserta
    keep(photo_of(case), reading_of(case.peserta, nik="3171010101900007"))
    shown = page(case, cases.reviewer(case))
    assert "dibaca mesin" not in shown
    assert "900007" not in shown


STATES = {"waiting": "belum membaca foto ini", "failed": "tidak dapat membaca foto ini"}


@pytest.mark.parametrize("status", STATES)
def test_without_a_reading_the_page_says_that_nobody_has_to_wait(status: str) -> None:
    case, user = held()
    DocumentReading.objects.create(document=photo_of(case), status=status)
    assert STATES[status] in page(case, user)


def test_with_reading_off_nothing_is_said() -> None:
    assert "mesin" not in page(*held()).lower()


def test_a_fault_is_named_and_a_better_photo_is_prepared() -> None:
    case, user = held()
    assert case.peserta
    keep(photo_of(case, "card"), reading_of(case.peserta, "card", faults={Fault.GLARE, Fault.BLURRED}))
    shown = page(case, user)
    assert "Catatan mesin tentang foto ini" in shown
    assert '<option value="card" selected>' in shown
    assert '<option value="blurred" selected>' in shown


def test_a_photo_of_a_screen_is_a_hint_and_the_participant_is_told_what_to_photograph() -> None:
    case, user = held()
    assert case.peserta
    keep(photo_of(case), reading_of(case.peserta, faults={Fault.SCREEN}))
    shown = page(case, user)
    assert "Ini foto dari layar" in shown
    assert '<option value="screen" selected>Ini foto dari layar. Fotolah kartunya langsung</option>' in shown
    changes.ask(request=case, by=user, document=DocumentKind.KTP, fault=AskedFault.SCREEN)
    case.refresh_from_db()
    with translation.override("en"):
        told = telling.tell(case)
    assert "This is a photo of a screen. Photograph the card itself." in " ".join(map(str, told.sentences))


def test_a_correction_stands_beside_the_reading_and_in_the_log() -> None:
    case, user = held()
    assert case.peserta
    keep(photo_of(case), reading_of(case.peserta))
    assert "dikoreksi: SITI AMINA" in correct(case, user).content.decode()
    entry = AuditLog.objects.get(action="document.reading_corrected")
    assert "SITI" not in entry.entry


@pytest.mark.parametrize("data", [{"field": "mother"}, {"kind": "selfie"}, {"value": ""}, {"value": "x" * 121}])
def test_an_incomplete_correction_keeps_nothing(data: dict[str, str]) -> None:
    case, user = held()
    assert case.peserta
    keep(photo_of(case), reading_of(case.peserta))
    assert "Belum ada yang disimpan" in correct(case, user, **data).content.decode()
    assert not ReadingCorrection.objects.exists()


def test_only_who_holds_the_case_corrects_and_only_what_was_read() -> None:
    case, user = held()
    assert case.peserta
    assert "Tidak ada yang terbaca" in correct(case, user).content.decode()
    keep(photo_of(case), reading_of(case.peserta))
    assert "Ambil kasus ini" in correct(case, cases.reviewer(case)).content.decode()
    assert AuditLog.objects.filter(action="request.refused").count() == 2
    assert not ReadingCorrection.objects.exists()


def test_the_report_counts_by_month_and_field() -> None:
    case, user = held()
    assert case.peserta
    keep(photo_of(case), reading_of(case.peserta))
    correct(case, user)
    correct(case, user, value="SITI AMINAH")
    out = io.StringIO()
    call_command("reader_report", format="json", stdout=out)
    lines = {line["field"]: line for line in json.loads(out.getvalue())}
    month = f"{timezone.now():%Y-%m}"
    assert lines["name"] == {"month": month, "field": "name", "photos": 1, "read": 1, "corrected": 1}
    assert lines["nik"]["corrected"] == 0
    text = io.StringIO()
    call_command("reader_report", stdout=text)
    assert text.getvalue().splitlines()[0].split() == ["month", "field", "photos", "read", "corrected"]


def test_photos_are_read_again_on_demand(settings: Any) -> None:
    case, _user = held()
    assert case.peserta
    settings.READING = True
    row = keep(photo_of(case), reading_of(case.peserta))
    for options, count in (({"not_by": "test/1"}, 0), ({"since": "2999-01-01T00:00+00:00"}, 0), ({}, 1)):
        out = io.StringIO()
        call_command("reread_documents", dry_run=True, format="json", stdout=out, **options)
        assert json.loads(out.getvalue())["photos"] == count
    call_command("reread_documents", stdout=io.StringIO())
    row.refresh_from_db()
    assert (row.status, row.content) == (ReadingStatus.WAITING, None)
    assert AuditLog.objects.filter(action="document.read_again").count() == 1


@pytest.mark.parametrize("since", ["yesterday", "2026-11-01", "2026-11-01T00:00", "2026-13-01T00:00+00:00"])
def test_a_moment_that_cannot_be_read_is_refused(since: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("reread_documents", since=since)
    assert caught.value.returncode == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dark", [False, True])
def test_a_click_on_a_field_shows_its_place_enlarged(new_page: Pages, dark: bool) -> None:
    case, user = held()
    assert case.peserta
    keep(photo_of(case), reading_of(case.peserta, nik="3171010101900007", faults={Fault.GLARE}))
    desk = new_page(user=user, dark=dark)
    desk.goto(reverse("admin:verification_case", args=[case.reference]))
    button = desk.get_by_role("button", name="dibaca mesin").first
    button.wait_for()
    # Before the click: axe cannot judge the contrast of what the enlarged photo would lie over, were it not cut off.
    assert_accessible(desk)
    assert desk.locator(".jkn-viewer-places > span").count() == 5
    button.click()
    desk.wait_for_selector(".jkn-viewer-stage.is-large")
    frame, stage = (desk.locator(each).bounding_box() for each in (".is-asked", ".jkn-viewer-stage.is-large"))
    assert frame
    assert stage
    assert stage["x"] <= frame["x"] < frame["x"] + frame["width"] <= stage["x"] + stage["width"] + 1
    assert frame["width"] > 0.3 * stage["width"]
