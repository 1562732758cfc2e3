"""Figures for coordinators, against small numbers that were counted by hand."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from xml.etree import ElementTree

import pytest

from bot.figures import table
from content.figures import AlertTimes, Figures, count, message
from flows.book import Hours, Urgency
from flows.person import Person
from tests.talks import LIBRARY

ALWAYS = replace(LIBRARY.book.pathway, working=Hours())
NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)  # Saturday of week 48
LAST = NOW - timedelta(days=7)
NURSE = Person(id="NURSE001", language="en", staff=True)


def alert(minutes: float | None, urgency: Urgency = Urgency.EMERGENCY, state: str = "taken") -> AlertTimes:
    at = NOW - timedelta(days=1)
    return AlertTimes(
        urgency=urgency,
        at=at,
        state="open" if minutes is None else state,
        taken_at=None if minutes is None else at + timedelta(minutes=minutes),
    )


def small() -> Figures:
    """20 asked last week: 18 answered, 1 missed, 1 broken off. 5 this week: 2 answered, 1 missed, 2 open."""
    begun = [
        (LAST, "completed", 18),
        (LAST, "missed", 1),
        (LAST, "stopped", 1),
        (NOW, "completed", 2),
        (NOW, "missed", 1),
        (NOW, "in-progress", 2),
    ]
    raised = [alert(2), alert(4), alert(10), alert(None), alert(90, Urgency.URGENT, "closed")]
    return count(begun, raised, ALWAYS, NOW, 3)


def test_completion_is_of_those_that_have_ended() -> None:
    weeks = small().weeks

    assert [(week.asked, week.answered, week.missed, week.open, week.percent) for week in weeks] == [
        (0, 0, 0, 0, None),
        (20, 18, 1, 0, 90),
        (5, 2, 1, 2, 67),
    ]
    assert [week.monday.isoformat() for week in weeks] == ["2026-11-09", "2026-11-16", "2026-11-23"]


def test_times_are_told_by_urgency_with_the_middle_and_the_slow_ones() -> None:
    emergency, urgent = small().alerts

    assert (emergency.raised, emergency.open, emergency.taken, emergency.closed) == (4, 1, 3, 0)
    assert (emergency.middle, emergency.late) == (4, 10)
    assert (urgent.raised, urgent.closed, urgent.middle, urgent.late) == (1, 1, 90, 90)


@pytest.mark.parametrize(
    ("waits", "middle", "late"),
    [([1], 1, 1), ([1, 2], 1.5, 2), (range(1, 21), 10.5, 19), (range(1, 101), 50.5, 95), ([5, 1, 9], 5, 9)],
)
def test_of_a_hundred_the_ninety_fifth_is_the_slow_one(waits: list[int], middle: float, late: float) -> None:
    (found,) = count([], [alert(minutes) for minutes in waits], ALWAYS, NOW, 1).alerts

    assert (found.middle, found.late) == (middle, late)


def test_what_is_urgent_waits_in_working_hours_and_an_emergency_at_any_time() -> None:
    weekdays = replace(ALWAYS, working=Hours(days="01234", start=time(8), end=time(18)))
    friday, monday = datetime(2026, 11, 20, 17, 0, tzinfo=UTC), datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    raised = [AlertTimes(urgency=one, at=friday, state="taken", taken_at=monday) for one in Urgency]
    at_once = AlertTimes(urgency=Urgency.URGENT, at=friday + timedelta(hours=5), state="taken", taken_at=monday)

    emergency, urgent, *_ = count([], [*raised, at_once], weekdays, NOW, 2).alerts

    assert emergency.waits == (63.5 * 60,)
    assert urgent.waits == (60 + 30, 30)


def test_a_week_begins_on_monday_where_the_site_is() -> None:
    sunday = [(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), "completed", 1)]  # Sunday evening in New York

    assert [week.asked for week in count(sunday, [], replace(ALWAYS, zone="America/New_York"), NOW, 2).weeks] == [1, 0]
    assert [week.asked for week in count(sunday, [], ALWAYS, NOW, 2).weeks] == [0, 1]


def test_the_table_the_words_and_the_picture_say_the_same() -> None:
    found = small()
    lines = [line.split() for line in table(found)]
    shown = message(LIBRARY, NURSE, found)
    drawn = [one.text for one in ElementTree.fromstring(shown.svg).iter() if one.text]

    assert lines[1:4] == [
        ["2026-W46", "0", "0", "0", "0", "-"],
        ["2026-W47", "20", "18", "1", "0", "90"],
        ["2026-W48", "5", "2", "1", "2", "67"],
    ]
    assert lines[6:] == [["emergency", "4", "1", "3", "0", "4", "10"], ["urgent", "1", "0", "0", "1", "90", "90"]]
    assert "Week 47: 90 % (18 answered, 1 missed, 0 open, of 20 asked)" in shown.text
    assert (
        "EMERGENCY: 4 raised, 1 open, 3 taken, 0 closed. Half within 4 minutes, 95 of a hundred within 10."
        in shown.text
    )
    assert {"W47", "90%", "18/20", "W48", "67%", "2/3", "–", "EMERGENCY: half within 4, 95 % within 10"} <= set(drawn)
