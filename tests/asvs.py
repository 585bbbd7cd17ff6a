"""The map of OWASP ASVS 5.0: `python -m tests.asvs` writes docs/asvs.md and the counts in docs/security.md.

The map itself is docs/asvs.csv: one line for each requirement with its number, level, a few words of our own, how it is
held, the tests (`path::test`) and documents (`path#heading`) that hold it, and a note.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAP, PAGE, SUMMARY = (ROOT / "docs" / name for name in ("asvs.csv", "asvs.md", "security.md"))
HOW = ("automated", "manual", "deployment", "not met", "not applicable")
CHAPTERS = (
    """
Encoding and sanitization|Validation and business logic|Web front end|API and web service|Files|Authentication|Sessions
Authorisation|Self-contained tokens|OAuth and OIDC|Cryptography|Communication|Configuration|Data protection
Coding and architecture|Logs and errors|WebRTC
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
_MARKS = re.compile(r"(<!-- counts -->\n).*?(<!-- /counts -->)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of the map."""

    id: str
    level: int
    about: str
    how: str
    where: tuple[str, ...]
    note: str

    @property
    def place(self) -> tuple[int, ...]:
        """Chapter, section and number."""
        return tuple(map(int, self.id.split(".")))


def read() -> list[Requirement]:
    """Return the map in its order."""
    with MAP.open(newline="") as file:
        return [
            Requirement(
                id=row["id"],
                level=int(row["level"]),
                about=row["about"],
                how=row["how"],
                where=tuple(row["where"].split()),
                note=row["note"],
            )
            for row in csv.DictReader(file)
        ]


def counts(found: list[Requirement]) -> str:
    """Return the table of how many requirements of each level are held how."""
    lines = ["| | level 1 | level 2 | level 3 | all |", "| --- | --- | --- | --- | --- |"]

    def line(name: str, chosen: list[Requirement]) -> str:
        levels = Counter(each.level for each in chosen)
        return f"| {name} | {' | '.join(str(levels[level]) for level in (1, 2, 3))} | {len(chosen)} |"

    lines += [line(how, [each for each in found if each.how == how]) for how in HOW]
    lines.append(line("all", found))
    lines.append(line("of these applicable", [each for each in found if each.how != "not applicable"]))
    return "\n".join(lines) + "\n"


def page(found: list[Requirement]) -> str:
    """Return the map as a page."""
    lines = [
        "# OWASP ASVS 5.0, requirement by requirement",
        "",
        "Made from `asvs.csv` by `python -m tests.asvs`; edit that file. Numbers and levels are those of ASVS 5.0.0,",
        "the words are ours: read the requirement itself at its source. What the marks mean, and how many there are:",
        "[security.md](security.md#owasp-asvs-50).",
    ]
    for number, title in enumerate(CHAPTERS, start=1):
        lines += [
            "",
            f"## {number}. {title}",
            "",
            "| | level | about | how | held by | note |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for each in found:
            if each.place[0] == number:
                where = "<br>".join(_shown(place) for place in each.where)
                lines.append(f"| {each.id} | {each.level} | {each.about} | {each.how} | {where} | {each.note} |")
    return "\n".join(lines) + "\n"


def summary(found: list[Requirement]) -> str:
    """Return docs/security.md with the present counts."""
    return _MARKS.sub(lambda marks: f"{marks[1]}{counts(found)}{marks[2]}", SUMMARY.read_text())


def _shown(place: str) -> str:
    if place.startswith("docs/") and place.partition("#")[0].endswith(".md"):
        return f"[{place.removeprefix('docs/')}]({place.removeprefix('docs/')})"
    return f"`{place.replace('::', ' ').removeprefix('tests/')}`"


def main() -> None:
    """Write both pages."""
    found = read()
    PAGE.write_text(page(found))
    SUMMARY.write_text(summary(found))


if __name__ == "__main__":
    main()
