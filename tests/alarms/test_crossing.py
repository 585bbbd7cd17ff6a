"""When it is enough: against counting anew for each event."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from jknoffice.alarms.crossing import Crossing, Event, crossings

WINDOW = timedelta(microseconds=10)

events = st.lists(
    st.builds(
        Event,
        about=st.sampled_from(["", "a", "b"]),
        what=st.sampled_from("123456"),
        at_us=st.integers(0, 30),
        among=st.sampled_from("xy"),
    ),
    max_size=40,
).map(lambda found: sorted(found, key=lambda event: event.at_us))


@given(events=events, least=st.integers(1, 4), share=st.sampled_from([0, 50, 100]))
def test_the_windows_count_what_counting_anew_counts(events: list[Event], least: int, share: int) -> None:
    expected = []
    for place, event in enumerate(events):
        before = [each for each in events[: place + 1] if each.at_us > event.at_us - 10]
        mine = [each for each in before if each.about == event.about]
        n, whole = len({each.what for each in mine}), len({e.what for e in before if e.among == event.among})
        if event.about and n >= least and 100 * n >= share * whole:
            expected.append(Crossing(event=event, n=n, first_us=mine[0].at_us))
    assert list(crossings(events, least=least, window=WINDOW, share=share)) == expected
