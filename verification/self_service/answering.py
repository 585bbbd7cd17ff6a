"""The worker's part of a code: look whom the given data fit, and send it to them, and to nobody else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jknoffice import clock
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from participants.account import login
from participants.models import ParticipantAccount, Peserta
from verification import codes, outbox
from verification.models import AccountCode
from verification.models.account_code import Purpose
from verification.self_service.codes import digest, given_to

WORKER = Actor.system("worker")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a code is for, and where it goes: to `number` (E.164) or, where that is empty, to `email`."""

    peserta: Peserta
    number: str = ""
    email: str = ""


@transaction.atomic
def answer(*, code_id: int, at: datetime | None = None) -> None:
    """Send an ordered code if what was given fits somebody; record why not, if it does not.

    Done once. What fits nobody gets a code all the same, which nobody knows. A mail server's failure goes through to
    the caller, and the order stays open.
    """
    at = at or clock.now()
    row = AccountCode.objects.select_for_update().filter(pk=code_id, answered_at__isnull=True).first()
    if row is None:
        return
    holder = _HOLDERS[Purpose(row.purpose)](given_to(row))
    reason = _withheld(row, holder, at)
    code = codes.new()
    row.sealed, row.answered_at, row.digest = None, at, digest(row, code)
    if holder and not reason:
        row.peserta, row.number = holder.peserta, holder.number
    row.save(update_fields=["sealed", "answered_at", "digest", "peserta", "number"])
    record(
        "participant.proof_refused" if reason else "participant.code_sent",
        by=WORKER,
        about=Thing.of(row),
        subject=holder.peserta.uuid if holder else None,
        reason=reason or row.purpose,
        at=at,
    )
    if holder and not reason:
        _send(row, holder, code, at)


def _withheld(row: AccountCode, holder: Holder | None, at: datetime) -> str:
    """Return the code of what stands against sending, or ""."""
    if holder is None:
        return "no_match"
    if row.expires_at <= at:
        return "expired"
    if holder.number:
        # By the number itself: the order was counted by what was given, and a number can be asked for in many ways.
        codes.hold(holder.number)
        if codes.wait(AccountCode.objects.filter(number=holder.number), at=at):
            return codes.TooManyCodes.code
    return ""


def _send(row: AccountCode, holder: Holder, code: str, at: datetime) -> None:
    context = {"code": code, "minutes": str(settings.CODE_LIFETIME // timedelta(minutes=1))}
    if holder.number:
        outbox.write(
            request=None,
            language=row.language,
            to=holder.number,
            template="code",
            context=context,
            at=at,
            lifetime=row.expires_at - at,
        )
        return
    with override(row.language):
        subject = _("Your code for the JKN number change")
        body = _(
            "Your code is %(code)s. It is valid for %(minutes)s minutes.\n\n"
            "Type it on the page where you asked for it, and tell it to nobody. If you did not ask for it, "
            "you need not do anything.\n\nBPJS Kesehatan, Care Center 165"
        )
        send_mail(subject, body % context, None, [holder.email])


def _to_register(given: Mapping[str, str]) -> Holder | None:
    column = "nik" if len(given["identifier"]) == 16 else "card_number"
    born = date.fromisoformat(given["birth_date"])
    found = Peserta.objects.filter(**{column: given["identifier"]}, birth_date=born, phone=given["phone"]).first()
    return Holder(found, number=given["phone"]) if found else None


def _who_forgot(given: Mapping[str, str]) -> Holder | None:
    account = login.find(given["name"])
    return Holder(account.peserta, number=account.peserta.phone) if account and account.peserta.phone else None


def _of_account(given: Mapping[str, str]) -> Holder | None:
    account = ParticipantAccount.objects.select_related("peserta").filter(pk=int(given["account"])).first()
    return Holder(account.peserta, email=given["email"]) if account else None


_HOLDERS: Mapping[Purpose, Callable[[Mapping[str, str]], Holder | None]] = {
    Purpose.REGISTER: _to_register,
    Purpose.PASSWORD: _who_forgot,
    Purpose.EMAIL: _of_account,
}
