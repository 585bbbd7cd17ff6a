"""Taking everything from somebody that they log in with besides the password."""

from dataclasses import dataclass

from jknoffice.accounts.models import Authenticator, Passkey, PasskeyChallenge, RecoveryCode, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How many there were of each."""

    authenticators: int
    passkeys: int
    recovery_codes: int

    @property
    def factors(self) -> int:
        """How many that count by themselves, besides the paper."""
        return self.authenticators + self.passkeys


def forget_all(*, user: User) -> Forgotten:
    """Delete every second factor of `user`, who sets up a new one at the next log-in; return how many there were.

    Sessions that one of them vouched for are over with that. To be called inside the transaction that records it;
    raises `TransactionManagementError` outside of one.
    """
    User.objects.select_for_update().get(pk=user.pk)
    PasskeyChallenge.objects.filter(user=user).delete()
    return Forgotten(
        authenticators=Authenticator.objects.filter(user=user).delete()[0],
        passkeys=Passkey.objects.filter(user=user).delete()[0],
        recovery_codes=RecoveryCode.objects.filter(user=user).delete()[0],
    )
