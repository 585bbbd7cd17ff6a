"""What the worker finds: copies in cases of other participants, once, with a trace; never a block."""

import io
import json
from functools import cache

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from jknoffice.audit.models import AuditLog
from jknoffice.hands import Hand
from participants.models import Peserta
from tests import cases, make
from tests.hands import acting_as, run_worker
from tests.plans import scans
from tests.verification.annotation.reading import keep, reading_of
from tests.verification.likeness.copies import jpeg_of, one_desk, people, photos
from verification import signals
from verification.documents import vault
from verification.documents.pictures import Picture
from verification.likeness import candidates, earlier
from verification.likeness.fingerprint import opened, take
from verification.likeness.matching import match, match_by_numbers
from verification.models import Document, DocumentLikeness, Fingerprint, PhoneChangeRequest
from verification.models.choices import DocumentKind

pytestmark = pytest.mark.django_db


@cache
def ktp(person: int = 0, quality: int = 88) -> Picture:
    """Somebody's KTP, all on one desk."""
    with one_desk("a"):
        image, _card = photos(people(person + 1)[person])
    return Picture(jpeg_of(image, quality), *image.size)


def case_with(picture: Picture, peserta: Peserta | None = None) -> tuple[PhoneChangeRequest, Document]:
    case = cases.submitted(peserta=peserta, pictures={DocumentKind.KTP: picture, DocumentKind.CARD: cases.picture()})
    return case, case.documents.get(kind=DocumentKind.KTP)


def looked(document: Document) -> list[DocumentLikeness]:
    with acting_as(Hand.WORKER):
        return match(document_id=document.pk)


def test_keeping_a_photo_queues_the_look_for_copies() -> None:
    _case, document = case_with(ktp())
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'verification.match_photo'")
        assert f'"document_id": {document.pk}' in str(cursor.fetchall()).replace("'", '"')


@pytest.mark.parametrize("quality", [88, 50])
def test_a_photo_in_another_participants_case_is_found_once_and_recorded_in_both(quality: int) -> None:
    (first, earlier), (second, later) = case_with(ktp()), case_with(ktp(0, quality))
    assert looked(earlier) == []
    [pair] = looked(later)
    assert (pair.earlier, pair.later) == (earlier, later)
    assert (pair.alike == 100) or quality == 50
    assert looked(later) == looked(earlier) == []
    about = AuditLog.objects.filter(action="document.matched").values_list("object_id", flat=True)
    assert sorted(about) == sorted([str(first.pk), str(second.pk)])


def test_another_card_on_the_same_desk_is_not_taken_for_a_copy() -> None:
    documents = [case_with(ktp(person))[1] for person in range(3)]
    assert [looked(document) for document in documents] == [[], [], []]


def test_ones_own_photo_sent_again_is_honest() -> None:
    peserta = make.peserta()
    case, document = case_with(ktp(), peserta)
    looked(document)
    [again] = vault.keep(request=case, pictures={DocumentKind.KTP: ktp(0, 60)}, at=timezone.now())
    assert looked(again) == []


def test_empty_pictures_are_no_copies_of_each_other() -> None:
    documents = [case_with(cases.picture(120))[1] for _ in range(2)]
    assert [looked(document) for document in documents] == [[], []]


def test_a_document_named_for_another_reason_gets_a_second_look() -> None:
    image = opened(ktp().jpeg)
    out = io.BytesIO()
    image.crop((0, 0, round(0.85 * image.width), round(0.85 * image.height))).save(out, "JPEG")
    (_, earlier), (_, later) = case_with(ktp()), case_with(Picture(out.getvalue(), 979, 661))
    looked(earlier)
    assert looked(later) == []
    with acting_as(Hand.WORKER):
        [pair] = match(document_id=later.pk, others=[earlier.pk, later.pk])
    assert pair.earlier == earlier


def test_a_crop_is_found_by_the_number_that_was_read_on_it() -> None:
    """Neither a stranger's card of the same kind nor a card with the same NIK beside a KTP gets a second look."""
    image = opened(ktp().jpeg)
    crop = image.crop((0, 0, round(0.85 * image.width), round(0.85 * image.height)))
    (first, earlier), (_, later) = case_with(ktp()), case_with(Picture(jpeg_of(crop), *crop.size))
    third, stranger = case_with(ktp(1))
    assert first.peserta
    assert third.peserta
    for document in (earlier, later, stranger):
        assert looked(document) == []
    with acting_as(Hand.WORKER):
        assert match_by_numbers(document_id=later.pk) == []
        keep(earlier, reading_of(first.peserta))
        keep(stranger, reading_of(third.peserta))
        keep(first.documents.get(kind=DocumentKind.CARD), reading_of(first.peserta, "card"))
        keep(later, reading_of(first.peserta))
        [pair] = match_by_numbers(document_id=later.pk)
        assert pair.earlier == earlier
        assert match_by_numbers(document_id=later.pk) == match_by_numbers(document_id=0) == []
        assert candidates.same_numbers(document_id=earlier.pk, not_of=first.peserta.pk) == [later.pk]


def test_a_screenshot_is_compared_with_those_of_the_same_number_only() -> None:
    screen = Image.new("RGB", (720, 1280), "white")
    screen.paste(opened(ktp().jpeg).resize((680, 430)), (20, 200))
    documents = [case_with(Picture(jpeg_of(screen, quality), 720, 1280))[1] for quality in (90, 70)]
    assert take(opened(jpeg_of(screen, 70))).turns == ()
    assert [looked(document) for document in documents] == [[], []]
    [pair] = match(document_id=documents[1].pk, others=[documents[0].pk])
    assert [pair.earlier, pair.later] == documents


