"""Intake at the counter, from the form to the colleague's approval."""

import errno
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import FileSystemStorage, storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.audit.models import AuditLog
from participants.models import Peserta
from tests import cases, make, pictures
from verification import changes
from verification.models import Document, PhoneChangeRequest
from verification.models.choices import Channel
from verification.states import Status

pytestmark = pytest.mark.django_db

COUNTER = "admin:verification_counter"
CODE = "admin:verification_counter_code"
RESEND = "admin:verification_counter_resend"


def data_of(peserta: Peserta, **given: Any) -> dict[str, Any]:
    defaults = {
        "submission": str(uuid4()),
        "identifier": peserta.nik,
        "birth_date": f"{peserta.birth_date:%d-%m-%Y}",
        "new_phone": "0812 9876 5432",
        "reason": "lost_phone",
        "ktp": pictures.upload(pictures.photo("KTP")),
        "card": pictures.upload(pictures.photo("KARTU")),
    }
    return defaults | given


def send(client: Client, peserta: Peserta, **given: Any) -> Any:
    return client.post(reverse(COUNTER), data_of(peserta, **given))


def at_code(user: User | None = None) -> tuple[PhoneChangeRequest, Client, str]:
    user = user or make.staff()
    case = cases.submitted(by=user)
    return case, make.logged_in(user), reverse(CODE, args=[case.reference])


def test_from_the_form_to_the_approval_of_a_colleague() -> None:
    peserta, user = make.peserta(), make.staff()
    client = make.logged_in(user)
    html = client.get(reverse(COUNTER)).content.decode()
    assert 'enctype="multipart/form-data"' in html
    answer = send(client, peserta)
    case = PhoneChangeRequest.objects.get()
    assert answer["Location"] == reverse(CODE, args=[case.reference])
    assert (case.channel, case.entered_by, case.branch) == (Channel.COUNTER, user, user.branch)
    assert (case.new_phone, case.language, case.documents.count()) == ("+6281298765432", "id", 2)
    assert "0812-9876-5432" in client.get(answer["Location"]).content.decode()
    done = client.post(answer["Location"], {"code": cases.code_of(case)}, follow=True)
    assert str(case) in done.content.decode()
    assert "Peserta berikutnya" in done.content.decode()
    colleague = make.logged_in(make.staff(branch=user.branch))
    opened = colleague.post(reverse("admin:verification_take_next"))
    assert opened["Location"] == reverse("admin:verification_case", args=[case.reference])
    case.refresh_from_db()
    PhoneChangeRequest.objects.update(submitted_at=timezone.now() - cases.COUNTER_TAKES)
    form = {"version": case.version, "compared": "on"}
    colleague.post(reverse("admin:verification_approve", args=[case.reference]), form)
    peserta.refresh_from_db()
    assert peserta.phone == "+6281298765432"


def test_the_card_number_finds_the_participant_too() -> None:
    peserta = make.peserta()
    send(make.logged_in(make.staff()), peserta, identifier=peserta.card_number)
    assert PhoneChangeRequest.objects.get().peserta == peserta


def test_a_form_sent_twice_makes_one_request() -> None:
    peserta, client, submission = make.peserta(), make.logged_in(make.staff()), str(uuid4())
    first = send(client, peserta, submission=submission)
    assert send(client, peserta, submission=submission)["Location"] == first["Location"]
    assert PhoneChangeRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("identifier", ""),
        ("identifier", "123"),
        ("identifier", "3.17E+15"),
        ("identifier", "\0" * 16),
        ("identifier", "x" * 5000),
        ("birth_date", "31-02-1990"),
        ("birth_date", "17-05-0001"),
        ("birth_date", "17-05-9999"),
        ("birth_date", "\0"),
        ("new_phone", "021 555 1234"),
        ("new_phone", "+65 8123 4567"),
        ("new_phone", "\0"),
        ("reason", "because"),
        ("reason", "\0"),
        ("submission", "not a uuid"),
        ("ktp", ""),
        ("card", ""),
    ],
)
def test_what_is_wrong_is_marked_and_the_rest_is_kept(field: str, value: str) -> None:
    peserta = make.peserta()
    answer = send(make.logged_in(make.staff()), peserta, **{field: value})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not PhoneChangeRequest.objects.exists()
    html = answer.content.decode()
    assert "Belum ada yang disimpan" in html
    for other, typed in (("identifier", peserta.nik), ("new_phone", "0812 9876 5432"), ("birth_date", "17-05-1990")):
        assert (f'value="{typed}"' in html) or other == field


@pytest.mark.parametrize("bad", pictures.BAD)
@pytest.mark.parametrize("field", ["ktp", "card"])
def test_what_is_no_photo_is_refused_and_nothing_is_stored(bad: str, field: str) -> None:
    name, content = pictures.BAD[bad]
    answer = send(make.logged_in(make.staff()), make.peserta(), **{field: pictures.upload(content(), name=name)})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not PhoneChangeRequest.objects.exists()
    assert not Document.objects.exists()


def test_an_upload_without_any_form_is_no_error() -> None:
    client = make.logged_in(make.staff())
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "application/json", "text/plain"):
        answer = client.generic("POST", reverse(COUNTER), b"\0\xff not a form", content_type=kind)
        assert answer.status_code in {200, 400}


