"""Every address of the product, and the entries that asking for it leaves: these, and no others.

A new address needs a line for GET and one for POST: in `RECORDED` with a visit and the actions of its entries, in
`SILENT` with the reason why there is nothing to record, or in `NOT_ALLOWED`. What lacks one is named by
`test_every_address_stands_here`. A name alone stands for both.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from jknoffice.accounts.roles import Role
from jknoffice.audit.refusals import is_refusal
from tests import cases, make
from tests.accounts import door
from tests.audit.writers import accounts, staff, visits
from tests.audit.writers.visits import Visit, auditor, case_of, get, holding
from tests.audit.writers.watching import Watching
from tests.participants.uploads import journey
from tests.verification.api import partner
from tests.verification.portal import walk
from verification.desk.views.steps import STEPS
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)

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
    "admin:autocomplete": "for no model",
    "admin:password_change_done": "says what has just been recorded",
    "GET admin:login_codes": "says what has just been recorded",
    "GET admin:login_link": "leads to the page of all links; one that does not work is recorded (tests/accounts/life)",
    "GET admin:login_join": "a form; a link that does not work is recorded (tests/accounts/life)",
    "GET admin:staff_invite": "a form",
    "GET admin:staff_waiting": "what waits for a second administrator, without participants",
    "GET admin:sessions": "one's own sessions",
    "GET admin:second_step": "one's own authenticator",
    "admin:sessions_left": "how long one's own session still lasts",
    "GET admin:sessions_of": "how many sessions of a colleague are open",
    **dict.fromkeys(["GET admin:audit_auditlog_changelist", "GET admin:audit_entries"], "entries without values"),
    "GET admin:audit_auditlog_change": "one entry without personal values",
    "GET admin:participants_peserta_results": "shows what the search has recorded",
    "GET admin:verification_queue": "references without participants",
    "GET admin:alarms_alarm_changelist": "no participant",
    "GET admin:verification_letters": "references without participants",
    "GET admin:verification_phonechangerequest_changelist": "leads to the queue",
    "GET admin:verification_phonechangerequest_change": "leads to the case",
    **dict.fromkeys(["portal:start", "portal:leave", "portal:data", "portal:ktp", "portal:card"], "one's own draft"),
    "portal:done": "shows the reference that one has just got",
    **dict.fromkeys(["GET portal:check", "GET portal:code", "GET portal:code_again"], "one's own draft"),
    **dict.fromkeys(["GET portal:status", "GET portal:cancel", "GET portal:resend"], "a form"),
    **dict.fromkeys(["GET portal:proof", "GET portal:proof_send"], "a form"),
    **dict.fromkeys(["GET portal:private", "POST portal:private"], "leads to the status page, which is recorded"),
    **dict.fromkeys(["portal:save", "portal:resume"], "one's own draft"),
    "GET portal:not_me": "a form",
    "portal:objected": "says what has just been recorded",
    "POST portal:case": "the same as by GET, which is recorded",
    **accounts.SILENT,
    **dict.fromkeys(["api:api-root", "api:openapi-json", "api_guide"], "no data"),
    **{f"GET api:{name}": "by POST only" for name in ("start", "code", "code_again", "photo", "withdraw")},
    "POST api:standing": "by GET only",
    "demo:sms": "in development only",
    "GET sms_receipt": "by POST only",
    **dict.fromkeys(["healthz", "readyz", "metrics", "icon", "set_language"], "no data"),
    **{
        f"GET admin:{name}": "a form"
        for name in """
        login login_verify login_enrol password_change sessions_end second_step_replace second_step_codes
        passkey_add passkey_rename passkey_remove
        audit_export audit_question_save audit_question
        participants_peserta_changelist participants_upload verification_counter verification_glass
        """.split()
    },
}
NOT_GET = """
staff_link staff_unlink staff_move staff_suspend staff_lift staff_leave staff_void staff_reset staff_release
staff_confirm staff_withdraw staff_rights_file
logout audit_reveal audit_search audit_question_delete participants_peserta_more participants_peserta_reveal
participants_peserta_copied participants_upload_columns participants_upload_confirm participants_upload_discard
verification_take_next verification_assign verification_counter_resend verification_copied verification_keep
verification_send_letters verification_reading alarms_alarm_seen alarms_alarm_handled
""".split()
NOT_POST = """
staff_waiting staff_rights login_link
sessions second_step audit_auditlog_changelist audit_entries audit_auditlog_change audit_trail audit_lookers audit_proof
participants_upload_show participants_upload_report
participants_peserta_results participants_peserta_person participants_peserta_family participants_peserta_number
verification_queue verification_phonechangerequest_changelist verification_phonechangerequest_change
verification_case verification_receipt verification_sheet verification_document verification_same_photos
verification_figures verification_figures_cases verification_figures_looks verification_letters
alarms_alarm_changelist alarms_alarm_change
""".split()
NOT_ALLOWED = {
    *(f"GET admin:{name}" for name in NOT_GET),
    *(f"GET admin:verification_{step}" for step in STEPS),
    *(f"POST admin:{name}" for name in NOT_POST),
}

RECORDED: dict[str, tuple[Visit, list[str]]] = {
    "POST api:start": (partner.begun, ["request.submitted"]),
    "GET api:standing": (partner.looks, ["request.status_viewed"]),
    "POST api:code": (partner.confirms, ["request.confirmed"]),
    "POST api:code_again": (lambda c: partner.posts(c, "code/again"), ["request.code_refused"]),
    "POST api:photo": (partner.sends_photo, ["request.corrected"]),
    "POST api:withdraw": (lambda c: partner.posts(c, "withdraw"), ["request.cancelled"]),
    "POST admin:login": (lambda c: door.give_password(c, make.staff(), "wrong"), ["account.login_refused"]),
    "POST admin:login_verify": (visits.with_code, ["account.login"]),
    "POST admin:login_enrol": (visits.enrolled, ["account.second_factor_added"]),
    "POST admin:login_codes": (visits.codes_kept, ["account.login"]),
    "POST admin:logout": (lambda c: make.logged_in(make.staff(), c).post("/admin/logout/"), ["account.logout"]),
    "POST admin:password_change": (visits.password_changed, ["account.password_changed"]),
    "POST admin:second_step_replace": (visits.authenticator_replaced, ["account.second_factor_replaced"]),
    "POST admin:second_step_codes": (visits.recovery_codes_made, ["account.recovery_codes_made"]),
    "POST admin:passkey_add": (visits.passkey_added, ["account.second_factor_added"]),
    "POST admin:passkey_rename": (visits.passkey_changed("rename"), ["account.passkey_renamed"]),
    "POST admin:passkey_remove": (visits.passkey_changed("remove"), ["account.second_factor_removed"]),
    "POST admin:sessions_end": (visits.sessions_ended, ["account.sessions_ended"]),
    **{f"POST admin:{name}": line for name, line in staff.RECORDED.items()},
    "GET admin:staff_rights": (staff.auditor_looks, ["account.rights_viewed"]),
    "POST admin:sessions_of": (visits.colleagues_sessions_ended, ["account.sessions_ended"]),
    "GET admin:audit_trail": (
        lambda c: auditor(c) and c.get(get("admin:audit_trail", make.peserta().uuid)),
        ["audit.read"],
    ),
    "POST admin:audit_reveal": (
        lambda c: c.post(get("admin:audit_reveal", auditor(c)), {"why": "complaint"}),
        ["audit.revealed"],
    ),
    "POST admin:audit_search": (
        lambda c: auditor(c) and c.post(get("admin:audit_search"), {"text": "0" * 16}),
        ["audit.searched"],
    ),
    "GET admin:audit_lookers": (
        lambda c: auditor(c) and c.get(get("admin:audit_lookers", make.peserta().uuid)),
        ["audit.lookers_read"],
    ),
    "GET admin:audit_proof": (visits.proof, ["audit.proof_taken"]),
    "POST admin:audit_export": (visits.exported, ["audit.exported"]),
    "POST admin:audit_question_save": (visits.saved_question, ["audit.question_saved"]),
    "POST admin:audit_question": (visits.question_changed("question"), ["audit.question_renamed"]),
    "POST admin:audit_question_delete": (visits.question_changed("question_delete"), ["audit.question_deleted"]),
    "POST admin:participants_upload": (visits.uploading(lambda _client, upload: upload), ["import.uploaded"]),
    "GET admin:participants_upload_show": (
        visits.uploading(lambda c, upload: c.get(journey.page("show", upload))),
        ["import.previewed"],
    ),
    "POST admin:participants_upload_columns": (
        visits.uploading(journey.choose),
        ["import.columns_chosen", "import.check_ordered"],
    ),
    "POST admin:participants_upload_confirm": (
        visits.uploading(journey.confirm, ready=journey.checked),
        ["import.confirmed"],
    ),
    "POST admin:participants_upload_discard": (
        visits.uploading(lambda c, upload: c.post(journey.page("discard", upload))),
        ["import.upload_removed"],
    ),
    "GET admin:participants_upload_report": (
        visits.uploading(journey.download, ready=lambda c: journey.checked(c, journey.text_of({"nik": "1"}))),
        ["import.report_downloaded"],
    ),
    "POST admin:participants_peserta_changelist": (visits.searched, ["peserta.searched"]),
    "POST admin:participants_peserta_more": (visits.more, ["peserta.searched"]),
    "GET admin:participants_peserta_person": (visits.staff_page("person"), ["peserta.viewed"]),
    "POST admin:participants_peserta_reveal": (
        visits.staff_page("reveal", "post", why="on_the_line", field="nik"),
        ["peserta.revealed"],
    ),
    "POST admin:participants_peserta_copied": (
        visits.staff_page("copied", "post", field="nik"),
        ["peserta.value_copied"],
    ),
    "GET admin:participants_peserta_family": (visits.staff_page("family"), ["peserta.family_viewed"]),
    "GET admin:participants_peserta_number": (visits.staff_page("number"), ["peserta.number_viewed"]),
    "POST admin:verification_take_next": (
        lambda c: case_of(c) and c.post(get("admin:verification_take_next")),
        ["request.claimed"],
    ),
    "POST admin:verification_assign": (visits.assigned, ["request.released"]),
    "POST admin:verification_reading": (visits.reading_corrected, ["document.reading_corrected"]),
    "POST admin:verification_send_letters": (visits.letters_sent, ["message.tried_anew"]),
    "GET admin:verification_figures": (visits.supervisor_page("figures"), ["desk.figures_viewed"]),
    "GET admin:verification_figures_cases": (
        visits.supervisor_page("figures_cases", "?figure=closed"),
        ["desk.figures_viewed"],
    ),
    "GET admin:verification_figures_looks": (
        visits.supervisor_page("figures_looks", "?actor=x"),
        ["desk.figures_viewed"],
    ),
    "GET admin:verification_case": (
        lambda c: c.get(get("admin:verification_case", holding(c).reference)),
        ["request.viewed"],
    ),
    "GET admin:verification_receipt": (
        lambda c: c.get(get("admin:verification_receipt", holding(c).reference)),
        ["request.receipt_printed"],
    ),
    "GET admin:verification_sheet": (
        lambda c: c.get(get("admin:verification_sheet", holding(c).reference)),
        ["request.printed"],
    ),
    "GET admin:verification_same_photos": (
        lambda c: c.get(get("admin:verification_same_photos", holding(c).reference)),
        ["request.copies_viewed"],
    ),
    "POST admin:verification_copied": (
        lambda c: c.post(get("admin:verification_copied", holding(c).reference), {"field": "nik"}),
        ["request.value_copied"],
    ),
    "POST admin:verification_keep": (
        lambda c: c.post(get("admin:verification_keep", holding(c).reference)),
        ["request.claim_kept"],
    ),
    "GET admin:verification_document": (
        lambda c: c.get(get("admin:verification_document", holding(c).documents.earliest("pk").pk)),
        ["document.viewed"],
    ),
    "POST admin:verification_glass": (visits.glass_broken, ["request.glass_broken"]),
    "POST admin:verification_counter": (visits.counter, ["request.submitted"]),
    "GET admin:verification_counter_code": (visits.code_form, ["request.viewed"]),
    "POST admin:verification_counter_code": (visits.coded, ["request.confirmed"]),
    "POST admin:verification_counter_resend": (visits.coded_again, ["message.expired", "request.code_asked"]),
    **{f"POST admin:verification_{step}": (visits.stepped(step), [STEPS[step].event]) for step in STEPS},
    "POST admin:verification_reverse": (visits.stepped("reverse"), ["request.reversed", "peserta.phone_changed"]),
    "GET admin:alarms_alarm_change": (visits.alarm("change", "get"), ["alarm.viewed"]),
    "POST admin:alarms_alarm_seen": (visits.alarm("seen"), ["alarm.seen"]),
    "POST admin:alarms_alarm_handled": (visits.alarm("handled", note="?"), ["alarm.seen", "alarm.handled"]),
    "POST sms_receipt": (visits.receipt_of_a_message, ["message.delivered"]),
    **accounts.RECORDED,
    "POST portal:check": (lambda c: walk.to_code(c, make.peserta()), ["request.submitted"]),
    "POST portal:code": (lambda c: walk.to_code(c, make.peserta()) and walk.give_code(c), ["request.confirmed"]),
    "POST portal:code_again": (visits.another_code, ["message.expired", "request.code_asked"]),
    "POST portal:status": (
        lambda c: walk.look_up(c, cases.queued(), birth_date="01-01-1950"),
        ["request.status_refused"],
    ),
    "POST portal:proof": (visits.proving, ["request.proved"]),
    "POST portal:proof_send": (
        lambda c: walk.look_up(c, visits.rested()) and c.post(walk.address("proof_send")),
        ["message.expired", "request.code_asked"],
    ),
    "POST portal:not_me": (
        lambda c: c.post(walk.not_me(cases.in_state(Status.ON_HOLD))),
        ["request.frozen"],
    ),
    "GET portal:case": (visits.status_of, ["request.status_viewed"]),
    "POST portal:cancel": (
        lambda c: visits.status_proved(c) and c.post(walk.address("cancel")),
        ["request.cancelled"],
    ),
    "POST portal:resend": (
        lambda c: visits.status_proved(c, Status.NEEDS_INFO) and walk.give_photo(c, "resend"),
        ["request.corrected"],
    ),
}


def addresses(resolver: Any = None, space: str = "") -> Iterator[str]:
    """The names of all addresses, with their name spaces."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}"


