"""The table of states, cell by cell, against a list written by hand."""

import re
from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests import cases
from verification import guard, states
from verification.models import PhoneChangeRequest
from verification.states import EDGES, EVENTS, MOVES, OPEN, Role, Status, Verb

# Written by hand from the blueprint, and one more (a hold that ends with new signals): "source > target: who".
# An independent statement, not read from the table.
ALLOWED = """
new > awaiting_code: participant operator
awaiting_code > queued: system
awaiting_code > applied: system
awaiting_code > unmatched: system
awaiting_code > expired: system
awaiting_code > cancelled: participant operator
queued > in_review: operator supervisor
queued > cancelled: participant operator
in_review > queued: operator supervisor system
in_review > needs_info: operator supervisor
in_review > rejected: operator supervisor
in_review > second_review: operator supervisor
in_review > on_hold: operator supervisor
in_review > applied: operator supervisor
needs_info > queued: participant
needs_info > expired: system
needs_info > cancelled: participant operator
second_review > second_review: supervisor system
second_review > on_hold: supervisor
second_review > applied: supervisor
second_review > queued: supervisor
second_review > rejected: supervisor
on_hold > applied: system
on_hold > second_review: system
on_hold > frozen: participant
on_hold > cancelled: participant operator
frozen > on_hold: supervisor
frozen > rejected: supervisor
applied > reversed: supervisor
"""


def _allowed() -> set[tuple[str, str, str]]:
    cells = set()
    for line in ALLOWED.strip().splitlines():
        source, target, roles = re.fullmatch(r"(\w+) > (\w+): (.+)", line).groups()  # type: ignore[union-attr]
        cells |= {(source, target, role) for role in roles.split()}
    return cells


CELLS = list(product([None, *Status], Status, Role))


@pytest.mark.parametrize(("source", "target", "role"), CELLS)
def test_every_cell_of_from_to_and_role(source: Status | None, target: Status, role: Role) -> None:
    def allows(verb: Verb) -> bool:
        try:
            states.check(verb=verb, source=source, target=target, role=role)
        except states.NotAllowed:
            return False
        return True

    expected = (source.value if source else "new", target.value, role.value) in _allowed()
    assert any(allows(verb) for verb in Verb) is expected


def test_no_cell_of_the_list_is_left_out() -> None:
    assert {((s.value if s else "new"), t.value, r.value) for s, t, r in CELLS} >= _allowed()
    assert len(CELLS) == 14 * 13 * 4


def test_closed_states_are_left_only_by_a_reversal() -> None:
    assert {move.verb for move in MOVES if move.source is not None and move.source not in OPEN} == {Verb.REVERSE}


def test_every_verb_has_an_event_of_its_own() -> None:
    assert set(EVENTS) == set(Verb)
    assert len(set(EVENTS.values())) == len(Verb)


def test_buttons_are_drawn_from_the_table() -> None:
    assert states.verbs_from(Status.SECOND_REVIEW, Role.SUPERVISOR) == {
        Verb.CLAIM,
        Verb.RELEASE,
        Verb.APPROVE,
        Verb.ENDORSE,
        Verb.SEND_BACK,
        Verb.REJECT,
    }
    assert states.verbs_from(Status.APPLIED, Role.OPERATOR) == frozenset()


@pytest.mark.django_db
def test_the_trigger_in_the_database_is_the_one_that_the_table_generates() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'request_status_moves'")
        stored = cursor.fetchone()[0]
    assert stored.strip() in guard.install(EDGES)


REACHED = [Status.QUEUED, Status.APPLIED, Status.REJECTED]
FORBIDDEN = [(source, target) for source, target in product(REACHED, Status) if f"{source} > {target}:" not in ALLOWED]


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "target"), [edge for edge in FORBIDDEN if edge[0] is not edge[1]])
def test_the_database_refuses_moves_that_the_table_does_not_know(source: Status, target: Status) -> None:
    request = cases.in_state(source)
    columns = {"status": target, "version": request.version + 1}
    with pytest.raises(DatabaseError, match="cannot move from"), transaction.atomic():
        PhoneChangeRequest.objects.filter(pk=request.pk).update(**columns)


@pytest.mark.django_db
def test_the_database_refuses_a_move_that_keeps_the_version() -> None:
    request = cases.in_state(Status.QUEUED)
    with pytest.raises(DatabaseError, match="raise the version"), transaction.atomic():
        PhoneChangeRequest.objects.filter(pk=request.pk).update(status="cancelled", closed_at=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("status", [status for status in Status if status is not Status.AWAITING_CODE])
def test_the_database_refuses_a_request_that_begins_in_the_middle(status: Status) -> None:
    request = cases.in_state(Status.AWAITING_CODE)
    request.pk, request.status, request.reference = None, status, "0" * 9
    with pytest.raises(DatabaseError, match="cannot begin as"), transaction.atomic():
        request.save(force_insert=True)
