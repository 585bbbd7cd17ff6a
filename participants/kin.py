"""Who belongs together in the register: people on one family card, and people with one mobile number."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record_alone
from participants import phone
from participants.models import Peserta
from participants.person import Relative, masked_name
from participants.searching.search import demand, uuids_of

SIZE = 25


class Tie(models.TextChoices):
    """What people share; the value is the column."""

    FAMILY = "kk_number", _("Family")
    NUMBER = "phone", _("People with this mobile number")


_ACTIONS = {Tie.FAMILY: "peserta.family_viewed", Tie.NUMBER: "peserta.number_viewed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Up to 25 people who share something with a person; `after` is where the next page begins, None on the last."""

    people: tuple[Relative, ...]
    after: int | None


def sharing(*, peserta: Peserta, tie: Tie, by: User, after: int = 0) -> Circle:
    """Return who shares a family card or number with a person, masked, in the order of the register.

    `after` is a primary key, 0 for the first page. Counts as a search; that `by` was shown these people is recorded
    before this returns. Raises `TooManySearches`. Must be called outside a transaction.
    """
    demand(by)
    shared = getattr(peserta, tie)
    others = Peserta.objects.filter(**{tie: shared}, pk__gt=after).exclude(pk=peserta.pk).select_related("branch")
    found = list(others.order_by("pk")[: SIZE + 1]) if shared else []
    people, more = found[:SIZE], len(found) > SIZE
    record_alone(
        _ACTIONS[tie],
        by=by.as_actor(),
        about=Thing.of(peserta),
        subject=peserta.uuid,
        after={"count": len(people), "cut_off": more, "shown": uuids_of(person.pk for person in people)},
    )
    return Circle(
        people=tuple(
            Relative(peserta=person, name=masked_name(person.name), phone=phone.mask(person.phone or ""))
            for person in people
        ),
        after=people[-1].pk if more else None,
    )