def both_ways(lines: Any) -> list[str]:
    """Lines with their way each: a name alone stands for two."""
    return [way for line in lines for way in ([line] if " " in line else [f"GET {line}", f"POST {line}"])]


def test_every_address_stands_here() -> None:
    stands = [*both_ways(RECORDED), *both_ways(SILENT), *NOT_ALLOWED]
    assert sorted(stands) == sorted(both_ways(set(addresses())))


@pytest.mark.parametrize("line", RECORDED)
def test_asking_for_an_address_leaves_its_entries(line: str) -> None:
    visit, actions = RECORDED[line]
    client = Watching()
    visit(client)
    assert client.actions_of(line) == actions


ANY = {
    "reference": "AAAAAAAA",
    "subject": "00000000-0000-4000-8000-000000000000",
    "search_id": "x",
    "upload": "00000000-0000-4000-8000-000000000000",
    "name": "rejects",
    "pk": 1,
    "object_id": "1",
    "secret": "x",
}


def address_of(name: str, values: dict[str, Any]) -> str:
    """The address, with what it needs of `values`."""
    (form, *_others), *_ = get_resolver().namespace_dict["admin"][1].reverse_dict.getlist(name.removeprefix("admin:"))
    return reverse(name, kwargs={each: values[each] for each in form[0][1]})


