"""Entries as people read them: the history of a case or of a person. No personal value is opened here."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jknoffice.audit.actor import Kind
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from jknoffice.audit.pages import page_of
from jknoffice.audit.refusals import is_refusal
from jknoffice.audit.seals import Seal, seals_of
from jknoffice.audit.words import action_label, field_label, value_label

LONGEST_TRAIL = 200

_MOMENT = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{6})?\+00:00")
_REFERENCE = re.compile(r"([a-z]+\.[a-z]+)/([0-9]+)")  # another thing, such as verification.phonechangerequest/7


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of `before` and `after`, in words; empty where the entry has no such side."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry in words.

    `at` is aware; `thing` is what it is about, empty when nothing; `hidden` names the personal values that the entry
    keeps, not their content. `seal` is None while the entry waits for it, and where nobody looked it up.
    """

    entry: AuditLog
    at: datetime
    who: str
    label: str
    thing: str
    reason: str
    is_refusal: bool
    changes: tuple[Change, ...]
    hidden: tuple[str, ...]
    seal: Seal | None = None


def trail_of(*, about: Thing) -> list[Step]:
    """Return the newest 200 steps in the history of one thing, newest first, for those who may work on it."""
    entries = AuditLog.objects.filter(object_type=about.type, object_id=about.id)
    return [step_of(entry) for entry in page_of(entries, size=LONGEST_TRAIL).entries]


def step_of(entry: AuditLog) -> Step:
    """Return an entry in words."""
    content: dict[str, Any] = json.loads(entry.entry)
    return Step(
        entry=entry,
        at=entry.at,
        who=_who(entry),
        label=action_label(entry.action),
        thing=_thing(entry),
        reason=value_label(entry.reason),
        is_refusal=is_refusal(entry.action),
        changes=_changes(content["before"], content["after"]),
        hidden=tuple(field_label(field) for field in content["pii"]),
    )


def steps_of(entries: Sequence[AuditLog]) -> list[Step]:
    """Return entries in words, with their seals."""
    seals = seals_of(entries)
    return [replace(step_of(entry), seal=seals.get(entry.pk)) for entry in entries]


def _who(entry: AuditLog) -> str:
    match entry.kind:
        case Kind.SYSTEM:
            return _("System (%(part)s)") % {"part": value_label(entry.actor)}
        case Kind.PARTICIPANT:
            return _("Participant (%(channel)s)") % {"channel": value_label(entry.actor)}
        case _:
            return str(entry.actor)


def thing_label(thing: Thing) -> str:
    """Return a thing in words, such as `phone change request 7`."""
    return _named(thing.type, thing.id)


def _thing(entry: AuditLog) -> str:
    return _named(entry.object_type, entry.object_id) if entry.object_type else ""


def _named(object_type: str, object_id: str) -> str:
    try:
        name = apps.get_model(object_type)._meta.verbose_name
    except (LookupError, ValueError):
        name = object_type
    return f"{name} {object_id}"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(
            field=field_label(field),
            before=_text(before[field]) if field in before else "",
            after=_text(after[field]) if field in after else "",
        )
        for field in sorted({*before, *after})
    )


def _text(value: Any) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case str() if _MOMENT.fullmatch(value):
            return date_format(timezone.localtime(datetime.fromisoformat(value)), "j M Y H:i")
        case str() if found := _REFERENCE.fullmatch(value):
            return _named(found[1], found[2])
        case str():
            return value_label(value)
        case list():
            return ", ".join(_text(item) for item in value)
        case dict():
            return ", ".join(f"{value_label(key)}: {_text(item)}" for key, item in value.items())
        case _:
            return json.dumps(value, ensure_ascii=False)
