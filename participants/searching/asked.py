"""What is typed into the one box: a number of somebody, or a name with or without a date of birth."""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal
from participants import identifiers, phone
from participants.searching.dates import parted

LONGEST = 120
_SHORTEST = 3
_WORD = re.compile(r"['’`]?[^\W\d_](?:[^\W\d_]|[.'’`-])*")


class Kind(models.TextChoices):
    """By what somebody was found."""

    NIK = "by_nik", _("NIK")
    KK = "by_kk", _("Family card number (KK)")
    CARD = "by_card", _("Card number")
    PHONE = "by_phone", _("Mobile number")
    NAME = "by_name", _("Name and date of birth")
    BRANCH_NAME = "by_branch_name", _("Name, in the own branch")
    SIMILAR = "by_similar_name", _("Similar name")

    @property
    def badge(self) -> str | Promise:
        """The word beside somebody who was found by this."""
        return _BADGES[self]


_BADGES = {
    Kind.NIK: _("NIK"),
    Kind.KK: _("same family"),
    Kind.CARD: _("card"),
    Kind.PHONE: _("same number"),
    Kind.NAME: _("name and birth date"),
    Kind.BRANCH_NAME: _("name"),
    Kind.SIMILAR: _("similar name"),
}


class Unreadable(Refusal):
    """What was typed is neither a number nor a name."""

    code = "unreadable_search"
    sentence = _(
        "Write one of these: a NIK or KK number (16 digits), a card number (13 digits), a mobile number (08…), or a "
        "name with the date of birth (siti aminah 12-03-1988)."
    )


class NameTooShort(Refusal):
    """The name would let somebody browse everybody who was born on a day, or half a branch."""

    code = "name_too_short"
    sentence = _("Write at least three letters of the name.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number in the form in which the register keeps it, and which of a person's numbers it can be."""

    kind: Kind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """The words of a name in capitals, each of which begins a word of the name looked for; `born` may lack."""

    words: tuple[str, ...]
    born: date | None


def read(text: str) -> list[Number] | Name:
    """Return what was typed: a number in each way in which it can be read, or a name.

    Raises `Unreadable`, `NameTooShort`, `ShortYear`, `BadDate`, and `Mangled` for a number that a spreadsheet rounded.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > LONGEST:
        raise Unreadable
    if numbers := ways(text):
        return numbers
    if not any(map(str.isalpha, text)):
        raise Unreadable
    return _name(text)


def ways(text: str) -> list[Number]:
    """Return each way to read a text as a number of somebody; none when it is no such number. Raises `Mangled`."""
    found = []
    try:
        digits = identifiers.parse(text)
    except identifiers.Mangled:
        raise
    except identifiers.IdentifierRefused:
        pass
    else:
        kinds = (Kind.NIK, Kind.KK) if len(digits) == identifiers.NIK_DIGITS else (Kind.CARD,)
        found = [Number(kind=kind, value=digits) for kind in kinds]
    with suppress(phone.PhoneRefused):
        found.append(Number(kind=Kind.PHONE, value=phone.normalise(text)))
    return found


def _name(text: str) -> Name:
    rest, born = parted(text)
    words = tuple(rest.upper().replace(",", " ").split())
    if not all(map(_WORD.fullmatch, words)):
        raise Unreadable
    if max(map(len, words), default=0) < _SHORTEST:
        raise NameTooShort
    return Name(words=words, born=born)