@pytest.mark.parametrize("line", sorted(NOT_ALLOWED))
def test_an_address_that_is_asked_for_in_the_other_way_is_not_there(line: str) -> None:
    way, name = line.split()
    address = address_of(name, ANY)
    answers = {make.logged_in(make.staff(role), Client()).generic(way, address).status_code for role in Role}
    assert 405 in answers
    assert answers <= {403, 405}


OURS = [
    line
    for line in [*RECORDED, *both_ways(SILENT)]
    if line.partition("admin:")[2].startswith(("alarms_", "audit_", "participants_peserta_", "verification_"))
    and line.split()[1] not in SILENT
]


def somebody_elses(name: str) -> dict[str, Any]:
    """What stands at an address, of another branch and by other people."""
    case = cases.queued()
    if name.endswith("document"):
        pk = case.documents.earliest("pk").pk
    elif "question" in name:
        pk = visits.saved_question(Client()).pk
    elif name.startswith("alarms_"):
        pk = visits.raised().pk
    elif "phonechangerequest" in name:
        pk = case.pk
    else:
        pk = visits.auditor(Client())
    return ANY | {"reference": case.reference, "subject": make.peserta().uuid, "pk": pk, "object_id": str(pk)}


NOT_THERE = {
    "GET admin:verification_figures_cases": "without a query it names no figure",
    "POST admin:participants_peserta_more": "a search that nobody made",
    "GET admin:participants_peserta_results": "a search that nobody made",
}


def refusal_of(name: str) -> set[str]:
    """How the log calls a refusal at this address."""
    if name.startswith("verification_"):
        return {"request.refused"}
    if name.startswith("participants_"):
        return {"peserta.view_refused", "peserta.search_refused"}
    if name.startswith("alarms_"):
        return {"alarm.refused"}
    if "question" in name:
        return {"audit.question_refused"}
    return {"audit.entry_refused", "audit.lookers_refused", "audit.search_refused", "audit.export_refused"}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("line", OURS)
def test_who_is_refused_an_address_leaves_one_entry_about_it(line: str, role: Role) -> None:
    way, _, name = line.partition(" admin:")
    values = somebody_elses(name)
    client = Watching()
    make.logged_in(make.staff(role), client)
    answer = client.generic(way, address_of(f"admin:{name}", values))
    refusals = [action for action in client.actions_of(line) if is_refusal(action)]
    if answer.status_code == 403 or (answer.status_code == 404 and line not in NOT_THERE):
        (refusal,) = refusals
        assert refusal in refusal_of(name)
    else:
        assert refusals == []
