"""What writes or reads beside the steps of a request, and the entries that it leaves: these, and no others.

Every action that the log has words for is left by a line here, by one of the steps or of the addresses, or by the test
that `ELSEWHERE` names.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from jknoffice.accounts.login import factors, password, recovery
from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.accounts.sessions import ending
from jknoffice.accounts.staff import create_staff
from jknoffice.audit import asking, looks, seals, shredding, startup, values, words
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from jknoffice.audit.sealing import rotation, sealer
from jknoffice.crypto import KEY_BYTES
from participants import kin, person, registry, revealing
from participants.models import ImportUpload, UploadState
from participants.searching import search
from participants.uploads import receiving, retention, steps
from tests import cases, make
from tests.accounts import door
from tests.audit.entries import write
from tests.audit.writers import accounts, staff, test_addresses, test_domain
from tests.audit.writers.watching import actions_after, newest
from tests.verification.sms import receipts
from verification import deliveries, outbox, resealing
from verification.documents import shredding as photo_shredding
from verification.documents import viewing, wrapping
from verification.models import Document, OutboxMessage
from verification.models.outbox import Delivery
from verification.sms.gateways import GatewayDown, memory
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timezone.now()
SUBJECT = UUID(int=1)
BY = Actor.system("test")
Call = Callable[[], object]


def new_file() -> Call:
    user = make.staff(Role.DATA_ADMIN)
    return lambda: receiving.receive(name="a.csv", chunks=[b"nik\n"], by=user, at=NOW)


def on_a_file(step: Callable[[ImportUpload, User], object], state: UploadState = UploadState.RECEIVED) -> Any:
    """A step with an uploaded file, which stands where the step needs it."""

    def prepare() -> Call:
        user = make.staff(Role.DATA_ADMIN)
        upload = receiving.receive(name="a.csv", chunks=[b"nik\n"], by=user, at=NOW)
        ImportUpload.objects.update(state=state)
        return lambda: step(upload, user)

    return prepare


def set_phone() -> Call:
    peserta, cause = make.peserta(), Thing("test.cause", "1")
    return lambda: registry.set_phone(peserta_id=peserta.pk, phone="+6281200009999", by=BY, cause=cause, at=NOW)


def find() -> Call:
    peserta, user = make.peserta(), make.staff()
    return lambda: search.find(text=peserta.nik, by=user)


def sharing() -> Call:
    peserta, user = make.peserta(), make.staff()
    return lambda: kin.sharing(peserta=peserta, tie=kin.Tie.FAMILY, after=0, by=user)


def look_at_person() -> Call:
    peserta, user = make.peserta(), make.staff()
    return lambda: person.record_view(peserta=peserta, relatives=[], by=user)


def reveal_a_value() -> Call:
    peserta, user = make.peserta(), make.staff()
    field, why = revealing.Field.NIK, person.Why.CORRECTION
    return lambda: revealing.reveal(peserta=peserta, field=field, why=why, relatives=(), by=user)


def look_at_photo() -> Call:
    given = test_domain.held()
    photo = given["request"].documents.earliest("pk").pk
    return lambda: viewing.view(document_id=photo, by=given["by"])


def old_photos() -> Call:
    cases.in_state(Status.REJECTED)
    return lambda: photo_shredding.shred_due(at=NOW + timedelta(days=91))


def photos_of_another_key() -> Call:
    cases.submitted()
    Document.objects.update(key_id="")
    return lambda: wrapping.rotate(by=BY)


def authenticator_of_another_key() -> Call:
    # Sealed for nobody else, by the key that is the one before for the time of the call.
    make.authenticator(make.staff())
    before, new = settings.JKN_DATA_KEY, b"n" * KEY_BYTES

    def exchange() -> object:
        with override_settings(JKN_DATA_KEY=new, JKN_DATA_KEY_OLD=before):
            return resealing.reseal(by=BY)

    return exchange


def new_colleague() -> Call:
    given: dict[str, Any] = {"username": "siti", "full_name": "Siti", "role": Role.AUDITOR, "branch": None}
    return lambda: create_staff(**given, nik="3173010101900001", password="a long enough one 1", by=BY)


def wrong_password() -> Call:
    user = make.staff()

    def check() -> None:
        with pytest.raises(password.LoginRefused):
            password.check(username=user.username, password="wrong", address="203.0.113.7", at=NOW)

    return check


def wrong_code() -> Call:
    user = make.staff()
    make.authenticator(user)

    def verify() -> None:
        with pytest.raises(factors.WrongCode):
            factors.verify(user=user, typed="000000", at=NOW)

    return verify


def paper_code() -> Call:
    user = make.staff()
    make.authenticator(user)
    with transaction.atomic():
        code, *_others = recovery.new_codes(user)
    return lambda: factors.verify(user=user, typed=code, at=NOW)


def first_authenticator() -> Call:
    user, device = make.staff(), TOTPDevice()
    return lambda: factors.enrol(user=user, secret=device.key, typed=door.code_of(device), at=NOW)


def wrong_present_password() -> Call:
    user = make.staff()

    def prove() -> None:
        with pytest.raises(password.WrongPresentPassword):
            password.prove(user=user, typed="wrong", at=NOW)

    return prove


def lost_device() -> Call:
    user = make.staff()
    make.logged_in(user)
    return lambda: ending.end_all(owner=user, by=BY, reason=ending.Why.LOST)


def new_password() -> Call:
    user = make.staff()
    return lambda: password.change(user=user, new="another long one 2")


def shred() -> Call:
    request = cases.submitted()
    assert request.peserta
    subject = request.peserta.uuid
    return lambda: shredding.shred(subject=subject, why=shredding.Why.RETENTION, by=BY, second=BY)


def another_key() -> Call:
    write()
    sealer.seal()
    return lambda: rotation.rotate(new_seed=b"s" * 32, by=BY)


def sent() -> Call:
    cases.submitted()
    return outbox.deliver_waiting


def refused_to_an_operator(ask: Callable[[AuditLog, User], object]) -> Callable[[], Call]:
    """A question that only an auditor may ask, about an entry of one's own."""

    def prepare() -> Call:
        user = make.staff()
        entry = write("request.viewed", by=user.as_actor(), subject=SUBJECT)

        def demand() -> None:
            with pytest.raises(asking.OnlyAuditors):
                ask(entry, user)

        return demand

    return prepare


