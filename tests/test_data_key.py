"""The data key is exchanged: nobody notices while it is, and afterwards the key before opens nothing."""

import io
import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from jknoffice import crypto
from jknoffice.accounts.identity import person_id
from jknoffice.accounts.models import Authenticator, User
from jknoffice.audit import words
from jknoffice.audit.models import AuditLog
from jknoffice.crypto import KEY_BYTES, Purpose, Unreadable
from tests import cases, make
from tests.verification.annotation.reading import keep, reading_of
from tests.verification.api.partner import Partner
from verification import changes, links, outbox
from verification.annotation import sealing
from verification.api import partners
from verification.codes import Outcome
from verification.documents import vault
from verification.likeness import candidates
from verification.models import Document, DocumentReading, PhoneChangeRequest, ReadingCorrection
from verification.models.link import LinkKind
from verification.reading.result import FieldName

pytestmark = pytest.mark.django_db

NEW = b"n" * KEY_BYTES
NIK = "3173010101010002"


@dataclass(frozen=True, kw_only=True)
class Before:
    """What was made with the key before."""

    user: User
    device: Authenticator
    case: PhoneChangeRequest
    reading: DocumentReading
    correction: ReadingCorrection
    link: str
    partner: Partner
    code: str

    @property
    def secret(self) -> bytes:
        return bytes(Authenticator.objects.get(pk=self.device.pk).bin_key)

    @property
    def read(self) -> str:
        content = DocumentReading.objects.get(pk=self.reading.pk).content or {}
        value = sealing.opened_reading(content, document_id=self.reading.document_id).fields[FieldName.NIK].value
        return value or ""

    @property
    def corrected(self) -> str:
        value = ReadingCorrection.objects.get(pk=self.correction.pk).value
        return sealing.opened_value(value, document_id=self.reading.document_id, field="name")


@pytest.fixture
def before(settings: Any) -> Before:
    """All of it, and settings in which the key has been exchanged since."""
    user = make.staff(nik=NIK)
    device = make.authenticator(user)
    case = cases.submitted()
    assert case.peserta
    document = case.documents.get(kind="ktp")
    reading = keep(document, reading_of(case.peserta))
    value = sealing.sealed_value("SITI", document_id=document.pk, field="name")
    made = Before(
        user=user,
        device=device,
        case=case,
        reading=reading,
        correction=reading.corrections.create(
            field="name", value=value, corrected_by=user, corrected_at=timezone.now()
        ),
        link=links.to_request(kind=LinkKind.OBJECTION, request=case, at=timezone.now()),
        partner=Partner(),
        code=cases.code_of(case),
    )
    settings.JKN_DATA_KEY, settings.JKN_DATA_KEY_OLD = NEW, settings.JKN_DATA_KEY
    settings.JKN_DOCUMENT_KEY, settings.JKN_DOCUMENT_KEY_OLD = NEW, settings.JKN_DATA_KEY_OLD
    return made


