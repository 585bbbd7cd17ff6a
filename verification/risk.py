"""What speaks for a second look: signs that are shown with their evidence. None decides by itself."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models import Peserta
from participants.models.choices import Membership
from verification.models import PhoneChangeRequest

RECENT = timedelta(days=90)
FAMILIES = 3


class Signal(models.TextChoices):
    """The signs. A case with any of them needs a second approval."""

    CHANGED_RECENTLY = "changed_recently", _("The registered number was changed within the last 90 days")
    NUMBER_SHARED = "number_shared", _("The new number is registered for three or more other families")
    NUMBER_IN_OTHER_CASE = "number_in_other_case", _("Another family asks for the same new number")
    DECEASED = "deceased", _("The participant is registered as deceased")


def signals(*, request: PhoneChangeRequest, at: datetime) -> list[str]:
    """Return the values of the signs that a request shows at a moment, in the order of `Signal`."""
    peserta = request.peserta
    if peserta is None:
        return []
    found = {
        Signal.CHANGED_RECENTLY: peserta.phone_changed_at is not None and peserta.phone_changed_at > at - RECENT,
        Signal.NUMBER_SHARED: _families_with(request.new_phone, peserta) >= FAMILIES,
        Signal.NUMBER_IN_OTHER_CASE: _asked_by_others(request, peserta),
        Signal.DECEASED: peserta.status == Membership.DECEASED,
    }
    return [signal.value for signal in Signal if found[signal]]


def _families_with(phone: str, peserta: Peserta) -> int:
    others = Peserta.objects.filter(phone=phone).exclude(pk=peserta.pk).exclude(kk_number=peserta.kk_number)
    return others.values("kk_number").distinct()[:FAMILIES].count()


def _asked_by_others(request: PhoneChangeRequest, peserta: Peserta) -> bool:
    others = PhoneChangeRequest.objects.open().filter(new_phone=request.new_phone).exclude(pk=request.pk)
    return others.exclude(peserta__kk_number=peserta.kk_number).filter(peserta__isnull=False).exists()
