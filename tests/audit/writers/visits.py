"""Visits to addresses of the product, each with what has to be there before; they end at the address they are about."""

from collections.abc import Callable
from typing import TypeAlias

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.alarms.models import Alarm
from jknoffice.alarms.watching import watch
from jknoffice.audit.models import AuditQuestion
from jknoffice.audit.sealing import sealer
from participants.models import ImportUpload
from tests import cases, make
from tests.accounts import door
from tests.accounts.passkeys import soft
from tests.alarms import histories
from tests.audit.entries import write
from tests.audit.test_download import now
from tests.participants import visits
from tests.participants.uploads import journey
from tests.verification.annotation import reading
from tests.verification.desk import test_letters
from tests.verification.desk.test_counter import send
from tests.verification.desk.test_steps import FORMS, PATHS, post
from tests.verification.portal import walk
from tests.verification.said import secret_of
from tests.verification.sms import receipts
from verification import changes
from verification.models import PhoneChangeRequest
from verification.states import Status

Visit: TypeAlias = Callable[[Client], object]


def case_of(client: Client, status: Status = Status.QUEUED, role: Role = Role.OPERATOR) -> PhoneChangeRequest:
    case = cases.in_state(status)
    make.logged_in(cases.reviewer(case, role), client)
    return case


def holding(client: Client) -> PhoneChangeRequest:
    case = cases.queued()
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    make.logged_in(user, client)
    return case


def auditor(client: Client) -> int:
    """An auditor at the browser, and an entry to look at."""
    make.logged_in(make.staff(Role.AUDITOR), client)
    return write("peserta.viewed", pii={"name": "SITI"}, subject=make.peserta().uuid).pk


