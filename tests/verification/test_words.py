"""Every code that the requests write into the log has words."""

from collections.abc import Iterator

import pytest

from jknoffice.audit.words import action_label, value_label
from jknoffice.refusal import Refusal
from verification.annotation.shown import FIELDS
from verification.desk.views.steps import STEPS
from verification.reading.result import FieldName
from verification.states import EVENTS, Status


def refusals(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for kind in of.__subclasses__():
        if kind.__module__.startswith("verification.changes") or kind.__module__ in {
            "verification.codes",
            "verification.states",
        }:
            yield kind
        yield from refusals(kind)


@pytest.mark.parametrize("event", EVENTS.values())
def test_every_event_has_words(event: str) -> None:
    assert action_label(event) != event


@pytest.mark.parametrize("code", sorted({kind.code for kind in refusals()} | {"no_permission"}))
def test_every_refusal_of_the_desk_has_words(code: str) -> None:
    assert value_label(code) != code


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_that_is_corrected_has_words(field: FieldName) -> None:
    assert value_label(field) == str(FIELDS[field]) != field


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_words(step: str) -> None:
    assert value_label(step) != step


@pytest.mark.parametrize("status", Status)
def test_every_state_has_words(status: Status) -> None:
    assert value_label(status) == str(status.label)
