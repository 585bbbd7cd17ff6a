"""Finding people in the register by something that only they have. Nobody browses; every search is recorded."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Upper
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts import limits
from jknoffice.accounts.limits import Limit
from jknoffice.accounts.models import User
from jknoffice.audit.log import record_alone
from jknoffice.refusal import Refusal
from participants import identifiers, phone
from participants.models import Peserta

LIMIT = Limit(name="participants.search", most=60, window=timedelta(minutes=10))
MOST = 50
_SHORTEST = 3


class Kind(models.TextChoices):
    """What a search went by."""

    NIK = "by_nik", _("NIK")
    KK = "by_kk", _("Family card number (KK)")
    CARD = "by_card", _("Card number")
    PHONE = "by_phone", _("Mobile number")
    NAME = "by_name", _("Name and date of birth")


class UnreadableNumber(Refusal):
    """What was typed can be none of the numbers."""

    code = "unreadable_number"
    sentence = _("Write a NIK or KK number (16 digits), a card number (13 digits) or a mobile number (08…), in full.")


class NameTooShort(Refusal):
    """The name would let somebody browse everybody who was born on a day."""

    code = "name_too_short"
    sentence = _("Write at least three letters of the name.")


class TooManySearches(Refusal):
    """The limit is used up for now."""

    code = "too_many_searches"
    sentence = _("You have searched very often. Wait ten minutes, then search again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Whom a search found: up to 50 primary keys, by name, and whether there were `more`."""

    kind: Kind
    pks: tuple[int, ...]
    more: bool


def search_number(*, text: str, by: User, at: datetime | None = None) -> Found:
    """Find people by an exact NIK, KK, card or mobile number, in any spelling.

    A number that can be read in two ways finds the people of both; `kind` is the first way that found somebody. The
    search is recorded before this returns, what was typed as a personal value. Raises `UnreadableNumber` and
    `TooManySearches`. Must be called outside a transaction.
    """
    ways = list(_ways(text))
    if not ways:
        raise UnreadableNumber
    _demand(by, at)
    found = _joined([_first(kind, Peserta.objects.filter(way)) for kind, way in ways])
    return _recorded(found, {"query": text.strip()}, by, at)


def search_name(*, name: str, birth_date: date, by: User, at: datetime | None = None) -> Found:
    """Find people born on a date by their name: each word typed begins a word of it, in any order or case.

    Recorded like `search_number()`. Raises `NameTooShort` and `TooManySearches`.
    """
    words = name.upper().split()
    if max(map(len, words), default=0) < _SHORTEST:
        raise NameTooShort
    _demand(by, at)
    people = Peserta.objects.filter(birth_date=birth_date).annotate(words=Concat(Value(" "), Upper("name")))
    for word in words:
        people = people.filter(words__contains=f" {word}")
    query = {"query": " ".join(words), "birth_date": birth_date.isoformat()}
    return _recorded(_first(Kind.NAME, people), query, by, at)


def find_subject(text: str) -> UUID | None:
    """Return the person whom a NIK, card or mobile number names, for the audit log's search; None unless it is one."""
    for kind, way in _ways(text):
        found = list(Peserta.objects.filter(way).values_list("uuid", flat=True)[:2])
        if len(found) == 1 and kind is not Kind.KK:
            return found[0]
    return None


def _ways(text: str) -> Iterator[tuple[Kind, Q]]:
    """Yield how a text can be read."""
    try:
        digits = identifiers.parse(text)
    except identifiers.IdentifierRefused:
        pass
    else:
        if len(digits) == identifiers.NIK_DIGITS:
            yield Kind.NIK, Q(nik=digits)
            yield Kind.KK, Q(kk_number=digits)
        else:
            yield Kind.CARD, Q(card_number=digits)
    with suppress(phone.PhoneRefused):
        yield Kind.PHONE, Q(phone=phone.normalise(text))


def _first(kind: Kind, people: models.QuerySet[Peserta]) -> Found:
    pks = tuple(people.order_by("name", "pk").values_list("pk", flat=True)[: MOST + 1])
    return Found(kind=kind, pks=pks[:MOST], more=len(pks) > MOST)


def _joined(readings: list[Found]) -> Found:
    fitting = [each for each in readings if each.pks] or readings[:1]
    pks = tuple(dict.fromkeys(pk for each in fitting for pk in each.pks))
    return Found(kind=fitting[0].kind, pks=pks[:MOST], more=len(pks) > MOST or any(each.more for each in fitting))


def _demand(by: User, at: datetime | None) -> None:
    def record() -> None:
        record_alone("peserta.search_refused", by=by.as_actor(), reason=TooManySearches.code, at=at)

    if not limits.within(LIMIT, str(by.pk), record=record, at=at):
        raise TooManySearches


def _recorded(found: Found, query: dict[str, str], by: User, at: datetime | None) -> Found:
    uuids = Peserta.objects.filter(pk__in=found.pks).values_list("uuid", flat=True)
    record_alone(
        "peserta.searched",
        by=by.as_actor(),
        subject=uuids[0] if len(found.pks) == 1 else None,
        after={"search": found.kind.value, "count": len(found.pks), "cut_off": found.more},
        pii=query,
        at=at,
    )
    return found
