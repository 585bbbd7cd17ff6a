"""Journeys of participants who lost access to their number, by use case."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone

from jknoffice.audit.models import AuditLog
from tests import cases, make, pictures
from tests.verification.portal import walk
from verification import changes
from verification.documents import vault
from verification.models import Document, PhoneChangeRequest, PhoneCode
from verification.models.choices import Channel, DocumentKind, Fault
from verification.states import Status

pytestmark = pytest.mark.django_db


def test_a_participant_who_lost_the_phone_gets_a_new_number_into_the_queue() -> None:
    # Given a participant with the KTP, the card and a new phone in their hand
    peserta, client = make.peserta(), walk.browser()
    assert client.get(walk.address("start")).status_code == 200
    # When they give data, two photos and the code from the SMS
    assert walk.where(walk.give_data(client, peserta)) == "ktp"
    assert walk.where(walk.give_photo(client, "ktp")) == "card"
    check = walk.give_photo(client, "card")
    assert walk.where(check) == "check"
    assert "0812-9876-5432" in walk.words(check)
    assert not PhoneChangeRequest.objects.exists()
    code = walk.send(client)
    assert walk.where(code) == "code"
    done = walk.give_code(client)
    # Then they read their reference, and the request waits for an operator with both photos
    request = walk.newest()
    assert walk.where(done) == "done"
    shown = f"{request.reference[:3]}-{request.reference[3:6]}-{request.reference[6:]}"
    assert shown in walk.words(done)
    assert (request.status, request.channel, request.peserta) == (Status.QUEUED, Channel.LOST_ACCESS, peserta)
    assert (request.new_phone, request.reason, request.language) == ("+6281298765432", "lost_phone", "en")
    assert {document.kind for document in request.documents.all()} == {DocumentKind.KTP, DocumentKind.CARD}
    assert all(vault.jpeg_of(document).startswith(b"\xff\xd8\xff") for document in request.documents.all())


def test_the_card_number_does_as_well_as_the_nik() -> None:
    peserta, client = make.peserta(), walk.browser()
    walk.to_code(client, identifier=f"{peserta.card_number[:4]} {peserta.card_number[4:8]} {peserta.card_number[8:]}")
    walk.give_code(client)
    assert walk.newest().peserta == peserta


def test_a_request_in_indonesian_is_answered_in_indonesian() -> None:
    client = walk.browser()
    client.post("/i18n/setlang/", {"language": "id", "next": "/"})
    walk.to_code(client, make.peserta())
    assert walk.newest().language == "id"


def test_going_back_shows_what_was_typed_and_photos_stay() -> None:
    # Given a participant before the last step
    client = walk.browser()
    walk.to_check(client, make.peserta())
    # When they go back to correct the number
    form = client.get(walk.address("data")).content.decode()
    assert 'value="0812-9876-5432"' in form
    assert 'value="17-05-1990"' in form
    check = walk.give_data(client, make.peserta(), new_phone="081311112222")
    # Then no photo is asked for again
    assert walk.where(check) == "check"
    assert "0813-1111-2222" in walk.words(check)


def test_an_accepted_photo_can_be_kept_or_replaced() -> None:
    client = walk.browser()
    walk.to_check(client, make.peserta())
    assert "This photo has arrived" in walk.words(client.get(walk.address("ktp")))
    assert walk.where(client.post(walk.address("ktp"), follow=True)) == "check"
    walk.give_photo(client, "ktp", pictures.upload(pictures.photo("ANOTHER", size=(700, 400))))
    walk.send(client)
    assert walk.newest().documents.get(kind=DocumentKind.KTP).width == 700


def test_sending_twice_makes_one_request() -> None:
    # Given two clicks on "send", and a browser that shows the answer to the second
    client = walk.browser()
    walk.to_check(client, make.peserta())
    walk.send(client)
    again = walk.send(client)
    assert walk.where(again) == "code"
    assert PhoneChangeRequest.objects.count() == 1
    assert PhoneCode.objects.count() == 1


def test_a_second_click_that_overtakes_the_first_makes_one_request() -> None:
    # Given a browser whose two clicks were both served with the draft still there
    client = walk.browser()
    walk.to_check(client, make.peserta())
    before = dict(client.session)
    walk.send(client)
    session = client.session
    session.clear()
    session.update(before)
    session.save()
    assert walk.where(walk.send(client)) == "code"
    assert PhoneChangeRequest.objects.count() == 1


def test_the_right_code_typed_twice_is_still_a_success() -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta())
    code = cases.code_of(walk.newest())
    assert walk.where(walk.give_code(client, code)) == "done"
    assert walk.where(walk.give_code(client, code)) == "done"
    assert walk.where(client.get(walk.address("code"), follow=True)) == "done"


def test_a_slip_of_the_finger_costs_no_guess() -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta())
    for slip in ("12345", "1234567", "abcdef", "١٢٣٤٥٦", ""):
        page = walk.give_code(client, slip or " ")
        assert walk.where(page) == "code"
    assert walk.newest().codes.get().tries == 0
    code = cases.code_of(walk.newest())
    assert walk.where(walk.give_code(client, f"{code[:3]} {code[3:]}")) == "done"


def test_five_wrong_codes_stop_the_guessing_for_half_an_hour() -> None:
    # Given a participant who waits for the code
    with walk.clock() as passes:
        client = walk.browser()
        walk.to_code(client, make.peserta())
        code = cases.code_of(walk.newest())
        wrong = str((int(code) + 1) % 1_000_000).zfill(6)
        # When four wrong codes are typed, each says how many tries are left
        for left in (4, 3, 2, 1):
            assert f"You have {left} tr" in walk.words(walk.give_code(client, wrong))
        # Then the fifth freezes, and even the right one does not help any more
        assert "Too many wrong codes" in walk.words(walk.give_code(client, wrong))
        assert "Too many wrong codes" in walk.words(walk.give_code(client, code))
        # And a new one can be asked for after the time that was said
        assert "No more codes" in walk.words(client.post(walk.address("code_again"), follow=True))
        passes(settings.CODE_FREEZE)
        assert "on its way" in walk.words(client.post(walk.address("code_again"), follow=True))
        assert walk.where(walk.give_code(client)) == "done"


def test_an_old_code_is_answered_with_the_way_to_a_new_one() -> None:
    with walk.clock() as passes:
        client = walk.browser()
        walk.to_code(client, make.peserta())
        old = cases.code_of(walk.newest())
        passes(settings.CODE_LIFETIME)
        assert "no longer valid" in walk.words(walk.give_code(client, old))
        assert "on its way" in walk.words(client.post(walk.address("code_again"), follow=True))
        assert walk.where(walk.give_code(client)) == "done"


def test_codes_are_sent_again_after_a_minute_and_three_times_an_hour() -> None:
    with walk.clock() as passes:
        client = walk.browser()
        page = walk.to_code(client, make.peserta())
        assert "You can ask for another code from" in walk.words(page)
        assert "wait one minute" in walk.words(client.post(walk.address("code_again"), follow=True))
        assert AuditLog.objects.filter(action="request.code_refused", reason="too_many_codes").count() == 1
        for _ in range(2):
            passes(settings.CODE_PAUSE)
            assert "You can ask for another code from" not in walk.words(client.get(walk.address("code")))
            assert "on its way" in walk.words(client.post(walk.address("code_again"), follow=True))
        passes(settings.CODE_PAUSE)
        assert "Try again in" in walk.words(client.post(walk.address("code_again"), follow=True))
        assert walk.newest().codes.count() == 3


def test_a_second_open_request_is_told_the_reference_of_the_first() -> None:
    # Given a participant with an open request
    peserta = make.peserta()
    first = cases.queued(peserta=peserta)
    # When the same person sends another one
    client = walk.browser()
    page = walk.to_code(client, peserta)
    # Then they read which one is open, and nothing was made
    assert walk.where(page) == "check"
    assert str(first) in walk.words(page)
    assert PhoneChangeRequest.objects.count() == 1
    assert AuditLog.objects.filter(action="request.intake_refused", reason="already_open").count() == 1


def test_the_birth_date_must_match_before_an_open_request_is_named() -> None:
    peserta = make.peserta()
    first = cases.queued(peserta=peserta)
    page = walk.to_code(walk.browser(), peserta, birth_date="18-05-1990")
    assert walk.where(page) == "code"
    assert str(first) not in page.content.decode()


def test_the_door_does_not_tell_whether_a_number_is_the_registered_one() -> None:
    peserta = make.peserta(phone="+6281298765432")
    assert walk.where(walk.to_code(walk.browser(), peserta)) == "code"


def test_a_number_that_has_had_its_codes_is_asked_to_wait_and_the_entries_stay() -> None:
    with walk.clock() as passes:
        walk.to_code(walk.browser(), make.peserta())
        client = walk.browser()
        page = walk.to_code(client, make.peserta())
        assert walk.where(page) == "check"
        assert "wait one minute" in walk.words(page)
        assert PhoneChangeRequest.objects.count() == 1
        passes(settings.CODE_PAUSE)
        assert walk.where(walk.send(client)) == "code"


def test_after_a_closed_browser_the_status_page_leads_back_to_the_code() -> None:
    walk.to_code(walk.browser(), make.peserta())
    client = walk.browser()
    page = walk.look_up(client, walk.newest())
    assert walk.where(page) == "case"
    assert f'href="{walk.address("code")}"' in page.content.decode()
    assert walk.where(walk.give_code(client)) == "done"


def test_a_better_photo_puts_the_case_back_into_the_queue() -> None:
    # Given a case whose KTP photo is blurred
    request = cases.in_state(Status.NEEDS_INFO)
    client = walk.browser()
    page = walk.open_fully(client, request)
    assert "better photo" in walk.words(page)
    assert str(Fault.BLURRED.label) in walk.words(page)
    # When a bad file comes first, it says so and nothing moves
    bad = client.post(walk.address("resend"), {"photo": pictures.upload(b"no photo")})
    assert "not a photo" in walk.words(bad)
    assert Document.objects.filter(request=request).count() == 2
    # Then a good one puts the case back, once, however often it is sent
    good = client.post(walk.address("resend"), {"photo": pictures.upload()}, follow=True)
    assert "in the queue" in walk.words(good)
    again = client.post(walk.address("resend"), {"photo": pictures.upload()}, follow=True)
    assert walk.where(again) == "case"
    request.refresh_from_db()
    assert request.status == Status.QUEUED
    assert request.documents.filter(kind=DocumentKind.KTP).count() == 2


def test_a_participant_withdraws_after_being_asked_once() -> None:
    request, client = cases.queued(), walk.browser()
    walk.open_fully(client, request)
    asked = client.get(walk.address("cancel"))
    request.refresh_from_db()
    assert (asked.status_code, request.status) == (200, Status.QUEUED)
    page = client.post(walk.address("cancel"), follow=True)
    assert "withdrawn" in walk.words(page)
    request.refresh_from_db()
    assert request.status == Status.CANCELLED
    assert "withdrawn" in walk.words(client.post(walk.address("cancel"), follow=True))


def test_a_case_under_review_is_not_withdrawn_behind_the_operator() -> None:
    request, client = cases.in_state(Status.IN_REVIEW), walk.browser()
    walk.look_up(client, request)
    page = client.post(walk.address("cancel"), follow=True)
    assert walk.where(page) == "case"
    assert "can't be withdrawn any more" in walk.words(page)
    request.refresh_from_db()
    assert request.status == Status.IN_REVIEW


def test_a_code_for_a_request_that_ended_elsewhere_leads_to_its_status() -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta())
    code = cases.code_of(walk.newest())
    assert walk.where(client.get(walk.address("done"), follow=True)) == "code"
    changes.cancel(request=walk.newest())
    for page in (walk.give_code(client, code), client.get(walk.address("code"), follow=True)):
        assert walk.where(page) == "case"
        assert "withdrawn" in walk.words(page)
    assert "not waiting for a code" in walk.words(client.post(walk.address("code_again"), follow=True))


def test_no_step_can_be_jumped_over() -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    assert walk.where(walk.send(client)) == "ktp"
    walk.give_photo(client, "card")
    assert walk.where(walk.send(client)) == "ktp"
    assert not PhoneChangeRequest.objects.exists()


def test_leaving_forgets_what_was_typed_and_what_was_opened() -> None:
    client = walk.browser()
    walk.to_check(client, make.peserta())
    walk.look_up(client, cases.queued())
    page = client.post(walk.address("leave"), follow=True)
    assert walk.where(page) == "start"
    assert walk.where(client.get(walk.address("check"), follow=True)) == "data"
    assert walk.where(client.get(walk.address("case"), follow=True)) == "status"


def test_photos_of_a_draft_that_was_given_up_are_swept_away() -> None:
    client = walk.browser()
    walk.to_check(client, make.peserta())
    folder = storages["documents"]
    before = len(folder.listdir("")[1])
    changes_at = timezone.now() + vault.ORPHANS_KEPT + timedelta(seconds=1)
    assert vault.remove_orphans(at=changes_at) >= 2
    assert len(folder.listdir("")[1]) <= before - 2
    # And the draft asks for them again instead of failing
    page = walk.send(client)
    assert walk.where(page) == "ktp"
    assert "no longer have this photo" in walk.words(page)
