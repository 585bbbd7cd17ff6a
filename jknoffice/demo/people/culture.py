"""How the peoples of Indonesia name their children: read from names.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self


@dataclass(frozen=True, slots=True)
class Culture:
    """The name parts of one people.

    men, women: given names. second: what may follow them, by sex ("L", "P").
    surnames: handed down from the parent named by `line` ("father" or "mother"); empty where there are none.
    single: percent of people with one name only. birth_order: whether names tell first from second child.
    """

    given: Mapping[str, tuple[str, ...]]
    second: Mapping[str, tuple[str, ...]]
    surnames: tuple[str, ...]
    line: str
    single: int
    birth_order: bool

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Self:
        """The culture that one table of names.toml describes."""

        def words(key: str) -> tuple[str, ...]:
            return tuple(table.get(key, "").split())

        return cls(
            given={"L": words("men"), "P": words("women")},
            second={"L": words("second_men"), "P": words("second_women")},
            surnames=words("surnames"),
            line=table.get("line", "father"),
            single=table.get("single", 0),
            birth_order=table.get("birth_order", False),
        )


def _read_all() -> dict[str, Culture]:
    with Path(__file__).with_name("names.toml").open("rb") as file:
        return {key: Culture.read(table) for key, table in tomllib.load(file).items()}


_ALL: Final = _read_all()

YOUNG: Final = _ALL["young"]
"""Given names of people born since about 1995, in use everywhere."""

CULTURES: Final = {key: culture for key, culture in _ALL.items() if key != "young"}
"""By the name that `BranchPlan.cultures` uses."""
