"""The filters of the list in words that may be kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a filter asks for, by the name of its field, as its query string has it.

    `kept` names nobody: kinds of actions, branches, times. `typed` points at a person, a session or a case, or is free
    text: it counts as personal.
    """

    kept: Mapping[str, str]
    typed: Mapping[str, str]

    @property
    def typed_query(self) -> str:
        """What points at somebody, as one text; empty when nothing does."""
        return urlencode(self.typed)
