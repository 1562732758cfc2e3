"""When coordinators work: an alert is never left without a next step in time, at any time, in any zone."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from flows import alerts, hours
from flows.book import Book, Hours, Urgency
from flows.due import awake, in_zone
from flows.effects import Alert, Amend, Say, Tell, Wake
from flows.events import CameDue
from flows.person import Consent, Person, Schedule
from tests.talks import LIBRARY, START

BOOK = LIBRARY.book
DAY, NIGHT, QUARTER = timedelta(days=1), timedelta(hours=10), timedelta(minutes=15)
ZONES = sorted(available_timezones())
GIVEN = tuple(Consent(permission=name, given=True, version="", at=START) for name in ("keep", "show"))
CARER = Person(id="CARER001", language="en", role="caregiver", near="with_them", consents=GIVEN)
ROTA = ("NURSE001", "NURSE002", "NURSE003")

moments = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
days = st.sets(st.sampled_from("0123456"), min_size=1).map(lambda found: "".join(sorted(found)))
shifts = st.builds(Hours, days=days, start=clocks, end=clocks, held=st.booleans())
ROUND_THE_CLOCK = Hours()


def at_site(zone: str, shift: Hours) -> Book:
    return replace(BOOK, pathway=replace(BOOK.pathway, zone=zone, working=shift))


def alert(urgency: Urgency) -> Alert:
    return Alert(run=1, urgency=urgency, signs=("words",), advice="back_new")


def by_clock(book: Book, at: datetime) -> bool:
    """Whether the clock of the site stands in the working hours."""
    shift, here = book.pathway.working, in_zone(book.pathway.zone, at)
    today, before = str(here.weekday()) in shift.days, str((here - DAY).weekday()) in shift.days
    if shift.start < shift.end:
        return today and shift.start <= here.time() < shift.end
    return (today and here.time() >= shift.start) or (before and here.time() < shift.end)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), shifts, moments)
def test_coordinators_work_by_the_clock_of_the_site(zone: str, shift: Hours, at: datetime) -> None:
    book = at_site(zone, shift)
    changed = {in_zone(zone, at + n * DAY).utcoffset() for n in (-2, -1, 0, 1)}

    assert hours.works(book.pathway, at) == by_clock(book, at) or len(changed) > 1


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), shifts, moments, st.integers(1, 40))
def test_what_was_worked_is_what_was_waited(zone: str, shift: Hours, at: datetime, quarters: int) -> None:
    site, wait = at_site(zone, shift).pathway, quarters * QUARTER

    until = hours.worked(site, at, wait)

    assert hours.spent(site, at, until) == wait


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), shifts, moments)
def test_the_hours_begin_when_they_were_not_on_just_before(zone: str, shift: Hours, at: datetime) -> None:
    site = at_site(zone, shift).pathway

    begins = hours.begins(site, at)

    assert hours.works(site, begins)
    assert at <= begins <= at + timedelta(days=8)
    assert begins == at or not hours.works(site, begins - timedelta(minutes=1))


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), shifts, moments, st.integers(1, 40))
def test_a_wait_counts_working_time_only(zone: str, shift: Hours, at: datetime, quarters: int) -> None:
    site, at = at_site(zone, shift).pathway, at.replace(minute=at.minute // 15 * 15)

    until = hours.worked(site, at, QUARTER * quarters)

    passed = int((until - at) / QUARTER)
    assert sum(hours.works(site, at + QUARTER * n) for n in range(passed)) == quarters


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), moments, st.integers(1, 40))
def test_round_the_clock_every_hour_counts(zone: str, at: datetime, hour: int) -> None:
    book = at_site(zone, ROUND_THE_CLOCK)

    assert hours.works(book.pathway, at)
    assert hours.worked(book.pathway, at, timedelta(hours=hour)) == at + timedelta(hours=hour)
    assert hours.latest(book, at) == at + DAY


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), shifts, moments, st.sets(st.sampled_from(ROTA)), st.booleans())
def test_an_emergency_is_never_held(zone: str, shift: Hours, at: datetime, duty: set[str], there: bool) -> None:
    book, rota = at_site(zone, shift), ROTA if there else ()
    on_duty = tuple(one for one in rota if one in duty)

    told = hours.told_at_once(book, Urgency.EMERGENCY, rota, on_duty, at)
    view = alerts.raised("A", CARER.id, at, alert(Urgency.EMERGENCY), told)

    assert told == (on_duty or rota)
    assert alerts.due(book, CARER, view, at) == at + book.pathway.acknowledge_emergency


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Sydney", "Pacific/Apia"]),
    shifts | st.just(ROUND_THE_CLOCK),
    moments,
    st.sets(st.sampled_from(ROTA)),
    st.integers(0, 3),
    st.sampled_from([0, 0, 20, 600]),
)
def test_what_is_urgent_always_has_a_next_step_in_time(
    zone: str, home: str, shift: Hours, at: datetime, duty: set[str], there: int, late: int
) -> None:
    book, rota = at_site(zone, shift), ROTA[:there]
    on_duty = tuple(one for one in rota if one in duty)
    rota = (*on_duty, *(one for one in rota if one not in on_duty))
    carer = CARER.moved(ended=Schedule(version=1, days="0", clock="09:00", zone=home))
    told: list[tuple[datetime, tuple[str, ...]]] = []
    heard: list[datetime] = []

    to = hours.told_at_once(book, Urgency.URGENT, rota, on_duty, at)
    view = alerts.raised("A", CARER.id, at, alert(Urgency.URGENT), to)
    told += [(at, to)] if to else []
    now, serves = at, str(alerts.rounds(view))
    due = alerts.due(book, carer, view, at)
    while due is not None and len(told) < 12:
        assert due > now, "the next step is not later"
        now = due + timedelta(minutes=late)
        event = CameDue(at=now, timer="alert A", serves=serves, alert=view, rota=rota, on_duty=on_duty)
        _, effects = alerts.came_due(book, carer, event)
        waits = [one for one in effects if isinstance(one, Wake)]
        amended = [one.alert for one in effects if isinstance(one, Amend)]
        assert len(waits) + len(amended) == 1, "no next step, or two"
        told += [(now, one.to) for one in effects if isinstance(one, Tell)]
        heard += [now for one in effects if isinstance(one, Say)]
        view = amended[0] if amended else view
        due = waits[0].at if waits else alerts.due(book, carer, view, now)
        serves = str(alerts.rounds(view))
        if heard and not told and not rota:
            break

    slack = timedelta(minutes=late)
    if on_duty and not (shift.held and hours.away(book, Urgency.URGENT, at)):
        assert told[0] == (at, on_duty), "who is on duty is not told at once"
    if rota:
        assert any(set(to) == set(rota) for when, to in told if when <= at + DAY + slack), "not all within a day"
    assert heard, "the family does not hear that nobody has answered"
    assert heard[0] <= at + DAY + slack + NIGHT * 2
    assert all(awake(book, carer, one) == one for one in heard)
    for when, to in told:
        over = all(hours.away(book, Urgency.URGENT, when - one) for one in (timedelta(0), hours.JUST_OVER))
        early = when < hours.latest(book, at) and not any({*one} == {*rota} for before, one in told if before < when)
        assert not (over and early) or set(to) <= set(on_duty), "somebody off duty is told outside working hours"


def test_where_a_pathway_holds_it_nobody_is_told_before_they_work() -> None:
    book = at_site("Europe/London", Hours(days="01234", start=time(8), end=time(18), held=True))
    at = datetime(2026, 11, 2, 23, 50, tzinfo=UTC)

    to = hours.told_at_once(book, Urgency.URGENT, ROTA, ROTA[:1], at)
    view = alerts.raised("A", CARER.id, at, alert(Urgency.URGENT), to)
    due = alerts.due(book, CARER, view, at)

    begin = datetime(2026, 11, 3, 8, tzinfo=UTC)
    assert (to, [step.what for step in view.steps], due) == ((), ["held"], begin)
    event = CameDue(at=begin, timer="alert A", serves="0", alert=view, rota=ROTA, on_duty=ROTA[:1])
    _, effects = alerts.came_due(book, CARER, event)
    assert [(one.how, one.to) for one in effects if isinstance(one, Tell)] == [("begun", ROTA[:1])]


def test_whoever_leaves_at_night_wakes_nobody_but_those_on_duty() -> None:
    book = at_site("Europe/London", Hours(days="01234", start=time(8), end=time(18)))
    at = datetime(2026, 11, 2, 23, 50, tzinfo=UTC)
    view = alerts.raised("A", CARER.id, at - timedelta(hours=7), alert(Urgency.URGENT), ROTA[:1])

    def left(*on_duty: str) -> list[object]:
        event = CameDue(at=at, timer="alert A", serves="left", alert=view, rota=ROTA, on_duty=on_duty)
        return [*alerts.came_due(book, CARER, event)[1]]

    assert left() == [Wake(at=datetime(2026, 11, 3, 8, tzinfo=UTC), timer="alert A", serves="left")]
    assert [(one.how, one.to) for one in left(ROTA[1]) if isinstance(one, Tell)] == [("left", ROTA[1:2])]