def run(**options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("rotate_data_key", format="json", stdout=out, **options)
    found: dict[str, Any] = json.loads(out.getvalue())
    return {name: value for name, value in found.items() if name != "key_id"}


def counted(sealed: int, *, dry_run: bool) -> dict[str, Any]:
    kinds = {"authenticators": sealed, "readings": sealed, "corrections": sealed, "photos": 2 * sealed}
    return {"dry_run": dry_run, **{kind: {"sealed": n, "unreadable": 0} for kind, n in kinds.items()}}


def test_nobody_notices_while_it_is_exchanged(before: Before) -> None:
    peserta = before.case.peserta
    assert peserta
    assert len(before.secret) == 20
    assert (before.read, before.corrected) == (peserta.nik, "SITI")
    assert before.code in outbox.text_of(before.case.messages.get(template="code"))
    secret = before.link.rstrip("/").rsplit("/", 1)[-1]
    assert links.living(kind=LinkKind.OBJECTION, secret=secret, at=timezone.now()).exists()
    assert partners.known(before.partner.client_id, before.partner.secret)
    assert vault.jpeg_of(before.reading.document).startswith(b"\xff\xd8")
    assert person_id(NIK) == before.user.person_id
    # A code that was sent before is right, once
    assert changes.confirm(request=before.case, typed=before.code).outcome is Outcome.CONFIRMED


def test_afterwards_the_key_before_opens_nothing_that_stays(before: Before, settings: Any) -> None:
    old = settings.JKN_DATA_KEY_OLD
    assert run(dry_run=True) == counted(1, dry_run=True)
    assert run(dry_run=True) == counted(1, dry_run=True)
    assert run() == counted(1, dry_run=False)
    assert run() == counted(0, dry_run=False)

    # The one before goes: everything opens
    settings.JKN_DATA_KEY_OLD = settings.JKN_DOCUMENT_KEY_OLD = b""
    peserta = before.case.peserta
    assert peserta
    assert len(before.secret) == 20
    assert (before.read, before.corrected) == (peserta.nik, "SITI")
    assert vault.jpeg_of(Document.objects.get(pk=before.reading.document_id)).startswith(b"\xff\xd8")
    content = DocumentReading.objects.get(pk=before.reading.pk).content or {}
    assert content["fields"]["nik"]["mark"] == sealing.mark("nik", peserta.nik)

    # And whoever has it still opens nothing of that
    settings.JKN_DATA_KEY = old
    for closed in ("secret", "read", "corrected"):
        with pytest.raises(Unreadable):
            getattr(before, closed)


def test_photos_with_a_key_apart_are_left_to_their_own_exchange(before: Before, settings: Any) -> None:
    settings.JKN_DOCUMENT_KEY = b"d" * KEY_BYTES
    assert "photos" not in run()


def test_the_same_number_is_told_across_the_exchange(before: Before) -> None:
    assert before.case.peserta
    # Given a photo that a stranger sends while the key is exchanged, on which the machine reads the number from before
    other = cases.submitted()
    document = other.documents.get(kind="ktp")
    keep(document, reading_of(before.case.peserta))
    assert other.peserta
    found = candidates.same_numbers(document_id=document.pk, not_of=other.peserta.pk)
    assert found == [before.reading.document_id]


def test_before_and_after_read_each_other_while_processes_are_restarted(before: Before, settings: Any) -> None:
    # Given something made with the new key, and a process that still makes with the old one and reads both
    sealed = crypto.seal(key=crypto.key_for(Purpose.DRAFT), plaintext=b"x", bound_to="y")
    settings.JKN_DATA_KEY, settings.JKN_DATA_KEY_OLD = settings.JKN_DATA_KEY_OLD, settings.JKN_DATA_KEY
    assert crypto.opened(Purpose.DRAFT, sealed=sealed, bound_to="y") == b"x"
    assert len(before.secret) == 20


def test_each_kind_has_its_entry_which_names_the_key_and_the_rows(before: Before) -> None:
    run()
    entries = AuditLog.objects.filter(action="system.data_key_exchanged").order_by("pk")
    told = [json.loads(entry.entry)["after"] for entry in entries]
    assert [each["kind"] for each in told] == ["authenticators", "readings", "corrections"]
    assert {each["key_id"] for each in told} == {crypto.key_id(crypto.key_for(Purpose.FACTOR))}
    assert not [name for each in told for name in each if str(words.field_label(name)) == name]
    assert (told[0]["rows"], told[0]["first"], told[0]["last"]) == (1, before.device.pk, before.device.pk)


def test_what_neither_key_opens_stays_and_is_told(before: Before, settings: Any) -> None:
    settings.JKN_DATA_KEY_OLD = settings.JKN_DOCUMENT_KEY_OLD = b"x" * KEY_BYTES
    kept = Authenticator.objects.get().key
    with pytest.raises(CommandError, match="5 rows can be opened by neither key") as told:
        run()
    assert told.value.returncode == 1
    assert Authenticator.objects.get().key == kept


def test_without_the_key_before_it_does_not_begin(settings: Any) -> None:
    settings.JKN_DATA_KEY_OLD = b""
    with pytest.raises(CommandError, match="JKN_DATA_KEY_OLD") as told:
        run()
    assert told.value.returncode == 2


def test_what_an_unknown_key_sealed_is_an_answer_that_cannot_be_given_again(settings: Any) -> None:
    partner, peserta = Partner(), make.peserta()
    first = partner.start(peserta, key="same")
    settings.JKN_DATA_KEY = NEW  # without the one before
    again = partner.start(peserta, key="same")
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "in_progress")
    assert PhoneChangeRequest.objects.count() == 1
