"""The signs of a case as the review page shows them, with the cases that they come from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from jknoffice.accounts.models import User
from verification import signals
from verification.models import PhoneChangeRequest
from verification.models.request import RequestQuerySet
from verification.signals import Code, Sign, photo
from verification.states import Status

SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sign in words. `cases` are those within reach that it comes from; `has_copies`: photos can be compared."""

    label: str
    sentence: str = ""
    cases: tuple[PhoneChangeRequest, ...] = ()
    has_copies: bool = False


def evidence(*, case: PhoneChangeRequest, signs: Iterable[Sign], by: User) -> list[Evidence]:
    """Return what stands behind the signs of a participant's case, as far as `by` may know it."""
    return [
        Evidence(
            label=str(Code(sign.code).label),
            sentence=signals.told(sign),
            cases=_cases(case, sign.code, by),
            has_copies=sign.code == Code.SAME_PHOTO,
        )
        for sign in signs
        if sign.code in Code.values
    ]


def _cases(case: PhoneChangeRequest, code: str, by: User) -> tuple[PhoneChangeRequest, ...]:
    if code not in _BEHIND:
        return ()
    found = _BEHIND[Code(code)](case).exclude(pk=case.pk)
    return tuple(found.for_user(by).order_by("-submitted_at")[:SHOWN])


def _applied(case: PhoneChangeRequest) -> RequestQuerySet:
    return PhoneChangeRequest.objects.filter(peserta=case.peserta, status=Status.APPLIED)


def _same_number(case: PhoneChangeRequest) -> RequestQuerySet:
    others = PhoneChangeRequest.objects.open().filter(new_phone=case.new_phone, peserta__isnull=False)
    return others.exclude(peserta__kk_number=case.peserta.kk_number) if case.peserta else others


def _same_person(case: PhoneChangeRequest) -> RequestQuerySet:
    return PhoneChangeRequest.objects.filter(peserta=case.peserta)


def _same_address(case: PhoneChangeRequest) -> RequestQuerySet:
    return PhoneChangeRequest.objects.filter(address_hash=case.address_hash).exclude(address_hash="")


def _same_photo(case: PhoneChangeRequest) -> RequestQuerySet:
    return PhoneChangeRequest.objects.filter(pk__in=photo.cases_behind(case))


_BEHIND: Mapping[Code, Callable[[PhoneChangeRequest], RequestQuerySet]] = {
    Code.CHANGED_RECENTLY: _applied,
    Code.NUMBER_IN_OTHER_CASE: _same_number,
    Code.ASKS_OFTEN: _same_person,
    Code.SAME_PHOTO: _same_photo,
    Code.SAME_ADDRESS: _same_address,
}
