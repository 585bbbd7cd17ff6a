"""Signals about the participant."""

from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants import identifiers
from participants.models.choices import Membership
from verification.models import PhoneChangeRequest
from verification.signals.sign import Case, Facts

RECENT = timedelta(days=90)
OFTEN = 2
_ALIVE = frozenset(Membership) - {Membership.ACTIVE, Membership.DECEASED}


def changed_recently(case: Case) -> Facts | None:
    """Find that the registered number was changed within 90 days."""
    changed_at = case.peserta.phone_changed_at
    if changed_at is None or changed_at <= case.at - RECENT:
        return None
    return {"changed": changed_at.isoformat(), "days": (case.at - changed_at).days}


def tell_changed(facts: Facts) -> str:
    """Say when."""
    changed = localtime(datetime.fromisoformat(str(facts["changed"])))
    days = int(facts["days"])
    return ngettext(
        "Last changed on %(date)s, %(days)s day before.", "Last changed on %(date)s, %(days)s days before.", days
    ) % {"date": date_format(changed.date()), "days": days}


def deceased(case: Case) -> Facts | None:
    """Find that the register calls the participant deceased."""
    return {} if case.peserta.status == Membership.DECEASED else None


def not_active(case: Case) -> Facts | None:
    """Find that the participant is insured no more, but alive."""
    status = case.peserta.status
    return {"status": status} if status in _ALIVE else None


def tell_status(facts: Facts) -> str:
    """Say the status in the register."""
    status = Membership(str(facts.get("status", Membership.DECEASED)))
    return _("Status in the register: %(status)s.") % {"status": status.label}


def nik_disagrees(case: Case) -> Facts | None:
    """Find that the NIK tells another birth date, sex or district. Real registers hold such NIKs."""
    peserta = case.peserta
    found = identifiers.oddities(nik=peserta.nik, birth_date=peserta.birth_date, sex=peserta.sex)
    return {"oddities": len(found)} if found else None


def tell_nik(facts: Facts) -> str:
    """Say how much disagrees."""
    count = int(facts["oddities"])
    return ngettext(
        "%(count)s thing in the NIK does not fit; it stands beside the register's data.",
        "%(count)s things in the NIK do not fit; they stand beside the register's data.",
        count,
    ) % {"count": count}


def asks_often(case: Case) -> Facts | None:
    """Find two or more other requests of this participant within 90 days."""
    others = PhoneChangeRequest.objects.filter(peserta=case.peserta, submitted_at__gt=case.at - RECENT)
    count = others.exclude(pk=case.request.pk).count()
    return {"requests": count, "since": _day(case.at - RECENT)} if count >= OFTEN else None


def tell_often(facts: Facts) -> str:
    """Say how many."""
    since = date_format(date.fromisoformat(str(facts["since"])))
    return _("%(requests)s other requests since %(date)s.") % {"requests": facts["requests"], "date": since}


def _day(moment: datetime) -> str:
    return localtime(moment).date().isoformat()
