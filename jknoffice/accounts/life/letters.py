"""Invitations, and links to a new password, by e-mail: the worker sends them.

A letter is written in the transaction of what it tells about, and deleted once it has gone out, its link with it. One
whose link is dead by then is not sent.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jknoffice import clock
from jknoffice.accounts.login import links
from jknoffice.accounts.models import StaffLetter, User
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.crypto import Purpose, key_for, opened, seal

logger = logging.getLogger(__name__)

SENT, FAILED = "account.letter_sent", "account.letter_failed"
TRIED_FOR = timedelta(days=1)
MOST = 50
"""Letters that one call sends."""


def invite(*, user: User, link: str, at: datetime) -> None:
    """Let the worker send the one-time link `link` (an address) to `user`. Inside a transaction.

    Nothing is written where they have no e-mail address, or no mail server is set.
    """
    if user.email and settings.MAIL_IS_SET_UP:
        sealed = seal(key=key_for(Purpose.STAFF_LETTER), plaintext=link.encode(), bound_to=_place(user))
        StaffLetter.objects.create(user=user, sealed=sealed, created_at=at, expires_at=at + TRIED_FOR)


def send_waiting(*, at: datetime | None = None) -> int:
    """Send the letters that wait; return how many went out. To be called outside of a transaction.

    What a mail server does not take is tried again at the next call, for a day.
    """
    at = at or clock.now()
    waiting = StaffLetter.objects.order_by("tries", "pk")  # what nobody takes keeps no other letter waiting
    return sum(_send(pk, at) for pk in waiting.values_list("pk", flat=True)[:MOST])


@transaction.atomic
def _send(pk: int, at: datetime) -> bool:
    # Another worker that is sending it right now keeps it.
    letter = StaffLetter.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if letter is None:
        return False
    about, by = Thing.of(letter.user), Actor.system("worker")
    try:
        sent = letter.expires_at >= at and _hand_over(letter, at)
    # Whatever a mail server does, and a key that this process does not have yet: the next minute tries again.
    except Exception as error:  # noqa: BLE001
        # Not the error's own words: a mail server quotes the addresses in them.
        logger.error("letter %s: the e-mail did not go out: %s", pk, type(error).__name__)  # noqa: TRY400
        letter.tries += 1
        letter.save(update_fields=["tries"])
        return False
    if sent:
        record(SENT, by=by, about=about, at=at)
    else:
        record(FAILED, by=by, about=about, after={"tries": letter.tries}, at=at)
    letter.delete()
    return sent


def _hand_over(letter: StaffLetter, at: datetime) -> bool:
    """Send a letter unless its link works no more; return whether it was sent."""
    if not links.works(link=_link_in(letter), at=at):
        return False
    message_of(letter).send()
    return True


def message_of(letter: StaffLetter) -> EmailMessage:
    """Return the e-mail, in the product's language. It names neither role nor branch."""
    with override(settings.LANGUAGE_CODE):
        subject = _("JKN Office: your account")
        invitation = _(
            "An account was made for you in JKN Office. With this link you choose your password and set up your"
            " second step. It works once, for %(hours)s hours:\n\n%(link)s\n\nYou did not expect this? Tell your"
            " staff administrator, and do not open the link."
        )
        new_password = _(
            "With this link you choose a new password for your account in JKN Office. Then your second step is asked"
            " for, as at every log-in. It works once, for %(hours)s hours:\n\n%(link)s\n\nYou did not expect this?"
            " Tell your staff administrator, and do not open the link."
        )
        text = (invitation if letter.user.needs_link else new_password) % {
            "hours": links.LIFETIME // timedelta(hours=1),
            "link": _link_in(letter),
        }
    return EmailMessage(
        subject=subject, body=f"{text}\n", to=[letter.user.email], headers={"Auto-Submitted": "auto-generated"}
    )


def _link_in(letter: StaffLetter) -> str:
    return opened(Purpose.STAFF_LETTER, sealed=bytes(letter.sealed), bound_to=_place(letter.user)).decode()


def _place(user: User) -> str:
    return f"letter to {user.pk}"
