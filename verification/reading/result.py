"""What a reader found on a photo, in plain values that can be kept as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class DocType(StrEnum):
    """What kind of document the photo shows."""

    KTP = "ktp"
    CARD = "card"
    OTHER = "other"


class FieldName(StrEnum):
    """The fields that are looked for: on the KTP all but the card number, on the card all but birth place and sex."""

    NIK = "nik"
    CARD_NUMBER = "card_number"
    NAME = "name"
    BIRTH_PLACE = "birth_place"
    BIRTH_DATE = "birth_date"
    SEX = "sex"


class Check(StrEnum):
    """What the values of one photo say about each other; the register is never looked at."""

    NIK_LENGTH = "nik_length"
    NIK_BIRTH_DATE = "nik_birth_date"
    NIK_SEX = "nik_sex"
    NIK_REGION = "nik_region"
    CARD_LENGTH = "card_length"
    CARD_APART_FROM_NIK = "card_apart_from_nik"


class Fault(StrEnum):
    """What is wrong with the photo itself."""

    BLURRED = "blurred"
    GLARE = "glare"
    DARK = "dark"
    CROPPED = "cropped"
    SMALL = "small"
    SCREEN = "screen"
    SCREENSHOT = "screenshot"
    OTHER_DOCUMENT = "other_document"


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands, as fractions (0 to 1) of the width and height of the photo as it is kept."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Field:
    """One value as it was read.

    `value` is written as the register writes it: 16 digits of a NIK, 13 of a card number, capital letters of names, a
    date as ISO 8601, sex as "M" or "F". `confidence` (0 to 1) is what the engine says of itself; `agreement` (0 to 1)
    how far two looks at the same place read the same.
    """

    value: str
    confidence: float
    agreement: float
    box: Box


@dataclass(frozen=True, slots=True)
class Reading:
    """What one photo says. A field that was not found is missing from `fields`, a check that could not be made from
    `checks`; `confidence` is the mean over all text that was seen, 0 where there was none."""

    doc_type: DocType
    fields: Mapping[FieldName, Field]
    checks: Mapping[Check, bool]
    faults: frozenset[Fault]
    confidence: float
    engine_version: str

    def as_json(self) -> dict[str, Any]:
        """Return the reading in values that JSON knows."""
        return {
            "doc_type": self.doc_type.value,
            "fields": {
                name.value: {
                    "value": field.value,
                    "confidence": field.confidence,
                    "agreement": field.agreement,
                    "box": [field.box.left, field.box.top, field.box.right, field.box.bottom],
                }
                for name, field in self.fields.items()
            },
            "checks": {check.value: passed for check, passed in self.checks.items()},
            "faults": sorted(fault.value for fault in self.faults),
            "confidence": self.confidence,
            "engine_version": self.engine_version,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return the reading that `as_json()` wrote. Raises `KeyError` or `ValueError` for anything else."""
        return cls(
            doc_type=DocType(kept["doc_type"]),
            fields={
                FieldName(name): Field(
                    value=field["value"],
                    confidence=field["confidence"],
                    agreement=field["agreement"],
                    box=Box(*field["box"]),
                )
                for name, field in kept["fields"].items()
            },
            checks={Check(check): passed for check, passed in kept["checks"].items()},
            faults=frozenset(Fault(fault) for fault in kept["faults"]),
            confidence=kept["confidence"],
            engine_version=kept["engine_version"],
        )
