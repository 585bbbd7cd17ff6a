"""The table of rules: what counts, from how many on, within which time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jknoffice.alarms import histories
from jknoffice.alarms.crossing import Event
from jknoffice.alarms.histories import Span
from jknoffice.alarms.models import Rule

Find: TypeAlias = Callable[[Span], Iterable[Event]]

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When a rule raises an alarm: `least` things of what `find` finds, within `window`.

    `share` is the least per cent of all things among which they are, 0 where that does not matter. `advice` tells
    people what may be behind it and what to do. The rule is evaluated `every` so often.
    """

    find: Find
    least: int
    window: timedelta
    advice: str | Promise
    share: int = 0
    every: timedelta = timedelta(0)


def table() -> Mapping[Rule, Terms]:
    """Return the terms of every rule, with the settings as they are now."""
    return {
        Rule.REFUSALS: Terms(
            find=histories.refusals,
            least=10,
            window=HOUR,
            advice=_("Somebody tries what is not theirs, or a page leads people astray. Look what was refused."),
        ),
        Rule.READS: Terms(
            find=histories.reads_without_case,
            least=20,
            window=HOUR,
            advice=_("Callers' questions may explain looks into the register without a case. Ask what they were for."),
        ),
        Rule.NIGHT: Terms(
            find=histories.night_work,
            least=5,
            window=timedelta(hours=12),
            advice=_("Ask whether the person was on duty then, or whether somebody else used the account."),
        ),
        Rule.REVEALS: Terms(
            find=histories.reveals,
            least=settings.REVEALS_PER_HOUR,
            window=HOUR,
            advice=_("The person cannot reveal more for now. Look whose values they were, and ask for the reason."),
        ),
        Rule.PAIR: Terms(
            find=histories.pairs,
            least=10,
            window=timedelta(days=7),
            share=50,
            every=HOUR,
            advice=_("One enters or approves, the other approves, again and again. Let others decide their cases."),
        ),
        Rule.APPROVALS: Terms(
            find=histories.approvals,
            least=60,
            window=HOUR,
            advice=_("More than one a minute: nobody compares photos so fast. Look at some of the cases again."),
        ),
        Rule.GLASS: Terms(
            find=histories.broken_glass,
            least=1,
            window=HOUR,
            advice=_("Read the reason on the page of the case, and ask the colleague when it does not convince you."),
        ),
        Rule.COPIED: Terms(
            find=histories.copied_passkeys,
            least=1,
            window=HOUR,
            advice=_("It counts no more, and the person's sessions have ended. Ask where the device has been."),
        ),
        Rule.HALT: Terms(
            find=histories.halts,
            least=1,
            window=HOUR,
            advice=_("The log or its seals may have been altered. Do not restart anything before the cause is known."),
        ),
    }
