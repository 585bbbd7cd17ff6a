"""When something has happened often enough within a time: pure, knows no database."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that counts towards an alarm about `about`, at microseconds since 1970.

    `what` is counted once however often it happens. `actors` are user names, `branch` is a code. `among` names what
    the events are a share of; an event whose `about` is empty counts for that only.
    """

    about: str
    what: str
    at_us: int
    actors: str = ""
    branch: str = ""
    among: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """The event with which it was enough: `n` different things from `first_us` on."""

    event: Event
    n: int
    first_us: int


@dataclass(slots=True)
class _Window:
    """The events of one `about` within the time, and how often each thing is among them."""

    events: deque[Event] = field(default_factory=deque)
    things: Counter[str] = field(default_factory=Counter)

    def add(self, event: Event, *, length_us: int) -> None:
        self.events.append(event)
        self.things[event.what] += 1
        while self.events[0].at_us <= event.at_us - length_us:
            gone = self.events.popleft().what
            self.things[gone] -= 1
            if not self.things[gone]:
                del self.things[gone]


def crossings(events: Iterable[Event], *, least: int, window: timedelta, share: int = 0) -> Iterator[Crossing]:
    """Yield each event up to which at least `least` different things happened within `window`, in its order.

    `events` come in the order of time. An event just `window` ago no longer counts. With a `share` (per cent) they
    must also be that much of all things `among` which they are.
    """
    length_us = window // timedelta(microseconds=1)
    windows: defaultdict[str, _Window] = defaultdict(_Window)
    wholes: defaultdict[str, _Window] = defaultdict(_Window)
    for event in events:
        if share:
            wholes[event.among].add(event, length_us=length_us)
        if not event.about:
            continue
        mine = windows[event.about]
        mine.add(event, length_us=length_us)
        n = len(mine.things)
        if n >= least and (not share or 100 * n >= share * len(wholes[event.among].things)):
            yield Crossing(event=event, n=n, first_us=mine.events[0].at_us)