def get(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def staff_page(name: str, method: str = "get", **data: str) -> Visit:
    """A page about a participant, for an operator."""

    def visit(client: Client) -> object:
        peserta = make.peserta(kk_number="3171010101010101", phone="+6281234567890")
        make.peserta(kk_number="3171010101010101", phone="+6281234567890")
        make.logged_in(make.staff(branch=peserta.branch), client)
        return getattr(client, method)(get(f"admin:participants_peserta_{name}", peserta.uuid), data)

    return visit


def uploading(
    visit: Callable[[Client, ImportUpload], object], *, ready: Callable[[Client], ImportUpload] = journey.uploaded
) -> Visit:
    """A page about an uploaded file, for a data admin; `ready` brings the file as far as it has to be."""
    return lambda client: visit(client, ready(make.logged_in(make.staff(Role.DATA_ADMIN), client)))


def searched(client: Client) -> object:
    make.logged_in(make.staff(), client)
    return client.post(get("admin:participants_peserta_changelist"), {"q": make.peserta().nik})


def more(client: Client) -> object:
    for _person in range(30):
        make.peserta(phone="+6281234567890")
    make.logged_in(make.staff(), client)
    page = visits.search(client, "081234567890")
    address = page.request["PATH_INFO"] + "more/"
    return client.post(address)


def exported(client: Client) -> object:
    auditor(client)
    return b"".join(client.post(get("admin:audit_export"), {**now(), "why": "investigation"}))


def saved_question(client: Client) -> AuditQuestion:
    make.logged_in(make.staff(Role.AUDITOR), client)
    client.post(get("admin:audit_question_save"), {"name": "Refusals", "refused": "on"})
    return AuditQuestion.objects.get()


def question_changed(page: str) -> Visit:
    def visit(client: Client) -> object:
        question = saved_question(client)
        return client.post(get(f"admin:audit_{page}", question.pk), {"name": "Other"})

    return visit


def proof(client: Client) -> object:
    pk = auditor(client)
    sealer.seal_all()
    return client.get(get("admin:audit_proof", pk))


def counter(client: Client) -> object:
    user = make.staff()
    make.logged_in(user, client)
    return send(client, make.peserta(branch=user.branch))


def coded(client: Client) -> object:
    user = make.staff()
    case = cases.submitted(by=user)
    make.logged_in(user, client)
    return client.post(get("admin:verification_counter_code", case.reference), {"code": cases.code_of(case)})


def assigned(client: Client) -> object:
    case = holding(client)
    make.logged_in(cases.reviewer(case, Role.SUPERVISOR), client)
    return client.post(get("admin:verification_assign"), {"case": case.reference})


def supervisor_page(name: str, query: str = "") -> Visit:
    return lambda c: make.logged_in(make.staff(Role.SUPERVISOR), c).get(get(f"admin:verification_{name}") + query)


def reading_corrected(client: Client) -> object:
    case = holding(client)
    assert case.peserta
    reading.keep(case.documents.get(kind="ktp"), reading.reading_of(case.peserta))
    given = {"kind": "ktp", "field": "name", "value": "SITI"}
    return client.post(get("admin:verification_reading", case.reference), given)


def raised() -> Alarm:
    histories.glass_broken(make.staff(), timezone.now())
    watch()
    return Alarm.objects.latest("pk")


def alarm(page: str, way: str = "post", **form: str) -> Visit:
    def visit(client: Client) -> object:
        pk = raised().pk
        make.logged_in(make.staff(Role.AUDITOR), client)
        return getattr(client, way)(get(f"admin:alarms_alarm_{page}", pk), form)

    return visit


def glass_broken(client: Client) -> object:
    make.logged_in(make.staff(), client)
    given = {"reference": cases.queued().reference, "reason": "The participant is here."}
    return client.post(get("admin:verification_glass"), given)


def letters_sent(client: Client) -> object:
    message = test_letters.given_up()
    make.logged_in(test_letters.supervisor(message.request), client)
    return client.post(get("admin:verification_send_letters"), {"message": message.pk})


def stepped(step: str) -> Visit:
    """The step of the desk, from the table of its own tests; a reversal needs somebody who asked for it."""
    if step in _PREPARED:
        return _PREPARED[step]
    _step, before, role, holds, *_rest = next(path for path in PATHS if path[0] == step)

    def visit(client: Client) -> object:
        case = cases.in_state(Status.QUEUED if before is Status.IN_REVIEW and holds else before)
        user = cases.reviewer(case, role)
        if holds:
            changes.claim(request=case, by=user)
        return post(make.logged_in(user, client), case, step, **FORMS.get(step, {}))

    return visit


def _reversed(client: Client) -> object:
    case = case_of(client, Status.APPLIED, Role.SUPERVISOR)
    changes.ask_reversal(request=case, by=cases.reviewer(case))
    return post(client, case, "reverse")


def _closed(client: Client) -> object:
    case = case_of(client, Status.APPLIED, Role.SUPERVISOR)
    changes.not_me(secret=secret_of(case))
    return post(client, case, "close_dispute", finding="seen_in_person", note="Datang ke kantor.")


_PREPARED = {"reverse": _reversed, "close_dispute": _closed}


def with_code(client: Client) -> object:
    user = make.staff()
    device = make.authenticator(user)
    door.give_password(client, user)
    return door.give_code(client, door.code_of(device))


def enrolled(client: Client) -> object:
    door.give_password(client, make.staff())
    page = client.get("/admin/login/enrol/")
    return client.post("/admin/login/enrol/", {"code": door.code_of(door.offered(page))})


def password_changed(client: Client) -> object:
    make.logged_in(make.staff(), client)
    new = {"new_password1": "another long one 2", "new_password2": "another long one 2"}
    return client.post(get("admin:password_change"), {"old_password": make.PASSWORD, **new})


def authenticator_replaced(client: Client) -> object:
    user = make.staff()
    device = make.authenticator(user)
    make.logged_in(user, client)
    new = door.offered(client.get(get("admin:second_step_replace")))
    codes = {"code": door.code_of(new), "proof": door.code_of(device)}
    return client.post(get("admin:second_step_replace"), codes)


def recovery_codes_made(client: Client) -> object:
    user = make.staff()
    device = make.authenticator(user)
    make.logged_in(user, client)
    return client.post(get("admin:second_step_codes"), {"proof": door.code_of(device)})


def passkey_added(client: Client) -> object:
    user = make.staff()
    device = make.authenticator(user)
    make.logged_in(user, client)
    page = client.post(get("admin:passkey_add"), {"name": "Laptop", "proof": door.code_of(device)})
    return client.post(get("admin:passkey_add"), {"made": soft.Soft().made(soft.options_of(page, "made"))})


def passkey_changed(page: str) -> Visit:
    def visit(client: Client) -> object:
        user = make.staff()
        device, passkey = make.authenticator(user), make.passkey(user)
        make.logged_in(user, client)
        sent = {"name": "Laptop", "proof": door.code_of(device)}
        return client.post(get(f"admin:passkey_{page}", passkey.pk), sent)

    return visit


def sessions_ended(client: Client) -> object:
    """One's other session is ended from here."""
    user = make.staff()
    make.logged_in(user)
    make.logged_in(user, client)
    return client.post(get("admin:sessions_end"), {"password": make.PASSWORD})


def colleagues_sessions_ended(client: Client) -> object:
    make.logged_in(make.staff(Role.ADMIN), client)
    return client.post(get("admin:sessions_of", make.staff().pk), {"why": "suspicion"})


def status_of(client: Client, status: Status = Status.QUEUED) -> PhoneChangeRequest:
    case = cases.in_state(status)
    walk.look_up(client, case)
    return case


def status_proved(client: Client, status: Status = Status.QUEUED) -> PhoneChangeRequest:
    case = cases.in_state(status)
    client.get(walk.private(case))
    return case


def rested() -> PhoneChangeRequest:
    """A request to whose number another code may be sent."""
    return cases.queued(at=timezone.now() - settings.CODE_PAUSE)


def proving(client: Client) -> object:
    case = rested()
    walk.look_up(client, case)
    changes.send_proof(request=case)
    return client.post(walk.address("proof"), {"code": cases.code_of(case)})


def codes_kept(client: Client) -> object:
    enrolled(client)
    return client.post(get("admin:login_codes"))


def coded_again(client: Client) -> object:
    user = make.staff()
    case = cases.submitted(by=user)
    make.logged_in(user, client)
    return client.post(get("admin:verification_counter_resend", case.reference))


def another_code(client: Client) -> object:
    with walk.clock() as passes:
        walk.to_code(client, make.peserta())
        passes(settings.CODE_PAUSE)
        return client.post(walk.address("code_again"))


def code_form(client: Client) -> object:
    user = make.staff()
    case = cases.submitted(by=user)
    return make.logged_in(user, client).get(get("admin:verification_counter_code", case.reference))


def receipt_of_a_message(client: Client) -> object:
    """A gateway tells that a message has arrived."""
    message = receipts.sent_message()
    with override_settings(SMS_RECEIPT_KEY=receipts.KEY.encode()):
        return receipts.tell(client, message.provider_id)
