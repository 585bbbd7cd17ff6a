"""One entry against itself: its mac, and the columns that are computed from it."""

import hmac
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from jknoffice.audit.entry import mac_of

COLUMNS = (
    "uuid", "at_us", "kind", "actor", "person", "branch", "session",
    "action", "object_type", "object_id", "object_version", "subject", "reason",
)  # fmt: skip
SELECTED = ", ".join(f"entry.{name}" for name in ("entry", "mac", *COLUMNS))


def problem_with(entry: str, mac: bytes, columns: Sequence[Any]) -> str | None:
    """Return what is wrong with an entry as it is stored, None when all fits; `columns` as in `COLUMNS`."""
    if not hmac.compare_digest(bytes(mac), mac_of(entry)):
        return "was not written by the application: its mac does not fit"
    if tuple(columns) != _columns_of(json.loads(entry)):
        return "has columns that are not those of its text"
    return None


def _columns_of(entry: dict[str, Any]) -> tuple[Any, ...]:
    thing, subject = entry["object"] or {}, entry["subject"]
    return (
        UUID(entry["uuid"]), entry["at"], entry["kind"], entry["actor"], entry["person"], entry["branch"],
        entry["session"], entry["action"], thing.get("type"), thing.get("id"), entry["object_version"],
        UUID(subject) if subject else None, entry["reason"],
    )  # fmt: skip
