"""What a signal is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from participants.models import Peserta
from verification.models import PhoneChangeRequest

Facts: TypeAlias = Mapping[str, int | str]
"""What stands behind a sign: counts, dates (ISO) and codes; nothing that names a person."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a signal looks at: a request, its participant, and the moment of looking."""

    request: PhoneChangeRequest
    peserta: Peserta
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing to look for.

    `find` returns the facts when it is there, else None; `tell` makes a sentence of the facts, in the language of the
    moment; `weight` counts towards `settings.SECOND_APPROVAL_WEIGHT`.
    """

    weight: int
    find: Callable[[Case], Facts | None]
    tell: Callable[[Facts], str]


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal that was seen, by the value of its code."""

    code: str
    facts: Facts
