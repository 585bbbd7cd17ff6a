"""What lies around a case: other requests of the person and of the new number, and who has that number already."""

from dataclasses import dataclass
from uuid import UUID

from jknoffice.accounts.models import User
from participants.models import Peserta
from verification.models import PhoneChangeRequest
from verification.models.request import RequestQuerySet

SHOWN = 10
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another request; its branch alone tells where it lies when it is out of reach."""

    case: PhoneChangeRequest
    in_reach: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """How many other people have the new number already: `people` of `families`, counted up to 100.

    `leads_to` is one of them: the page of the people with that person's number shows them masked, and records the look.
    It is None where nobody has it, or where the reader may not search the register.
    """

    people: int
    families: int
    leads_to: UUID | None


def of_person(*, case: PhoneChangeRequest, by: User) -> list[Other]:
    """Return the newest ten other requests of the participant of a case."""
    return _others(PhoneChangeRequest.objects.filter(peserta=case.peserta), case, by)


def of_number(*, case: PhoneChangeRequest, by: User) -> list[Other]:
    """Return the newest ten requests of other people, for the same new number."""
    found = PhoneChangeRequest.objects.filter(new_phone=case.new_phone, peserta__isnull=False)
    return _others(found.exclude(peserta=case.peserta), case, by)


def holders(*, new_phone: str, apart_from: Peserta, by: User) -> Holders:
    """Count the people who are registered with a number (E.164), apart from one."""
    found = Peserta.objects.filter(phone=new_phone).exclude(pk=apart_from.pk).order_by("pk")
    people = list(found.values_list("uuid", "kk_number")[:MOST_COUNTED])
    # Without a family card everybody stands for a family of their own.
    families = {kk_number or uuid for uuid, kk_number in people}
    may_search = by.has_perm("participants.view_peserta")
    return Holders(people=len(people), families=len(families), leads_to=people[0][0] if people and may_search else None)


def _others(found: RequestQuerySet, case: PhoneChangeRequest, by: User) -> list[Other]:
    newest = found.exclude(pk=case.pk).select_related("branch").order_by("-submitted_at", "-pk")
    shown = list(newest[:SHOWN])
    reachable = PhoneChangeRequest.objects.for_user(by).filter(pk__in=[other.pk for other in shown])
    within = set(reachable.values_list("pk", flat=True)) if shown else set()
    return [Other(case=other, in_reach=other.pk in within) for other in shown]
