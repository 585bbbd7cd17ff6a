"""Two officers prove at a terminal who they are; everything that is not two persons with codes is refused."""

import warnings
from collections.abc import Callable, Iterable
from getpass import GetPassWarning

import pytest
from django.utils import timezone

from jknoffice.accounts import officers
from jknoffice.accounts.login import attempts, factors, password, recovery
from jknoffice.accounts.models import RecoveryCode, User
from jknoffice.accounts.roles import RIGHTS, Role
from jknoffice.audit.models import AuditLog
from jknoffice.refusal import Refusal
from tests import make
from tests.accounts.door import code_of
from tests.accounts.typed import answers

pytestmark = pytest.mark.django_db(transaction=True)
RIGHTFUL = [role for role in Role if officers.SHRED in RIGHTS[role].permissions]


def prove(one: User, two: User, typed: Iterable[str]) -> tuple[User, User]:
    left = iter(typed)
    return officers.prove_two(
        first=one.username,
        second=two.username,
        permission=officers.SHRED,
        at=timezone.now(),
        ask=lambda _prompt: next(left),
    )


def refusals() -> list[tuple[str, str, str]]:
    return list(AuditLog.objects.order_by("id").values_list("action", "actor", "reason"))


@pytest.mark.parametrize("role", RIGHTFUL)
def test_two_persons_with_password_and_code_are_believed(role: Role) -> None:
    one, two = make.staff(Role.AUDITOR), make.staff(role)
    assert prove(one, two, [*answers(one), *answers(two)]) == (one, two)
    assert refusals() == []


def test_each_is_asked_by_name_for_password_and_code() -> None:
    one, two = make.staff(Role.AUDITOR, username="ani"), make.staff(Role.ADMIN, username="budi")
    typed, asked = iter([*answers(one), *answers(two)]), []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return next(typed)

    officers.prove_two(first="ani", second="budi", permission=officers.SHRED, at=timezone.now(), ask=ask)
    assert asked == [f"{what} of {name}: " for name in ("ani", "budi") for what in ("Password", "Authenticator code")]


@pytest.mark.parametrize("role", [role for role in Role if role not in RIGHTFUL])
def test_other_roles_are_refused(role: Role) -> None:
    one, two = make.staff(Role.AUDITOR), make.staff(role)
    with pytest.raises(officers.NotAnOfficer):
        prove(one, two, [*answers(one), *answers(two)])
    assert refusals() == [("account.officer_refused", two.username, "not_an_officer")]


def test_two_accounts_of_one_person_are_refused() -> None:
    one, two = (make.staff(role, nik="3171011705900001") for role in (Role.AUDITOR, Role.ADMIN))
    with pytest.raises(officers.SamePerson):
        prove(one, two, [*answers(one), *answers(two)])
    assert refusals() == [("account.officer_refused", two.username, "same_person")]


def test_one_account_twice_is_refused() -> None:
    one = make.staff(Role.AUDITOR)
    with pytest.raises(officers.SamePerson):
        prove(one, one, [*answers(one), make.PASSWORD])


Wrong = Callable[[User], list[str]]


@pytest.mark.parametrize(
    ("wrong", "refusal", "entry"),
    [
        (lambda _user: ["not the password"], password.LoginRefused, ("account.login_refused", "password")),
        (lambda _user: [make.PASSWORD, "000000"], factors.WrongCode, ("account.login_refused", "second_factor")),
        (
            lambda _user: [make.PASSWORD, "no code"],
            officers.OnlyAuthenticator,
            ("account.officer_refused", "only_authenticator"),
        ),
    ],
    ids=["password", "code", "no code"],
)
def test_what_is_wrong_is_recorded_and_counted(wrong: Wrong, refusal: type[Refusal], entry: tuple[str, str]) -> None:
    one, two = make.staff(Role.AUDITOR), make.staff(Role.AUDITOR)
    make.authenticator(two)
    with pytest.raises(refusal):
        prove(one, two, [*answers(one), *wrong(two)])
    assert [(action, reason) for action, _actor, reason in refusals()] == [entry]
    for _attempt in range(20):
        with pytest.raises((refusal, attempts.TooManyAttempts)) as last:
            prove(two, one, wrong(two))
    assert last.type is attempts.TooManyAttempts


def test_a_code_counts_once() -> None:
    one, two = make.staff(Role.AUDITOR), make.staff(Role.AUDITOR)
    typed = answers(one)
    prove(one, two, [*typed, *answers(two)])
    with pytest.raises(factors.UsedCode):
        prove(one, two, typed)


def test_a_recovery_code_is_refused_and_stays_unused() -> None:
    one, two = make.staff(Role.AUDITOR), make.staff(Role.AUDITOR)
    make.authenticator(one)
    [code, *_others] = recovery.new_codes(one)
    with pytest.raises(officers.OnlyAuthenticator):
        prove(one, two, [make.PASSWORD, code])
    assert RecoveryCode.objects.filter(user=one, used_at=None).count() == 10


def test_somebody_who_has_left_is_refused() -> None:
    one, two = make.staff(Role.AUDITOR, is_active=False), make.staff(Role.AUDITOR)
    with pytest.raises(password.LoginRefused):
        prove(one, two, answers(one))
    assert refusals() == [("account.login_refused", "login", "inactive")]


def test_somebody_without_an_authenticator_is_refused() -> None:
    one, two = make.staff(Role.AUDITOR), make.staff(Role.AUDITOR)
    other = make.authenticator(two)
    with pytest.raises(factors.WrongCode):
        prove(one, two, [make.PASSWORD, code_of(other)])


@pytest.mark.parametrize("text", ["nul \0", "surrogate \udcff"], ids=["nul", "surrogate"])
def test_what_no_database_can_hold_is_a_wrong_password(text: str) -> None:
    one, two = make.staff(Role.AUDITOR), make.staff(Role.AUDITOR)
    with pytest.raises(password.LoginRefused):
        prove(one, two, [text])


def test_without_a_terminal_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(_prompt: str) -> str:
        warnings.warn("Can not control echo on the terminal.", GetPassWarning, stacklevel=1)
        return "read from a pipe"

    monkeypatch.setattr("getpass.getpass", shown)
    with pytest.raises(officers.NoTerminal):
        officers.typed_unseen("Password: ")
