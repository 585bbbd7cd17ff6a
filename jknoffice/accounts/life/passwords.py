"""A forgotten password: one administrator makes it void, and a one-time link lets its owner choose another.

The link is half of a log-in: the second step is asked for as ever (OWASP ASVS 5.0, 6.4.3). So this is for who has one.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts import notices
from jknoffice.accounts.life import letters, rules
from jknoffice.accounts.life.rules import VoidWhy
from jknoffice.accounts.login import factors, links
from jknoffice.accounts.models import User, WebSession
from jknoffice.accounts.models.user import State
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal

VOIDED = "account.password_voided"


class NoFactor(Refusal):
    """A link to a password that is all there is would be the whole account, in the hands of one administrator."""

    code = "no_factor"
    sentence = _(
        "This person has no second step, so the link alone would let in whoever holds it. Close this account and invite"
        " them anew under another user name."
    )


@transaction.atomic
def void(*, user: User, why: VoidWhy, by: User, at: datetime | None = None) -> str:
    """Make somebody's password void; return the one-time link with which they choose another, to hand over.

    All sessions end (the database does it with the password). The link goes out by e-mail as an invitation does, and
    the person is told besides; an earlier link is dead. It can be done again, for a newer link. Raises what
    `rules.both()` raises, `rules.NotInThisState` for whoever is not active, and `NoFactor`.
    """
    at = at or clock.now()
    row, me = rules.both(user=user, by=by)
    rules.demand_state(row, State.ACTIVE)
    if not factors.has_second_factor(row):
        raise NoFactor
    sessions = WebSession.objects.filter(user=row).count()
    row.set_unusable_password()
    row.save(update_fields=["password"])
    after = {"sessions_ended": sessions}
    record(VOIDED, by=me.as_actor(), about=Thing.of(row), after=after, reason=why.value, at=at)
    notices.order(user=row, event=notices.Event.VOIDED, at=at)
    link = links.issue(user=row, by=me.as_actor(), made_by=me, at=at)
    letters.invite(user=row, link=link, at=at)
    return link