def given_up() -> Call:
    cases.in_state(Status.REJECTED, at=NOW)
    memory.failures.extend(GatewayDown() for _ in range(outbox.ATTEMPTS))
    message = OutboxMessage.objects.get(template="rejected_new")
    times = [NOW + pause for pause in accumulate(outbox.PAUSES[: outbox.ATTEMPTS - 1], initial=timedelta())]
    for at in times[:-1]:
        outbox.deliver(message_id=message.pk, at=at)
    return lambda: outbox.deliver(message_id=message.pk, at=times[-1])


def not_delivered() -> Call:
    message = receipts.sent_message()
    given = {"gateway": message.gateway, "reference": message.provider_id}
    return lambda: deliveries.note(**given, delivery=Delivery.UNDELIVERED, at=NOW)


# By its name: what prepares it and returns the call itself, and the actions of its entries.
OTHERS: dict[str, tuple[Callable[[], Call], list[str]]] = {
    "registry.set_phone": (set_phone, ["peserta.phone_changed"]),
    "search.find": (find, ["peserta.searched"]),
    "kin.sharing": (sharing, ["peserta.family_viewed"]),
    "person.record_view": (look_at_person, ["peserta.viewed"]),
    "revealing.reveal": (reveal_a_value, ["peserta.revealed"]),
    "viewing.view": (look_at_photo, ["document.viewed"]),
    "shredding.shred_due": (old_photos, ["document.shredded"] * 2),
    "wrapping.rotate": (photos_of_another_key, ["document.keys_rotated"]),
    "resealing.reseal": (authenticator_of_another_key, ["system.data_key_exchanged"]),
    "staff.create_staff": (new_colleague, ["account.created"]),
    **staff.OTHERS,
    "password.check": (wrong_password, ["account.login_refused"]),
    "password.change": (new_password, ["account.password_changed"]),
    "password.prove": (wrong_present_password, ["account.password_refused"]),
    "factors.verify, wrong": (wrong_code, ["account.login_refused"]),
    "factors.verify, paper": (paper_code, ["account.recovery_used"]),
    "factors.enrol": (first_authenticator, ["account.second_factor_added"]),
    "sessions.end_all": (lost_device, ["account.sessions_ended"]),
    "shredding.shred": (shred, [shredding.SHREDDED]),
    "rotation.rotate": (another_key, ["audit.key_rotated"]),
    "outbox.deliver_waiting": (sent, ["message.sent"]),
    "outbox.deliver, given up": (given_up, ["message.failed"]),
    "deliveries.note": (not_delivered, ["message.undelivered"]),
    "asking.search, refused": (
        refused_to_an_operator(lambda _, by: asking.search(text="x", by=by)),
        ["audit.search_refused"],
    ),
    "looks.who_saw, refused": (
        refused_to_an_operator(lambda _, by: looks.who_saw(subject=SUBJECT, by=by)),
        ["audit.lookers_refused"],
    ),
    "values.reveal, refused": (
        refused_to_an_operator(lambda entry, by: values.reveal(entry=entry, by=by, why=values.Why.SAMPLE)),
        ["audit.reveal_refused"],
    ),
    "seals.take_proof, refused": (
        refused_to_an_operator(lambda entry, by: seals.take_proof(entry=entry, by=by)),
        ["audit.proof_refused"],
    ),
    "receiving.receive": (new_file, ["import.uploaded"]),
    "steps.choose_columns": (
        on_a_file(lambda upload, by: steps.choose_columns(upload=upload, places={"nik": 0}, as_of=NOW, by=by)),
        ["import.columns_chosen"],
    ),
    "steps.start_check": (
        on_a_file(lambda upload, by: steps.start_check(upload=upload, by=by)),
        ["import.check_ordered"],
    ),
    "steps.confirm": (
        on_a_file(lambda upload, by: steps.confirm(upload=upload, typed=upload.file_name, by=by), UploadState.CHECKED),
        ["import.confirmed"],
    ),
    "steps.discard": (
        on_a_file(lambda upload, by: steps.discard(upload=upload, by=by.as_actor())),
        ["import.upload_removed"],
    ),
    "retention.remove_old": (
        on_a_file(lambda _upload, _by: retention.remove_old(at=timezone.now() + timedelta(days=2))),
        ["import.upload_removed"],
    ),
    **accounts.OTHERS,
    "startup.note": (lambda: lambda: startup.note(process="web"), [startup.NOTED]),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_else_writes_or_reads_leaves_its_entries(name: str) -> None:
    prepare, actions = OTHERS[name]
    call, since = prepare(), newest()
    call()
    assert actions_after(since) == actions


@pytest.mark.parametrize("name", sorted(OTHERS.keys() - {"startup.note"}))
def test_what_else_writes_changes_nothing_without_its_entry(name: str, without_log: Any) -> None:
    without_log(OTHERS[name][0]())


# By the action: the test that shows it, where more has to be prepared than a line here holds.
ELSEWHERE = {
    **accounts.ELSEWHERE,
    **staff.ELSEWHERE,
    **{
        f"partner.{what}": "tests/verification/api/test_partners.py"
        for what in ("created", "switched_off", "switched_on")
    },
    "partner.secret_changed": "tests/verification/api/test_partners.py",
    "partner.refused": "tests/verification/api/test_door.py",
    "account.passkey_copied": "tests/accounts/passkeys/test_proving.py",
    "account.second_factor_shown": "tests/accounts/factors/test_again.py",
    "account.told": "tests/accounts/test_notices.py",
    "alarm.mailed": "tests/alarms/test_letters.py",
    "alarm.raised": "tests/alarms/test_rules.py",
    "alarm.refused": "tests/alarms/test_pages.py",
    "peserta.reveal_refused": "tests/participants/test_revealing.py",
    "desk.summary_failed": "tests/verification/test_summary.py",
    "desk.summary_sent": "tests/verification/test_summary.py",
    "retention.swept": "tests/verification/test_retention.py",
    "document.matched": "tests/verification/likeness/test_matching.py",
    "document.match_ordered": "tests/verification/likeness/test_matching.py",
    "document.read": "tests/verification/annotation/test_work.py",
    "document.read_again": "tests/verification/annotation/test_page.py",
    "message.cap_near": "tests/verification/test_cap.py",
    "message.cap_reached": "tests/verification/test_cap.py",
    "audit.entry_refused": "tests/audit/writers/test_addresses.py",
    "audit.export_refused": "tests/audit/test_download.py",
    "audit.question_refused": "tests/audit/test_questions.py",
    "peserta.search_refused": "tests/participants/test_search.py",
    "peserta.view_refused": "tests/participants/test_access.py",
    "request.disputed": "tests/verification/test_not_me.py",
    "request.objection_refused": "tests/verification/portal/test_not_me.py",
    "request.correction_refused": "tests/verification/portal/test_sessions.py",
    "request.intake_refused": "tests/verification/portal/test_journeys.py",
    "request.recalled": "tests/verification/test_detours.py",
    "request.refused": "tests/verification/desk/test_steps.py",
    "account.sessions_refused": "tests/accounts/sessions/test_pages.py",
    "account.officer_refused": "tests/accounts/test_officers.py",
    "audit.origin_opened": "tests/audit/test_open_origin.py",
    "audit.origin_refused": "tests/audit/test_open_origin.py",
    "audit.shred_refused": "tests/audit/test_shred_command.py",
    "branch.imported": "tests/accounts/test_importing.py",
    "import.checked": "tests/participants/uploads/test_journeys.py",
    "import.confirm_refused": "tests/participants/uploads/test_journeys.py",
    "import.failed": "tests/participants/uploads/test_work.py",
    "import.file_imported": "tests/participants/uploads/test_journeys.py",
    "import.upload_refused": "tests/participants/uploads/test_refusals.py",
    "import.finished": "tests/participants/importing/test_run.py",
    "import.refused": "tests/participants/importing/test_run.py",
}


def test_every_action_that_has_words_is_left_by_a_test() -> None:
    tables = (test_domain.STEPS, test_addresses.RECORDED, OTHERS)
    walked = {action for table in tables for _, actions in table.values() for action in actions}
    known = {code for code, _ in words.actions()}
    assert walked <= known
    assert known - walked == set(ELSEWHERE)


@pytest.mark.parametrize("action", ELSEWHERE)
def test_the_test_elsewhere_asserts_it(action: str) -> None:
    assert f'"{action}"' in (Path(settings.BASE_DIR) / ELSEWHERE[action]).read_text()
