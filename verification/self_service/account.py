"""What a confirmed code leads to: an account, a new password, a new e-mail address."""

from datetime import datetime

from django.db import transaction

from participants.account import changing, creating
from participants.models import ParticipantAccount
from verification import outbox
from verification.models.account_code import Purpose
from verification.self_service import codes


@transaction.atomic
def register(*, code_id: int, username: str, password: str, at: datetime) -> ParticipantAccount:
    """Make an account for whom the code proves; raises `codes.NoProof` and what `creating.create()` raises."""
    proof = codes.use(code_id=code_id, purpose=Purpose.REGISTER, at=at)
    if proof.peserta is None:
        raise AssertionError("a code that fits nobody cannot be used")
    return creating.create(peserta=proof.peserta, username=username, password=password, at=at)


@transaction.atomic
def change_password(*, account: ParticipantAccount, new: str, language: str, at: datetime) -> None:
    """Give the account of who has typed the old password the password `new`, and tell the registered number."""
    changing.change_password(account=account, new=new, at=at)
    _tell(account, language, at)


@transaction.atomic
def reset_password(*, code_id: int, new: str, language: str, at: datetime) -> ParticipantAccount:
    """Give the account of whom the code proves the password `new`, and tell the number. Raises `codes.NoProof`."""
    proof = codes.use(code_id=code_id, purpose=Purpose.PASSWORD, at=at)
    account = ParticipantAccount.objects.select_related("peserta").get(peserta=proof.peserta)
    changing.change_password(account=account, new=new, at=at, reason="forgotten")
    _tell(account, language, at)
    return account


@transaction.atomic
def confirm_email(*, code_id: int, account: ParticipantAccount, email: str, language: str, at: datetime) -> None:
    """Write the address to which the code went, and tell the registered number.

    Raises `codes.NoProof` and `changing.EmailTaken`.
    """
    proof = codes.use(code_id=code_id, purpose=Purpose.EMAIL, at=at)
    if proof.peserta_id != account.peserta_id:
        raise codes.NoProof
    changing.change_email(account=account, email=email, at=at)
    _tell(account, language, at)


def _tell(account: ParticipantAccount, language: str, at: datetime) -> None:
    """Tell the registered number that what lets somebody in has changed (OWASP ASVS 5.0, 6.3.7)."""
    if account.peserta.phone:
        outbox.write(
            request=None, language=language, to=account.peserta.phone, template="account_changed", context={}, at=at
        )