def test_a_number_is_looked_up_by_index() -> None:
    case, document = case_with(ktp())
    assert case.peserta
    row = keep(document, reading_of(case.peserta, "card"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "INSERT INTO verification_documentreading (document_id, status, failure, engine_version, read_at, content)"
            " SELECT -n, status, failure, engine_version, read_at, jsonb_set(jsonb_set(content,"
            " '{fields,nik,mark}', to_jsonb(n::text)), '{fields,card_number,mark}', to_jsonb(n::text))"
            " FROM verification_documentreading, generate_series(1, 5000) AS n WHERE id = %s",
            [row.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE verification_documentreading")
    with CaptureQueriesContext(connection) as queries:
        candidates.same_numbers(document_id=document.pk, not_of=0)
    assert scans(queries, of=["verification_documentreading"]) == []


def test_what_is_gone_or_lost_is_left_alone() -> None:
    _case, document = case_with(ktp())
    vault.delete_files([document.storage_key])
    assert looked(document) == []
    assert match(document_id=0) == []


def test_a_request_that_matched_nobody_is_left_alone() -> None:
    stranger = Peserta(nik=make.nik(), birth_date=make.peserta().birth_date)
    _case, document = case_with(ktp(), stranger)
    assert looked(document) == []
    assert not Fingerprint.objects.exists()


def test_both_cases_show_the_signal_with_count_and_branch() -> None:
    (first, earlier), (second, later) = case_with(ktp()), case_with(ktp())
    looked(earlier)
    looked(later)
    for case, other in ((first, second), (second, first)):
        [sign] = [one for one in signals.look(request=case, at=timezone.now()) if one.code == "same_photo"]
        assert other.branch
        assert sign.facts == {"cases": 1, "branches": other.branch.name}
        assert other.branch.name in signals.told(sign)


def test_the_look_up_goes_by_index_among_200_000_fingerprints() -> None:
    _case, document = case_with(ktp())
    looked(document)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "INSERT INTO verification_fingerprint (document_id, digest, bits, band_1, band_2, band_3, band_4, taken_at)"
            " SELECT -n, md5(n::text), (random() * 9e18)::bigint, (random() * 65535)::int, (random() * 65535)::int,"
            " (random() * 65535)::int, (random() * 65535)::int, now() FROM generate_series(1, 200000) AS n"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        # The other tables are all but empty here: from them the planner would rather come by the primary key
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE verification_fingerprint DROP CONSTRAINT verification_fingerprint_pkey")
        cursor.execute("ANALYZE verification_fingerprint")
    known_by = take(opened(ktp(0, 60).jpeg))
    with CaptureQueriesContext(connection) as queries:
        assert candidates.near(known_by=known_by, not_of=make.peserta().pk) == [document.pk]
        candidates.same_pixels(known_by=known_by, not_of=0)
    asked = [query["sql"].strip() for query in queries.captured_queries]
    assert scans(queries, of=["verification_fingerprint"]) == []
    with connection.cursor() as cursor:
        for sql, index in zip([sql for sql in asked if sql.startswith("SELECT f.")], ("band_1", "digest"), strict=True):
            cursor.execute("EXPLAIN " + sql)
            assert any(f"fingerprint_{index}" in line for (line,) in cursor.fetchall())


def test_bands_of_a_fingerprint_are_its_bits() -> None:
    _case, document = case_with(ktp())
    looked(document)
    [row] = Fingerprint.objects.all()
    assert row.bits is not None
    joined = 0
    for band in (row.band_1, row.band_2, row.band_3, row.band_4):
        assert band is not None
        joined = joined << 16 | band
    assert joined == row.bits % (1 << 64)


@pytest.mark.django_db(transaction=True)
def test_older_photos_get_their_fingerprints_behind_other_work_batch_by_batch() -> None:
    (case, known), (_, shredded) = case_with(ktp()), case_with(ktp(1))
    looked(known)
    Document.objects.filter(pk=shredded.pk).update(wrapped_key=b"", shredded_at=timezone.now())
    case_with(ktp(2), Peserta(nik=make.nik(), birth_date=make.peserta().birth_date))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    for dry_run, left in ((True, 2), (False, 2)):
        out = io.StringIO()
        call_command("fingerprint_documents", dry_run=dry_run, format="json", stdout=out)
        assert json.loads(out.getvalue()) == {"photos": left, "dry_run": dry_run}
    assert earlier.order(at=timezone.now(), batch=1) == 2
    entries = AuditLog.objects.filter(action="document.match_ordered").order_by("pk")
    assert [json.loads(entry.entry)["after"]["photos"] for entry in entries] == [2, 1, 1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT priority FROM procrastinate_jobs")
        assert cursor.fetchall() == [(-20,)]
    run_worker()
    assert set(Fingerprint.objects.filter(document__request=case).values_list("document__kind", flat=True)) == {
        DocumentKind.KTP,
        DocumentKind.CARD,
    }
    out = io.StringIO()
    call_command("fingerprint_documents", stdout=out)
    assert out.getvalue() == "0 photos had no fingerprint.\n"
