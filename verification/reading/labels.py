"""The words printed on the cards, found although some of their letters were misread."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from enum import StrEnum

from verification.reading.result import DocType

ALIKE = 0.75
SPELT = 0.9
"""How alike a word in capitals must be to a label that no colon follows: labels have small letters, values have none,
and SALAMAH, NAMIRA and KELVIN are names."""


class Label(StrEnum):
    """What stands before a value."""

    NIK = "NIK"
    CARD_NUMBER = "NOMORKARTU"
    NAME = "NAMA"
    BIRTH = "TEMPATTGLLAHIR"
    BIRTH_DATE = "TANGGALLAHIR"
    SEX = "JENISKELAMIN"
    OTHER = ""


_SPELLINGS: Mapping[Label, tuple[str, ...]] = {
    Label.BIRTH: ("TEMPATTGLLAHIR", "TEMPATTANGGALLAHIR", "TEMPATTGLAHIR"),
    Label.BIRTH_DATE: ("TANGGALLAHIR", "TGLLAHIR", "TGLLHR", "LAHIR"),
    Label.CARD_NUMBER: ("NOMORKARTU", "NOKARTU", "NOMORPESERTA", "NOPESERTA", "NOMORJKN", "NOKA"),
    Label.SEX: ("JENISKELAMIN", "JNSKELAMIN", "KELAMIN"),
    Label.NAME: ("NAMALENGKAP", "NAMAPESERTA", "NAMA"),
    Label.NIK: ("NOMORINDUKKEPENDUDUKAN", "NIK"),
    Label.OTHER: (
        *("ALAMAT", "RTRW", "KELDESA", "KECAMATAN", "AGAMA", "STATUSPERKAWINAN", "PEKERJAAN", "KEWARGANEGARAAN"),
        *("BERLAKUHINGGA", "GOLDARAH", "PROVINSI", "KABUPATEN", "FASKESTINGKATI", "FASKESTKI", "FASKES", "KELASRAWAT"),
        *("TANGGALCETAK", "TGLCETAK", "KELAS", "TMT", "NOMORKK", "SEGMEN", "DOKTERGIGI", "PISA", "BPJSKESEHATAN"),
        *("KARTUINDONESIASEHAT", "KARTUPESERTA", "PROGRAMJAMINANKESEHATANNASIONAL", "JAMINANKESEHATANNASIONAL"),
    ),
}
_MOST = max(len(spelling) for spellings in _SPELLINGS.values() for spelling in spellings)

# Words that tell a kind of document, and how much each group says. Without one of the first groups it is another one.
_SIGNS: Mapping[DocType, tuple[tuple[int, tuple[str, ...]], ...]] = {
    DocType.KTP: (
        (3, ("TEMPATTGLLAHIR",)),
        (3, ("KEWARGANEGARAAN",)),
        (3, ("STATUSPERKAWINAN",)),
        (3, ("BERLAKUHINGGA",)),
        (2, ("JENISKELAMIN",)),
        (1, ("GOLDARAH",)),
        (1, ("KELDESA",)),
        (1, ("RTRW",)),
        (1, ("KECAMATAN",)),
        (1, ("AGAMA",)),
        (1, ("PEKERJAAN",)),
        (1, ("PROVINSI",)),
        (1, ("NIK",)),
    ),
    DocType.CARD: (
        (3, ("KARTUINDONESIASEHAT", "BPJSKESEHATAN", "KARTUPESERTA", "KARTUPESERTAJKN")),
        (3, ("JAMINANKESEHATANNASIONAL", "PROGRAMJAMINANKESEHATANNASIONAL")),
        (3, ("NOMORKARTU", "NOKARTU")),
        (2, ("FASKESTINGKATI", "FASKESTKI", "FASKES")),
        (1, ("KELASRAWAT",)),
        (1, ("TANGGALLAHIR", "TGLLAHIR")),
        (1, ("NIK",)),
    ),
}
STRONG, ENOUGH = 3, 5


def letters(text: str) -> str:
    """Return the letters of a text alone, in capitals; a 0 or 1 beside a letter was one."""
    seen = re.sub(r"(?<=[A-Z])0|0(?=[A-Z])", "O", text.upper())
    return re.sub(r"[^A-Z]", "", re.sub(r"(?<=[A-Z])1|1(?=[A-Z])", "I", seen))


def alike(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def split(text: str) -> tuple[Label | None, str]:
    """Return which label a line begins with, None when with none, and what follows it."""
    head, colon, tail = text.partition(":")
    if colon and (label := _label(head, ALIKE)) is not None:
        return label, tail.strip()
    if not colon and not any(each.isdigit() for each in text) and (label := _label(text, _enough(text))) is not None:
        return label, ""
    words = text.split()
    for count in range(min(4, len(words) - 1), 0, -1):
        joined = "".join(words[:count])
        if (label := _label(joined, _enough(joined))) is not None:
            return label, " ".join(words[count:]).lstrip(":. ")
    return None, text.lstrip(":. ")


def _enough(text: str) -> float:
    """Return how alike a text must be to a label, by how many of its letters are capitals."""
    found = [each for each in text if each.isalpha()]
    return SPELT if found and sum(each.isupper() for each in found) > 0.7 * len(found) else ALIKE


def _label(text: str, enough: float) -> Label | None:
    found = letters(text)
    if not 3 <= len(found) <= _MOST + 3:
        return None
    best, label = max(
        ((alike(found, spelling), label) for label, spellings in _SPELLINGS.items() for spelling in spellings),
        key=lambda pair: pair[0],
    )
    # Of three letters each counts for much.
    return label if best >= (enough if len(found) > 4 else max(enough, 0.85)) else None


def kind_of(texts: Iterable[str]) -> DocType:
    """Return what kind of document these lines come from."""
    words = [letters(text) for text in texts]
    best, most = DocType.OTHER, ENOUGH - 1
    for kind, groups in _SIGNS.items():
        weights = [weight for weight, signs in groups if any(_stands(sign, words) for sign in signs)]
        if STRONG in weights and sum(weights) > most:
            best, most = kind, sum(weights)
    return best


def _stands(sign: str, words: list[str]) -> bool:
    if len(sign) <= 4:
        return any(word.startswith(sign) for word in words)
    return any(
        sign in word or (abs(len(word) - len(sign)) <= len(sign) // 3 and alike(sign, word) >= ALIKE) for word in words
    )
