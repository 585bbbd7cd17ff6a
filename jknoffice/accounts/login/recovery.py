"""Recovery codes: ten on paper, each of which stands in for the authenticator once."""

import secrets
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import ngettext

from jknoffice.accounts.models import RecoveryCode, User
from jknoffice.audit.log import Thing, record

HOW_MANY = 10
LENGTH = 8
"""Characters of 5 bits each."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that people take for something else."""
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, "–": None})


def new_codes(user: User) -> list[str]:
    """Give the user ten fresh codes instead of any old ones, and return them as printed: `3-ABCD-EFGH`.

    Only slow hashes of them are kept. To be called inside a transaction.
    """
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(LENGTH)) for _ in range(HOW_MANY)]
    numbered = list(enumerate(codes, start=1))
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, number=number, digest=make_password(code)) for number, code in numbered
    )
    return [f"{number}-{code[:4]}-{code[4:]}" for number, code in numbered]


def use(*, user: User, typed: str, at: datetime) -> bool:
    """Use up the code that was typed, and record it; return whether it was a good one.

    Its number stands before the last eight characters; dashes, spaces and small letters make no difference. To be
    called inside a transaction: it locks the code's row, so that of two at once one wins.
    """
    plain = "".join(typed.upper().split()).translate(_LOOKALIKES)
    number, code = plain[:-LENGTH], plain[-LENGTH:]
    if not (number.isascii() and number.isdigit() and len(number) <= len(str(HOW_MANY))):
        return False
    row = RecoveryCode.objects.select_for_update().filter(user=user, number=int(number), used_at=None).first()
    if row is None or not check_password(code, row.digest):
        return False
    row.used_at = at
    row.save(update_fields=["used_at"])
    record("account.recovery_used", by=user.as_actor(), about=Thing.of(user), after={"number": row.number}, at=at)
    return True


def left(user: User) -> int:
    """Return how many codes the user has left."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def said_left(user: User) -> str:
    """Return the sentence that tells who has just used one."""
    n = left(user)
    return ngettext("You have %(n)s recovery code left.", "You have %(n)s recovery codes left.", n) % {"n": n}
