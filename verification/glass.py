"""Break-glass: reading one case of another branch for a while, for a written reason. Nobody decides a case by it.

`RequestQuerySet.for_user(…, to_read_at=…)` lets the reader in; every read says in the log under which opening.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts import limits
from jknoffice.accounts.limits import Limit
from jknoffice.accounts.models import User
from jknoffice.audit.entry import Plain
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal
from verification import reference
from verification.changes import people
from verification.models import BrokenGlass, PhoneChangeRequest

RIGHT = "verification.break_glass"
LIMIT = Limit(name="break glass", most=5, window=timedelta(hours=1))


class NoSuchCase(Refusal):
    """No participant's case has this reference."""

    code = "no_such_case"
    sentence = _("There is no case with this reference. Check it with the participant.")


class YourOwnCase(Refusal):
    """The case is within reach anyway."""

    code = "within_reach"
    sentence = _("This case belongs to your own branch or region: open it from the queue.")


class TooManyGlasses(Refusal):
    """The limit is used up for now."""

    code = "too_many_glasses"
    sentence = _("You have tried this very often within an hour. Wait, or ask the branch of the case.")


class MayNotBreak(Refusal):
    """The role does not carry the right."""

    code = "no_permission"
    sentence = _("Your role may not do this.")


def break_glass(*, typed: str, reason: str, by: User, at: datetime | None = None) -> BrokenGlass:
    """Let `by` read the case with a reference, as it was typed, for `settings.GLASS_LIFETIME`.

    `reason` is free text, up to 500 characters and not empty; the branch of the case reads it. Each attempt counts
    towards a limit for the person. Raises `MayNotBreak`, `TooManyGlasses`, `NoSuchCase`, `YourOwnCase` and
    `people.AboutYourself`. Must be called outside a transaction.
    """
    at = at or clock.now()
    if not by.has_perm(RIGHT):
        raise MayNotBreak
    if not limits.count(LIMIT, by.person_id, at=at):
        raise TooManyGlasses
    stored = reference.parse(typed)
    found = PhoneChangeRequest.objects.filter(reference=stored, peserta__isnull=False) if stored else None
    case = found.select_related("branch", "peserta").first() if found is not None else None
    if case is None or case.branch is None or case.peserta is None:
        raise NoSuchCase
    if PhoneChangeRequest.objects.for_user(by).filter(pk=case.pk).exists():
        raise YourOwnCase
    people.demand_not_own(case, by)
    with transaction.atomic():
        until = at + settings.GLASS_LIFETIME
        glass = BrokenGlass.objects.create(request=case, broken_by=by, broken_at=at, until=until, reason=reason)
        record(
            "request.glass_broken",
            by=by.as_actor(),
            about=Thing.of(case),
            subject=case.peserta.uuid,
            after={"branch": case.branch.code, "until": until.isoformat(), **mark(glass)},
            pii={"note": reason},
            at=at,
        )
    return glass


def glass_of(case: PhoneChangeRequest, by: User, *, at: datetime | None = None) -> BrokenGlass | None:
    """Return by which opening `by` reads a case at a moment, None where there is none, or it needs none."""
    if case.branch_id == by.branch_id or not by.has_perm(RIGHT):
        return None
    at = at or clock.now()
    mine = BrokenGlass.objects.filter(request=case, broken_by=by, until__gt=at)
    return mine.exclude(request__branch__in=by.branches()).first()


def mark(glass: BrokenGlass | None) -> dict[str, Plain]:
    """Return what the entry of a read says about the opening that allowed it: nothing where none was needed."""
    return {"break_glass": glass.pk} if glass else {}
