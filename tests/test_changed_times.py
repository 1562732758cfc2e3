"""However the times of check-ins are changed, a day is never asked more often than it has times."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.due import carried, next_due, slot
from flows.person import Schedule

HOUR = timedelta(hours=1)
START = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
CLOCKS = [f"{hour:02}:00" for hour in range(7, 22)]
TIMES = st.lists(st.sampled_from(CLOCKS), min_size=1, max_size=2, unique=True).map(sorted)


def times(clocks: list[str]) -> Schedule:
    return Schedule(version=1, days="0123456", clock=clocks[0], second="".join(clocks[1:]), zone="Europe/London")


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(TIMES, st.lists(st.tuples(st.integers(1, 30), TIMES), min_size=1, max_size=8))
def test_a_day_is_asked_no_more_often_than_it_has_times_however_these_are_changed(
    first: list[str], changes: list[tuple[int, list[str]]]
) -> None:
    plan, now, asked, most = times(first), START, Counter[str](), Counter[str]()
    for hours, clocks in (*changes, (48, first)):
        until = now + hours * HOUR
        while (due := next_due(plan, now)) <= until:
            now, plan = due, plan.moved(slot=slot(plan, due))
            day = plan.slot[:10]
            asked[day] += 1
            most[day] = max(most[day], 2 if plan.second else 1)
        now, changed = until, times(clocks)
        plan = changed.moved(slot=carried(plan, changed))

    assert asked
    assert all(number <= most[day] for day, number in asked.items())


def test_of_two_times_a_day_the_second_still_comes_after_a_change() -> None:
    before = times(["09:00", "18:00"]).moved(slot="2026-11-02T09:00")
    after = times(["10:00", "20:00"])

    moved = after.moved(slot=carried(before, after))

    assert next_due(moved, START + 5 * HOUR) == datetime(2026, 11, 2, 20, 0, tzinfo=UTC)


def test_a_day_on_which_nothing_was_asked_yet_is_asked_at_its_new_time() -> None:
    before = times(["09:00"]).moved(slot="2026-11-01T09:00")
    after = times(["12:00"])

    moved = after.moved(slot=carried(before, after))

    assert next_due(moved, START) == datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
