"""Making an account for a participant who has proved who they are."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal
from participants.account import SELF
from participants.models import ParticipantAccount, Peserta


class UsernameTaken(Refusal):
    """Somebody else has this user name."""

    code = "username_taken"
    sentence = _("This user name is taken. Choose another one.")


class HasAccount(Refusal):
    """A participant has one account. Said only to whom the registered number has been proved."""

    code = "has_account"

    def __init__(self, account: ParticipantAccount) -> None:
        super().__init__(
            _("You have an account already: %(username)s. Log in, or choose a new password.")
            % {"username": account.username}
        )


def demand_none(peserta: Peserta) -> None:
    """Raise `HasAccount` when this participant has an account."""
    existing = ParticipantAccount.objects.filter(peserta=peserta).first()
    if existing:
        raise HasAccount(existing)


def create(*, peserta: Peserta, username: str, password: str, at: datetime) -> ParticipantAccount:
    """Make the account of `peserta`; user name and password have been validated.

    Runs in the caller's transaction, if there is one. Raises `HasAccount` and `UsernameTaken`.
    """
    demand_none(peserta)
    account = ParticipantAccount(peserta=peserta, username=username, created_at=at)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
            record(
                "participant.registered",
                by=SELF,
                about=Thing.of(account),
                subject=peserta.uuid,
                pii={"username": username},
                at=at,
            )
    except IntegrityError as error:
        demand_none(peserta)  # two clicks at once
        raise UsernameTaken from error
    return account