def test_nobody_with_this_number_and_date_is_told_and_recorded() -> None:
    peserta, user = make.peserta(), make.staff()
    answer = send(make.logged_in(user), peserta, birth_date="18-05-1990")
    assert "Tidak ada peserta" in answer.content.decode()
    entry = AuditLog.objects.get(action="request.refused")
    assert (entry.reason, entry.actor) == ("unknown_participant", user.username)
    assert peserta.nik not in entry.entry


def test_the_registered_number_and_an_open_request_are_told() -> None:
    peserta = make.peserta(phone="+6281298765432")
    client = make.logged_in(make.staff())
    assert str(changes.intake.SameNumber.sentence) in send(client, peserta).content.decode()
    first = cases.submitted(peserta=peserta)
    assert str(first) in send(client, peserta, new_phone="0812 1111 2222").content.decode()


def test_a_wrong_code_is_counted_and_the_right_one_still_works() -> None:
    case, client, address = at_code()
    right = cases.code_of(case)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    html = client.post(address, {"code": wrong}, follow=True).content.decode()
    assert "Kode salah" in html
    assert "4" in html
    client.post(address, {"code": f"{right[:3]} {right[3:]}"})
    case.refresh_from_db()
    assert case.status == Status.QUEUED


def test_after_too_many_wrong_codes_there_is_a_pause() -> None:
    case, client, address = at_code()
    wrong = f"{(int(cases.code_of(case)) + 1) % 10**6:06}"
    for _ in range(5):
        html = client.post(address, {"code": wrong}, follow=True).content.decode()
    assert "Terlalu banyak kode salah" in html
    html = client.post(reverse(RESEND, args=[case.reference]), follow=True).content.decode()
    assert "30" in html
    assert AuditLog.objects.get(action="request.refused").reason == "too_many_codes"


def test_an_old_code_asks_for_a_new_one() -> None:
    at = timezone.now() - timedelta(minutes=11)
    user = make.staff()
    case = cases.submitted(by=user, at=at)
    html = make.logged_in(user).post(reverse(CODE, args=[case.reference]), {"code": cases.code_of(case)}, follow=True)
    assert "tidak berlaku lagi" in html.content.decode()


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\0", "１２３４５６", "9" * 5000])
def test_what_is_no_code_costs_no_guess(typed: str) -> None:
    case, client, address = at_code()
    answer = client.post(address, {"code": typed})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert case.codes.get().tries == 0


def test_another_code_can_be_sent_after_a_minute() -> None:
    user = make.staff()
    case = cases.submitted(by=user, at=timezone.now() - timedelta(minutes=2))
    client = make.logged_in(user)
    html = client.post(reverse(RESEND, args=[case.reference]), follow=True).content.decode()
    assert "Kode baru sedang dikirim" in html
    assert case.codes.count() == 2


def test_a_request_that_ended_takes_no_code() -> None:
    case, client, address = at_code()
    code = cases.code_of(case)
    changes.cancel(request=case)
    html = client.post(address, {"code": code}, follow=True).content.decode()
    assert str(changes.intake.NotWaiting.sentence) in html
    assert "berakhir sebelum nomornya dikonfirmasi" in html
    assert "Konfirmasi nomor" not in html


def test_a_colleague_may_finish_and_sees_the_number_masked() -> None:
    case, _, address = at_code()
    html = make.logged_in(make.staff(branch=case.branch)).get(address).content.decode()
    assert "••••" in html
    looks = AuditLog.objects.filter(action="request.viewed")
    assert ['"clear":false' in look.entry for look in looks] == [True]


def test_requests_from_elsewhere_have_no_code_page() -> None:
    case = cases.submitted()
    answer = make.logged_in(make.staff(branch=case.branch)).get(reverse(CODE, args=[case.reference]))
    assert answer["Location"] == reverse("admin:verification_case", args=[case.reference])


def test_a_form_from_elsewhere_is_not_taken() -> None:
    client = make.logged_in(make.staff(), Client(enforce_csrf_checks=True))
    assert send(client, make.peserta()).status_code == 403


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ""),
        ({"attempts": 1}, "SMS belum terkirim"),
        ({"expires_at": timezone.now() - timedelta(minutes=1)}, "tidak dapat dikirim. Periksa"),
        ({"status": "expired", "sealed_context": None}, "tidak dapat dikirim. Periksa"),
        ({"status": "failed"}, "tidak dapat dikirim. Periksa"),
        (
            {"status": "sent", "sealed_context": None, "sent_at": timezone.now(), "delivery": "undelivered"},
            "SMS tidak sampai ke ponsel",
        ),
    ],
)
def test_the_operator_sees_when_the_code_does_not_arrive(given: dict[str, Any], said: str) -> None:
    case, client, address = at_code()
    case.messages.update(**given)
    answer = client.get(address)
    assert str(answer.context["trouble"]) in answer.content.decode()
    assert said in str(answer.context["trouble"])
    assert bool(answer.context["trouble"]) is bool(said)


def test_without_room_for_photos_nothing_is_kept_and_the_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = FileSystemStorage(tmp_path)
    begun: list[str] = []

    def full(name: str, content: Any) -> None:
        begun.append(name)
        (tmp_path / name).write_bytes(content.read(100))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder, "_save", full)
    monkeypatch.setitem(storages._storages, "documents", folder)  # type: ignore[attr-defined]
    answer = send(make.logged_in(make.staff()), make.peserta())
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert "Foto sedang tidak dapat disimpan" in answer.content.decode()
    assert not PhoneChangeRequest.objects.exists()
    assert begun
    assert not [*tmp_path.iterdir()]
