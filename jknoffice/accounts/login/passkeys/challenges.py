"""What a passkey is asked to sign: kept by the server, for one session, for five minutes, and used once."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.login.attempts import NotProved
from jknoffice.accounts.models import PasskeyChallenge, User

Purpose = PasskeyChallenge.Purpose

LIFETIME = timedelta(minutes=5)
BYTES = 32
"""WebAuthn Level 3, 13.4.3: 16 at least."""


class LateAnswer(NotProved):
    """Nothing is asked in this session any more: it was too long ago, was answered before, or never was."""

    code = "passkey_late"
    sentence = _("Too much time has passed, or this was sent before. Press the button once more.")


def issue(
    *, user: User, session: str, purpose: Purpose, at: datetime, name: str = "", proved_by: str = ""
) -> PasskeyChallenge:
    """Ask something new of a person's passkeys, in the place of what was asked before in this session.

    `session` is `audit.context.current_session()`. For `Purpose.NEW`, `name` is what the passkey will be called, and
    `proved_by` the method by which the person has just proved who they are.
    """
    row, _created = PasskeyChallenge.objects.update_or_create(
        session=session,
        purpose=purpose,
        defaults={
            "user": user,
            "challenge": secrets.token_bytes(BYTES),
            "name": name,
            "proved_by": proved_by,
            "expires_at": at + LIFETIME,
        },
    )
    return row


@transaction.atomic
def take(*, user: User, session: str, purpose: Purpose, at: datetime) -> PasskeyChallenge:
    """Return what was asked, and forget it: of two answers at once, one finds it. Raises `LateAnswer`.

    To be called outside of a transaction, so that nothing brings it back.
    """
    asked = PasskeyChallenge.objects.select_for_update().filter(user=user, session=session, purpose=purpose)
    row = asked.filter(expires_at__gt=at).first()
    if row is None:
        raise LateAnswer
    PasskeyChallenge.objects.filter(pk=row.pk).delete()
    return row
