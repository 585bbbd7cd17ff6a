"""`manage.py shred_subject`."""

import json
import uuid

import pytest

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit import shredding
from jknoffice.audit.models import AuditLog
from jknoffice.audit.sealing import sealer
from jknoffice.audit.values import State, closed_values
from jknoffice.audit.verify import whole
from tests import make
from tests.accounts.typed import answers, run
from tests.audit.entries import write

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """Two officers, and a person of whom the log holds a value."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.person = make.peserta()
        self.entry = write(subject=self.person.uuid, pii={"note": "SITI"})
        self.first, self.second = make.staff(Role.AUDITOR), make.staff(Role.ADMIN)
        self.proofs = [*answers(self.first), *answers(self.second)]
        self.word = str(self.person.uuid)[:8]

    def shred(self, *arguments: str, typed: list[str]) -> tuple[int, str, list[str]]:
        names = ("--first", self.first.username, "--second", self.second.username)
        return run(self.monkeypatch, typed, "shred_subject", *names, "--why", "lawful_request", *arguments)

    def state(self) -> State:
        return closed_values(self.entry)[0].state


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_two_officers_shred_and_both_stand_in_the_entry(desk: Desk) -> None:
    status, said, _asked = desk.shred(str(desk.person.uuid), typed=[*desk.proofs, desk.word])
    assert (status, desk.state()) == (0, State.SHREDDED), said
    assert "Lawful request of the person" in said
    told = AuditLog.objects.get(action=shredding.SHREDDED)
    assert (told.actor, told.subject, told.reason) == (desk.first.username, desk.person.uuid, "lawful_request")
    after = json.loads(told.entry)["after"]
    assert after == {"second": desk.second.username, "second_person": desk.second.person_id}
    sealer.seal_all()
    assert whole.verify().ok


def test_the_person_is_found_by_a_nik_that_is_asked_for_and_never_shown(desk: Desk) -> None:
    status, said, _asked = desk.shred(
        "--nik-asked", "--format", "json", typed=[*desk.proofs, desk.person.nik, desk.word]
    )
    assert (status, desk.state()) == (0, State.SHREDDED)
    told = json.loads(said.splitlines()[0])
    assert told == {"subject": str(desk.person.uuid), "why": "lawful_request", "keys_emptied": 1}
    assert desk.person.nik not in said
    assert AuditLog.objects.get(action="audit.searched").subject == desk.person.uuid


@pytest.mark.parametrize("typed", ["3171011705909999", "nul \0"], ids=["unknown", "nul"])
def test_an_unknown_identifier_shreds_nothing(desk: Desk, typed: str) -> None:
    assert desk.shred("--nik-asked", typed=[*desk.proofs, typed])[:2] == (1, "The log holds no values of this person.")


def test_a_person_of_whom_the_log_holds_nothing_is_told_and_recorded(desk: Desk) -> None:
    nobody = uuid.uuid4()
    status, said, _asked = desk.shred(str(nobody), typed=[*desk.proofs, str(nobody)[:8]])
    assert (status, said) == (1, "The log holds no values of this person.")
    refused = AuditLog.objects.get(action="audit.shred_refused")
    assert (refused.subject, refused.actor, refused.reason) == (nobody, desk.first.username, "no_values")


def test_without_the_word_that_is_shown_nothing_is_shredded(desk: Desk) -> None:
    status, said, _asked = desk.shred(str(desk.person.uuid), typed=[*desk.proofs, "yes"])
    assert (status, said, desk.state()) == (1, "Not confirmed: nothing was shredded.", State.CLOSED)
    assert AuditLog.objects.get(action="audit.shred_refused").reason == "not_confirmed"


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.DATA_ADMIN])
def test_who_works_with_the_data_cannot_shred(desk: Desk, role: Role) -> None:
    desk.second = make.staff(role)
    typed = [*desk.proofs[:2], *answers(desk.second), desk.word]
    assert desk.shred(str(desk.person.uuid), typed=typed)[:2] == (1, "Your role may not do this.")
    assert desk.state() is State.CLOSED


def test_one_officer_alone_cannot_shred(desk: Desk) -> None:
    desk.second = User.objects.get(pk=desk.first.pk)
    status, said, _asked = desk.shred(str(desk.person.uuid), typed=desk.proofs)
    assert (status, said, desk.state()) == (1, "The two officers must be two persons.", State.CLOSED)


@pytest.mark.parametrize("arguments", [[], ["--nik-asked", str(uuid.UUID(int=1))]], ids=["neither", "both"])
def test_the_person_is_named_in_one_way(desk: Desk, arguments: list[str]) -> None:
    assert desk.shred(*arguments, typed=[])[0] == 2


def test_a_nik_on_the_command_line_is_refused(desk: Desk) -> None:
    assert desk.shred(desk.person.nik, typed=[])[0] != 0


def test_nobody_at_the_terminal_is_status_2(desk: Desk) -> None:
    status, said, _asked = desk.shred(str(desk.person.uuid), typed=[])
    assert (status, desk.state()) == (2, State.CLOSED)
    assert "terminal" in said
