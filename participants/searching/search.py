"""Searching the register. Nobody browses, and every search names in the log whom it showed."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from jknoffice.accounts import limits
from jknoffice.accounts.limits import Limit
from jknoffice.accounts.models import User
from jknoffice.audit.log import record, record_alone
from jknoffice.refusal import Refusal
from jknoffice.replica import may_lag
from participants.identifiers import Mangled
from participants.models import Peserta
from participants.searching import finding
from participants.searching.asked import Kind, Name, Number, read, ways
from participants.searching.finding import Page, Place
from participants.searching.patience import TooSlow, patience

LIMIT = Limit(name="participants.search", most=60, window=timedelta(minutes=10))


class TooManySearches(Refusal):
    """The limit is used up for now."""

    code = "too_many_searches"
    sentence = _("You have searched very often. Wait ten minutes, then search again.")


class BirthDateNeeded(Refusal):
    """A name alone finds people of the own branch, and the searcher has none."""

    code = "birth_date_needed"
    sentence = _(
        "Add the date of birth, for example siti aminah 12-03-1988. A name alone finds people of your own branch only, "
        "and your account belongs to none."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what a search found; `kind` is what it went by, the rest is `finding.Page`'s."""

    kind: Kind
    matches: tuple[tuple[int, Kind], ...]
    place: Place | None
    about: int | None


def find(*, text: str, by: User, after: Place | None = None, at: datetime | None = None) -> Found:
    """Find people by what was typed: see `asked.read()`.

    Numbers are found exactly. A name is found among those who were born on the day, or without one in the branch of
    `by`; when nobody is called so, the most similar names are found instead. `after` is the `place` of the page before.

    Before this returns, the search and all whom it found are recorded, what was typed as a personal value. Raises what
    `asked.read()` raises, `BirthDateNeeded`, `TooManySearches` and `TooSlow`. Must be called outside a transaction.
    """
    asked = read(text)
    if isinstance(asked, Name) and asked.born is None and by.branch_id is None:
        raise BirthDateNeeded
    try:
        with patience():  # counted, found and recorded in one transaction: each commit waits for the disk
            if limits.count(LIMIT, str(by.pk), at=at):
                with may_lag():
                    page = _page(asked, by.branch_id, after)
                found = Found(kind=_kind(asked, page), matches=page.matches, place=page.place, about=page.about)
                _record(found, text, by, at)
                return found
    except TooSlow:
        demand(by, at=at)
        record_alone("peserta.search_refused", by=by.as_actor(), reason=TooSlow.code, pii={"query": text}, at=at)
        raise
    raise _too_many(by, at)


def demand(by: User, *, at: datetime | None = None) -> None:
    """Count one search; raise `TooManySearches` beyond the limit. Must be called outside a transaction."""
    if not limits.count(LIMIT, str(by.pk), at=at):
        raise _too_many(by, at)


def find_subject(text: str) -> UUID | None:
    """Return the person whom a NIK, card or mobile number names, for the audit log's search; None unless it is one."""
    numbers: list[Number] = []
    with suppress(Mangled):
        numbers = ways(text)
    columns = {Kind.NIK: "nik", Kind.CARD: "card_number", Kind.PHONE: "phone"}
    for number in numbers:
        if number.kind in columns:
            people = Peserta.objects.filter(**{columns[number.kind]: number.value})
            found = list(people.values_list("uuid", flat=True)[:2])
            if len(found) == 1:
                return found[0]
    return None


def uuids_of(pks: Iterable[int]) -> list[str]:
    """Return the uuids of people as the log lists whom somebody was shown."""
    return sorted(map(str, Peserta.objects.filter(pk__in=pks).values_list("uuid", flat=True)))


def _too_many(by: User, at: datetime | None) -> TooManySearches:
    """Return the refusal, recorded once in each window."""

    def write() -> None:
        record_alone("peserta.search_refused", by=by.as_actor(), reason=TooManySearches.code, at=at)

    limits.within(LIMIT, str(by.pk), record=write, at=at)
    return TooManySearches()


def _page(asked: list[Number] | Name, branch: int | None, after: Place | None) -> Page:
    if isinstance(asked, list):
        return finding.by_number(asked, after=after)
    page = finding.by_name(asked, branch=branch, after=after)
    return page if page.matches or after else finding.similar(asked, branch=branch)


def _kind(asked: list[Number] | Name, page: Page) -> Kind:
    """Return what somebody was found by, or what was looked for when nobody was."""
    if page.matches:
        return page.matches[0][1]
    if isinstance(asked, list):
        return asked[0].kind
    return Kind.NAME if asked.born else Kind.BRANCH_NAME


def _record(found: Found, text: str, by: User, at: datetime | None) -> None:
    shown = uuids_of(pk for pk, _ in found.matches)
    record(
        "peserta.searched",
        by=by.as_actor(),
        subject=UUID(shown[0]) if len(shown) == 1 else None,
        after={
            "search": found.kind.value,
            "count": len(shown),
            "cut_off": found.place is not None,
            "shown": shown,
        },
        pii={"query": text},
        at=at,
    )
