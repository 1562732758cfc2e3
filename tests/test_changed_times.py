"""However the times of check-ins are changed, a day is never asked more often than it has times."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flows import schedule
from flows.advance import advance
from flows.consent import PERMISSIONS
from flows.due import carried, next_due, slot
from flows.effects import Begin, CancelTimers, Effect, Wake
from flows.events import CameDue, Tapped
from flows.person import Consent, Person, Place, Schedule
from tests.talks import LIBRARY

HOUR = timedelta(hours=1)
START = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
CLOCKS = [f"{hour:02}:00" for hour in range(7, 22)]
GIVEN = tuple(Consent(permission=name, given=True, version="", at=START) for name in PERMISSIONS)
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


def checkin(wake: Wake | None, effects: list[Effect]) -> Wake | None:
    """The timer of the next check-in, once the effects are carried out."""
    for one in effects:
        if isinstance(one, CancelTimers) and (not one.timers or "checkin" in one.timers):
            wake = None
        if isinstance(one, Wake) and one.timer == "checkin":
            wake = one
    return wake


def sets(person: Person, clocks: list[str], at: datetime) -> tuple[Person, list[Effect]]:
    """Somebody answers when check-ins shall come."""
    said = (
        (("time", clocks[0]),) if len(clocks) == 1 else (("time", "twice"), ("first", clocks[0]), ("second", clocks[1]))
    )
    answers = (("days", "every_day"), *said, ("zone", "Europe/London"))
    return schedule.chosen(
        LIBRARY.book, person, Place(questionnaire="schedule", run=1, item="zone", at=at, answers=answers)
    )


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.integers(1, 30), TIMES, st.booleans()), min_size=2, max_size=8))
def test_a_day_is_asked_no_more_often_than_it_has_times_though_check_ins_end_and_are_set_anew(
    changes: list[tuple[int, list[str], bool]],
) -> None:
    person, wake, now = Person(id="P", language="en", role="caregiver", consents=GIVEN), None, START
    asked, most = Counter[str](), Counter[str]()
    for hours, clocks, ends in changes:
        if ends and person.schedule:
            tap = Tapped(at=now, item="checkins", option="end", about="", version="x")
            person, effects = advance(LIBRARY.book, person, tap)
            wake = checkin(wake, effects)
            assert wake is None
        person, effects = sets(person, clocks, now)
        wake, until = checkin(wake, effects), now + hours * HOUR
        while wake and wake.at <= until:
            now = wake.at
            event, wake = CameDue(at=now, timer=wake.timer, serves=wake.serves), None
            person, effects = advance(LIBRARY.book, person, event)
            person, wake = person.moved(place=None, waiting=None), checkin(wake, effects)
            if any(isinstance(one, Begin) and one.questionnaire == "daily" for one in effects):
                asked[f"{now:%F}"] += 1
                most[f"{now:%F}"] = max(most[f"{now:%F}"], len(clocks))
        now = until

    assert all(number <= most[day] for day, number in asked.items())
