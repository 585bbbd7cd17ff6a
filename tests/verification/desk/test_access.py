"""Who reaches what at the desk: every address × every kind of staff, written out by hand."""

import pytest
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import cases, make
from verification.desk.views.steps import STEPS
from verification.models import PhoneChangeRequest

pytestmark = pytest.mark.django_db

WORKERS = ("operator", "supervisor", "supervisor of the region")
ABROAD = ("operator of another branch", "supervisor of another region")
OTHERS = ("auditor", "data admin", "admin")


def somebody(kind: str, home: Branch) -> User:
    next_door = make.branch(region=home.region)
    return {
        "operator": lambda: make.staff(branch=home),
        "supervisor": lambda: make.staff(Role.SUPERVISOR, branch=home),
        "supervisor of the region": lambda: make.staff(Role.SUPERVISOR, branch=next_door),
        "operator of another branch": lambda: make.staff(branch=next_door),
        "supervisor of another region": lambda: make.staff(Role.SUPERVISOR),
        "auditor": lambda: make.staff(Role.AUDITOR),
        "data admin": lambda: make.staff(Role.DATA_ADMIN),
        "admin": lambda: make.staff(Role.ADMIN),
    }[kind]()


def addresses(case: PhoneChangeRequest) -> dict[str, tuple[str, str]]:
    """Method and path by name: every address of the desk."""
    reference = case.reference
    document = case.documents.earliest("pk").pk
    steps = {f"step {step}": ("post", reverse(f"admin:verification_{step}", args=[reference])) for step in STEPS}
    return {
        "queue": ("get", reverse("admin:verification_queue")),
        "take next": ("post", reverse("admin:verification_take_next")),
        "assign": ("post", reverse("admin:verification_assign")),
        "figures": ("get", reverse("admin:verification_figures")),
        "figures cases": ("get", reverse("admin:verification_figures_cases") + "?figure=closed"),
        "case": ("get", reverse("admin:verification_case", args=[reference])),
        "document": ("get", reverse("admin:verification_document", args=[document])),
        "counter": ("get", reverse("admin:verification_counter")),
        "counter sent": ("post", reverse("admin:verification_counter")),
        "code": ("get", reverse("admin:verification_counter_code", args=[reference])),
        "code sent": ("post", reverse("admin:verification_counter_code", args=[reference])),
        "resend": ("post", reverse("admin:verification_counter_resend", args=[reference])),
        "changelist": ("get", reverse("admin:verification_phonechangerequest_changelist")),
        "change": ("get", reverse("admin:verification_phonechangerequest_change", args=[case.pk])),
        **steps,
    }


_ENTERING = {"counter": 200, "counter sent": 200, "code": 200, "code sent": 200, "resend": 302}
_GOING_ON = {"take next": 302, "changelist": 302, "change": 302, **{f"step {step}": 409 for step in STEPS}}
_SUPERVISING = {"assign": 302, "figures": 200, "figures cases": 200}
_NO_SUPERVISING = dict.fromkeys(_SUPERVISING, 403)
_SEEING = {"queue": 200, "case": 200, "document": 403}
_EVERYTHING = _ENTERING | _GOING_ON | _SEEING | _SUPERVISING
_OF_THE_CASE = {"case", "document", "code", "code sent", "resend", "change"} | {f"step {step}" for step in STEPS}

EXPECTED: dict[str, dict[str, int]] = {
    "operator": _EVERYTHING | {"step cancel": 302} | _NO_SUPERVISING,
    "supervisor": _EVERYTHING | dict.fromkeys(_ENTERING, 403),
    "supervisor of the region": _EVERYTHING | dict.fromkeys(_ENTERING, 403),
    "operator of another branch": _EVERYTHING | _NO_SUPERVISING | dict.fromkeys(_OF_THE_CASE, 404),
    "supervisor of another region": _EVERYTHING | dict.fromkeys(_OF_THE_CASE, 404) | dict.fromkeys(_ENTERING, 403),
    "auditor": dict.fromkeys(_EVERYTHING, 403),
    "data admin": dict.fromkeys(_EVERYTHING, 403),
    "admin": dict.fromkeys(_EVERYTHING, 403),
}


