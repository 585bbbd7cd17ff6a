"""Forgetting all second factors of somebody: what a reset does."""

from django.db import transaction

from jknoffice.accounts.models import Authenticator, RecoveryCode, User


def forget_all(*, user: User) -> int:
    """Delete every second factor of `user`, recovery codes included, and return how many authenticators there were.

    To be called in the transaction of the step that records it; sessions end by that step as well
    (`sessions.ending`). Raises `TransactionManagementError` outside of one.
    """
    with transaction.atomic(savepoint=False):
        RecoveryCode.objects.filter(user=user).delete()
        return int(Authenticator.objects.filter(user=user).delete()[0])
