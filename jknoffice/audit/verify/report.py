"""What a verification found."""

from dataclasses import dataclass
from typing import TypedDict

MOST = 1000


class ReportJSON(TypedDict):
    """The report as `verify_audit --format json` prints it."""

    entries: int
    sealed: int
    unsealed_oldest_seconds: int
    checkpoints: int
    ok: bool
    problems: list[str]


class Problems:
    """Sentences about what does not fit; beyond `MOST` they are only counted, so that memory stays flat."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._more = 0

    def add(self, sentence: str) -> None:
        """Note one problem."""
        if len(self._found) < MOST:
            self._found.append(sentence)
        else:
            self._more += 1

    def sentences(self) -> list[str]:
        """Return what was found, with a last line for what was only counted."""
        return [*self._found, f"and {self._more} more"] if self._more else list(self._found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How many entries there are and how many are sealed, the age of the oldest that is not, and all problems."""

    entries: int
    sealed: int
    unsealed_oldest_seconds: int
    checkpoints: int
    problems: list[str]

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def as_json(self) -> ReportJSON:
        """Return the report in plain values."""
        return {
            "entries": self.entries,
            "sealed": self.sealed,
            "unsealed_oldest_seconds": self.unsealed_oldest_seconds,
            "checkpoints": self.checkpoints,
            "ok": self.ok,
            "problems": self.problems,
        }
