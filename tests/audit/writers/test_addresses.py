"""Every address of the product, and the entry that asking for it leaves.

A new address needs a line: in `RECORDED` with a visit and the action of its entry, or in `SILENT` with the reason why
there is nothing to record. `test_every_address_stands_here` names what lacks one.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog, AuditQuestion
from jknoffice.audit.sealing import sealer
from tests import cases, make
from tests.accounts import door
from tests.audit.entries import write
from tests.participants import visits
from tests.verification.desk.test_counter import send
from tests.verification.desk.test_steps import FORMS, PATHS, post
from tests.verification.portal import walk
from verification import changes
from verification.desk.views.steps import STEPS
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)

Visit: TypeAlias = Callable[[Client], object]

# Django's pages of tables: no role may add, change or delete there (`accounts/roles.py`); accounts, branches and
# imports are shown to their administrators, without what is personal to participants.
MODELS = """
accounts_user accounts_branch participants_importbatch auth_group otp_totp_totpdevice procrastinate_procrastinatejob
""".split()
_DJANGO = {f"admin:{model}_{page}" for model in MODELS for page in ("changelist", "change", "add", "delete", "history")}
SILENT = {
    **dict.fromkeys(_DJANGO, "tables without participants, and no way to change them"),
    **dict.fromkeys(["admin:otp_totp_totpdevice_config", "admin:otp_totp_totpdevice_qrcode"], "for no role"),
    **dict.fromkeys(["admin:audit_auditlog_add", "admin:audit_auditlog_delete"], "for no role"),
    **dict.fromkeys(["admin:index", "admin:app_list", "admin:jsi18n", "admin:None"], "no data"),
    **dict.fromkeys(["admin:autocomplete", "admin:view_on_site"], "for no model"),
    **dict.fromkeys(["admin:password_change_done", "admin:login_codes"], "says what has just been recorded"),
    **dict.fromkeys(["admin:audit_auditlog_changelist", "admin:audit_entries"], "entries without personal values"),
    "admin:audit_auditlog_change": "one entry without personal values",
    "admin:audit_trail": "entries without personal values",
    "admin:participants_peserta_results": "shows what the search has recorded",
    "admin:verification_queue": "references without participants",
    "admin:verification_phonechangerequest_changelist": "leads to the queue",
    "admin:verification_phonechangerequest_change": "leads to the case",
    **dict.fromkeys(
        ["portal:start", "portal:leave", "portal:data", "portal:ktp", "portal:card"], "a draft of one's own"
    ),
    "portal:done": "shows the reference that one has just got",
    "portal:code_again": "the message leaves its entry when it goes out",
    "admin:verification_counter_resend": "the message leaves its entry when it goes out",
    "demo:sms": "in development only",
    **dict.fromkeys(["healthz", "readyz", "icon", "set_language"], "no data"),
}


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
    today = timezone.localdate().isoformat()
    data = {"since": f"{today}T00:00", "until": f"{today}T23:59", "why": "investigation"}
    return b"".join(client.post(get("admin:audit_export"), data))


def question(client: Client) -> int:
    user = make.staff(Role.AUDITOR)
    make.logged_in(user, client)
    client.post(get("admin:audit_question_save"), {"name": "Refusals", "refused": "on"})
    return int(user.pk)


def question_changed(page: str) -> Visit:
    def visit(client: Client) -> object:
        question(client)
        return client.post(get(f"admin:audit_{page}", AuditQuestion.objects.get().pk), {"name": "Other"})

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


def stepped(step: str) -> Visit:
    """The step of the desk, from the table of its own tests; a reversal needs somebody who asked for it."""
    if step == "reverse":
        return _reversed
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


def status_of(client: Client, status: Status = Status.QUEUED) -> PhoneChangeRequest:
    case = cases.in_state(status)
    walk.look_up(client, case)
    return case


RECORDED: dict[str, tuple[Visit, str]] = {
    "admin:login": (lambda c: door.give_password(c, make.staff(), "wrong"), "account.login_refused"),
    "admin:login_verify": (with_code, "account.login"),
    "admin:login_enrol": (enrolled, "account.second_factor_added"),
    "admin:logout": (lambda c: make.logged_in(make.staff(), c).post("/admin/logout/"), "account.logout"),
    "admin:password_change": (password_changed, "account.password_changed"),
    "admin:audit_reveal": (
        lambda c: c.post(get("admin:audit_reveal", auditor(c)), {"why": "complaint"}),
        "audit.revealed",
    ),
    "admin:audit_search": (
        lambda c: auditor(c) and c.post(get("admin:audit_search"), {"text": "0" * 16}),
        "audit.searched",
    ),
    "admin:audit_lookers": (
        lambda c: auditor(c) and c.get(get("admin:audit_lookers", make.peserta().uuid)),
        "audit.lookers_read",
    ),
    "admin:audit_proof": (proof, "audit.proof_taken"),
    "admin:audit_export": (exported, "audit.exported"),
    "admin:audit_question_save": (question, "audit.question_saved"),
    "admin:audit_question": (question_changed("question"), "audit.question_renamed"),
    "admin:audit_question_delete": (question_changed("question_delete"), "audit.question_deleted"),
    "admin:participants_peserta_changelist": (searched, "peserta.searched"),
    "admin:participants_peserta_more": (more, "peserta.searched"),
    "admin:participants_peserta_person": (staff_page("person"), "peserta.viewed"),
    "admin:participants_peserta_reveal": (staff_page("reveal", "post", why="on_the_line"), "peserta.revealed"),
    "admin:participants_peserta_family": (staff_page("family"), "peserta.family_viewed"),
    "admin:participants_peserta_number": (staff_page("number"), "peserta.number_viewed"),
    "admin:verification_take_next": (
        lambda c: case_of(c) and c.post(get("admin:verification_take_next")),
        "request.claimed",
    ),
    "admin:verification_assign": (assigned, "request.released"),
    "admin:verification_figures": (supervisor_page("figures"), "desk.figures_viewed"),
    "admin:verification_figures_cases": (supervisor_page("figures_cases", "?figure=closed"), "desk.figures_viewed"),
    "admin:verification_case": (
        lambda c: c.get(get("admin:verification_case", holding(c).reference)),
        "request.viewed",
    ),
    "admin:verification_document": (
        lambda c: c.get(get("admin:verification_document", holding(c).documents.earliest("pk").pk)),
        "document.viewed",
    ),
    "admin:verification_counter": (counter, "request.submitted"),
    "admin:verification_counter_code": (coded, "request.confirmed"),
    **{f"admin:verification_{step}": (stepped(step), STEPS[step].event) for step in STEPS},
    "portal:check": (lambda c: walk.to_code(c, make.peserta()), "request.submitted"),
    "portal:code": (lambda c: walk.to_code(c, make.peserta()) and walk.give_code(c), "request.confirmed"),
    "portal:status": (lambda c: walk.look_up(c, cases.queued(), birth_date="01-01-1950"), "request.status_refused"),
    "portal:case": (status_of, "request.status_viewed"),
    "portal:cancel": (lambda c: status_of(c) and c.post(walk.address("cancel")), "request.cancelled"),
    "portal:resend": (lambda c: status_of(c, Status.NEEDS_INFO) and walk.give_photo(c, "resend"), "request.corrected"),
}


def addresses(resolver: Any = None, space: str = "") -> Iterator[str]:
    """The names of all addresses, with their name spaces."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}"


def test_every_address_stands_here() -> None:
    assert set(addresses()) == {*RECORDED, *SILENT}


@pytest.mark.parametrize("name", RECORDED)
def test_asking_for_an_address_leaves_its_entry(name: str) -> None:
    visit, action = RECORDED[name]
    visit(walk.browser())
    assert action in set(AuditLog.objects.values_list("action", flat=True))