def counter_case() -> tuple[PhoneChangeRequest, User, Branch]:
    """A case, who entered it, and where."""
    home = make.branch()
    user = make.staff(branch=home)
    return cases.submitted(by=user), user, home


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("name", _EVERYTHING)
def test_this_kind_of_staff_gets_this_answer(kind: str, name: str) -> None:
    case, _, home = counter_case()
    client = make.logged_in(somebody(kind, home))
    method, path = addresses(case)[name]
    assert getattr(client, method)(path).status_code == EXPECTED[kind][name]


def test_every_address_of_the_desk_is_in_the_table() -> None:
    assert set(addresses(counter_case()[0])) == set(_EVERYTHING)


@pytest.mark.parametrize("name", _EVERYTHING)
def test_before_the_second_step_there_is_only_the_log_in(name: str) -> None:
    case, user, _ = counter_case()
    method, path = addresses(case)[name]
    client = Client()
    client.force_login(user)
    for visitor in (Client(), client):
        answer = getattr(visitor, method)(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("admin:login"))


@pytest.mark.parametrize("name", _EVERYTHING)
def test_only_the_methods_that_an_address_knows_are_answered(name: str) -> None:
    case, user, _ = counter_case()
    supervising = name.startswith("figures")
    client = make.logged_in(make.staff(Role.SUPERVISOR, branch=user.branch) if supervising else user)
    _, path = addresses(case)[name]
    known = {
        "get": {"queue", "figures", "figures cases", "case", "document", "counter", "code", "changelist", "change"},
        "head": {"queue", "figures", "figures cases", "counter", "changelist", "change"},
        "post": {"take next", "assign", "counter", "code", "resend", *(f"step {step}" for step in STEPS)},
    }
    plain = name.removesuffix(" sent")
    for method in ("get", "head", "post", "put", "patch", "delete", "options"):
        answered = getattr(client, method)(path).status_code != 405
        assert answered == (plain in known.get(method, set())), method


@pytest.mark.parametrize("kind", [*ABROAD, *OTHERS])
def test_a_refused_look_is_recorded_with_its_reason(kind: str) -> None:
    case, _, home = counter_case()
    user = somebody(kind, home)
    make.logged_in(user).get(reverse("admin:verification_case", args=[case.reference]))
    entry = AuditLog.objects.get(actor=user.username, action="request.refused")
    assert entry.reason == ("out_of_reach" if kind in ABROAD else "no_permission")
    assert (entry.object_id == str(case.pk)) == (kind in ABROAD)


@pytest.mark.parametrize("reference", ["AAAAAAAAA", "x", "%00", "7M2-XWM-C8J", "é" * 9, "9" * 500])
def test_a_reference_that_is_none_finds_nothing(reference: str) -> None:
    client = make.logged_in(make.staff())
    assert client.get(f"/admin/verification/case/{reference}/").status_code == 404


@pytest.mark.parametrize("pk", ["0", "99999999", "9" * 30, "9" * 5000])
def test_a_row_that_is_not_there_finds_nothing(pk: str) -> None:
    client = make.logged_in(make.staff())
    assert client.get(f"/admin/verification/document/{pk}/").status_code == 404
    assert client.get(f"/admin/verification/phonechangerequest/{pk}/change/").status_code == 404


def test_django_adds_changes_and_deletes_no_request() -> None:
    case, user, _ = counter_case()
    client = make.logged_in(user)
    for rest in ("add/", f"{case.pk}/delete/", f"{case.pk}/history/"):
        assert client.get(f"/admin/verification/phonechangerequest/{rest}").status_code == 404
