"""The made-up register as a file, with the untidiness of real ones."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from jknoffice.demo.people.person import Person

HEADER: Final = (
    "nik card_number kk_number name birth_place birth_date sex phone email segment care_class relation status facility "
    "branch"
).split()


def write_csv(people: Iterable[Person], path: Path) -> None:
    """Write people as `import_peserta` reads them: UTF-8 CSV with a header, phones in every spelling."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_row(person, number) for number, person in enumerate(people))


def _row(person: Person, number: int) -> list[str | int]:
    return [
        person.nik,
        person.card_number,
        person.kk_number,
        person.name,
        person.birth_place,
        person.birth_date.isoformat(),
        person.sex,
        spelt(person.phone, number),
        person.email,
        person.segment,
        person.care_class,
        person.relation,
        person.status,
        person.facility,
        person.branch_code,
    ]


def spelt(phone: str, number: int) -> str:
    """Return an E.164 number as the `number`-th clerk would have typed it; an empty one stays empty."""
    if not phone:
        return ""
    rest = phone.removeprefix("+62")
    spellings = (
        f"0{rest}",
        f"0{rest}",
        phone,
        f"62{rest}",
        f"+62 {rest[:3]}-{rest[3:7]}-{rest[7:]}",
        f"0{rest[:3]}.{rest[3:7]}.{rest[7:]}",
        f"(0{rest[:3]}) {rest[3:]}",
        f"0062{rest}",
        rest,
    )
    return spellings[number % len(spellings)]
