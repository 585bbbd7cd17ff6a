"""What is known about one made-up person: the columns of the register, and what a KTP shows besides."""

from dataclasses import dataclass
from datetime import date
from typing import Final

AS_OF: Final = date(2026, 1, 1)
"""The day on which every age is counted: fixed, so that a seed always gives the same people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A made-up address in a real district, as a KTP writes it (in capitals)."""

    street: str
    rt_rw: str
    kelurahan: str
    kecamatan: str
    city: str
    province: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One made-up participant.

    `sex` is "L" or "P" as in the files of BPJS; `segment`, `relation` and `status` are the codes of the
    register; `phone` is E.164 or empty; `email` may be empty. `occupation` and `marital_status` are there
    only to be drawn on the KTP.
    """

    nik: str
    card_number: str
    kk_number: str
    name: str
    birth_place: str
    birth_date: date
    sex: str
    phone: str
    email: str
    segment: str
    care_class: int
    relation: str
    status: str
    facility: str
    branch_code: str
    address: Address
    occupation: str
    marital_status: str

    @property
    def age(self) -> int:
        """Full years on AS_OF. A KTP exists from 17 on."""
        before_birthday = (AS_OF.month, AS_OF.day) < (self.birth_date.month, self.birth_date.day)
        return AS_OF.year - self.birth_date.year - before_birthday
