"""What stands behind a risk signal, in sentences and with the cases that it comes from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jknoffice.accounts.models import User
from participants.models import Peserta
from verification.models import PhoneChangeRequest
from verification.models.request import RequestQuerySet
from verification.moments import written
from verification.risk import Signal
from verification.states import Status

SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A signal in words. `cases` are those within reach that it comes from."""

    label: str | Promise
    sentence: str = ""
    cases: tuple[PhoneChangeRequest, ...] = ()


def evidence(
    *, case: PhoneChangeRequest, peserta: Peserta, codes: Iterable[str], by: User, at: datetime
) -> list[Evidence]:
    """Return what stands behind the signals `codes` of a participant's case at a moment, as far as `by` may know it."""
    return [_SENTENCES[Signal(code)](case, peserta, by, at) for code in codes]


def _changed_recently(case: PhoneChangeRequest, peserta: Peserta, by: User, at: datetime) -> Evidence:
    changed_at = peserta.phone_changed_at
    sentence = (
        _("Last changed on %(moment)s, %(ago)s ago.")
        % {"moment": written(changed_at), "ago": timesince(changed_at, at, depth=1)}
        if changed_at
        else ""
    )
    earlier = PhoneChangeRequest.objects.filter(peserta=peserta, status=Status.APPLIED).exclude(pk=case.pk)
    return Evidence(label=Signal.CHANGED_RECENTLY.label, sentence=sentence, cases=_in_reach(earlier, by))


def _number_shared(case: PhoneChangeRequest, peserta: Peserta, by: User, at: datetime) -> Evidence:
    holders = Peserta.objects.filter(phone=case.new_phone).exclude(kk_number=peserta.kk_number)
    found = holders.aggregate(people=Count("pk"), families=Count("kk_number", distinct=True))
    sentence = ngettext(
        "%(people)s participant in %(families)s families has it.",
        "%(people)s participants in %(families)s families have it.",
        found["people"],
    )
    return Evidence(label=Signal.NUMBER_SHARED.label, sentence=sentence % found)


def _in_other_case(case: PhoneChangeRequest, peserta: Peserta, by: User, at: datetime) -> Evidence:
    others = PhoneChangeRequest.objects.open().filter(new_phone=case.new_phone, peserta__isnull=False)
    others = others.exclude(pk=case.pk).exclude(peserta__kk_number=peserta.kk_number)
    count = others.count()
    branches = ", ".join(others.order_by("branch__name").values_list("branch__name", flat=True).distinct()[:SHOWN])
    sentence = ngettext("%(count)s open case, at %(branches)s.", "%(count)s open cases, at %(branches)s.", count)
    return Evidence(
        label=Signal.NUMBER_IN_OTHER_CASE.label,
        sentence=sentence % {"count": count, "branches": branches},
        cases=_in_reach(others, by),
    )


def _deceased(case: PhoneChangeRequest, peserta: Peserta, by: User, at: datetime) -> Evidence:
    sentence = _("Status in the register: %(status)s.") % {"status": peserta.get_status_display()}
    return Evidence(label=Signal.DECEASED.label, sentence=sentence)


def _in_reach(cases: RequestQuerySet, by: User) -> tuple[PhoneChangeRequest, ...]:
    return tuple(cases.for_user(by).order_by("-submitted_at")[:SHOWN])


_SENTENCES: Mapping[Signal, Callable[[PhoneChangeRequest, Peserta, User, datetime], Evidence]] = {
    Signal.CHANGED_RECENTLY: _changed_recently,
    Signal.NUMBER_SHARED: _number_shared,
    Signal.NUMBER_IN_OTHER_CASE: _in_other_case,
    Signal.DECEASED: _deceased,
}
