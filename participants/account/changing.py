"""A new password or e-mail address for an account."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal
from participants import registry
from participants.account import SELF
from participants.models import ParticipantAccount


class EmailTaken(Refusal):
    """Another account has this address. Said only to whom a code was sent there."""

    code = "email_taken"
    sentence = _("Another account uses this e-mail address already. Use another address, or call 165.")


@transaction.atomic
def change_password(*, account: ParticipantAccount, new: str, at: datetime, reason: str = "") -> None:
    """Give the account the password `new`, which has been validated. All its sessions end by that.

    `reason` is "forgotten" where a code stood in for the old password.
    """
    account.set_password(new)
    account.save(update_fields=["password"])
    record(
        "participant.password_changed",
        by=SELF,
        about=Thing.of(account),
        subject=account.peserta.uuid,
        reason=reason,
        at=at,
    )


def change_email(*, account: ParticipantAccount, email: str, at: datetime) -> None:
    """Let the account be entered with `email`, which its holder has proved, and write it to the register.

    Raises `EmailTaken`.
    """
    try:
        with transaction.atomic():
            account.email = email.lower()
            account.save(update_fields=["email"])
            registry.set_email(
                peserta_id=account.peserta_id, email=account.email, by=SELF, cause=Thing.of(account), at=at
            )
    except IntegrityError as error:
        raise EmailTaken from error
