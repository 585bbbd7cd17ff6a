"""Human words for the codes in the log. Each app registers its own in `AppConfig.ready()`."""

from collections.abc import Mapping
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label: TypeAlias = "str | Promise"

_actions: dict[str, Label] = {}
_fields: dict[str, Label] = {}
_values: dict[str, Label] = {}

AUDIT_ACTIONS: Mapping[str, Label] = {
    "audit.read": _("Read a participant's audit trail"),
    "audit.lookers_read": _("Asked who saw a participant's data"),
    "audit.lookers_refused": _("Was refused who saw a participant's data"),
    "audit.entry_refused": _("Was refused an entry of the audit log"),
    "audit.proof_taken": _("Downloaded the proof of an entry"),
    "audit.proof_refused": _("Was refused the proof of an entry"),
    "audit.searched": _("Searched for a participant's audit trail"),
    "audit.search_refused": _("Was refused a search for an audit trail"),
    "audit.revealed": _("Revealed personal values of an entry"),
    "audit.reveal_refused": _("Was refused personal values of an entry"),
    "audit.exported": _("Exported a part of the audit log"),
    "audit.export_refused": _("Was refused an export of the audit log"),
    "audit.question_saved": _("Saved a question to the audit log"),
    "audit.question_renamed": _("Renamed or shared a saved question"),
    "audit.question_deleted": _("Deleted a saved question"),
    "audit.question_refused": _("Was refused to save a question"),
    "audit.origin_opened": _("Opened a new origin of the audit log"),
    "audit.key_rotated": _("Changed the key that seals the audit log"),
    "system.settings_noted": _("Works with these settings from now on"),
    "audit.subject_shredded": _("Shredded a person's values in the audit log"),
}
AUDIT_FIELDS: Mapping[str, Label] = {
    "found": _("Found"),
    "query": _("Searched for"),
    "field": _("Field"),
    "fields": _("Fields"),
    "key": _("Public key"),
    "from_size": _("After this many entries"),
    "from": _("From"),
    "to": _("Until"),
    "since": _("From"),
    "until": _("Until"),
    "period": _("Period"),
    "refused": _("Refused attempts only"),
    "entries": _("Entries"),
    "settings": _("Settings"),
    "is_shared": _("Shared with all auditors"),
}


def register(
    actions: Mapping[str, Label],
    *,
    fields: Mapping[str, Label] | None = None,
    values: Mapping[str, Label] | None = None,
) -> None:
    """Name codes for people.

    Arguments:
        actions: label by action code, a verb in the past, such as `{"request.approved": _("Approved the request")}`.
        fields: label by field name of `before`, `after` and `pii`.
        values: label by coded value or reason code.
    """
    _actions.update(actions)
    _fields.update(fields or {})
    _values.update(values or {})


def action_label(code: str) -> str:
    """Return the label of an action, or its code where nobody has registered one."""
    return str(_actions.get(code, code))


def field_label(name: str) -> str:
    """Return the label of a field, or its name."""
    return str(_fields.get(name, name))


def value_label(code: str) -> str:
    """Return the label of a coded value or reason, or the value itself."""
    return str(_values.get(code, code))


def actions() -> list[tuple[str, str]]:
    """Return the registered actions as (code, label), in the order of their labels."""
    return sorted(((code, str(label)) for code, label in _actions.items()), key=lambda pair: pair[1])
