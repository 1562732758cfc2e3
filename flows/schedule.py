"""When check-ins come: choosing days, times and zone, a pause, an end."""

from datetime import datetime, time, timedelta

from flows import menu, pause
from flows.book import Book
from flows.due import carried, clocks, next_due, overdue, slot
from flows.effects import Button, CancelTimers, Effect, Say, Wake
from flows.events import CameDue, Tapped
from flows.fills import Fill, Moment, Words
from flows.person import Person, Place, Schedule
from flows.questionnaire import begin, leave, put_by
from flows.reminders import LIST, active, upcoming
from flows.typed import read_clock
from flows.zones import known

WEEK = 7
MINUTE = timedelta(minutes=1)
STALE = timedelta(hours=4)  # a check-in that comes later than this is not asked any more
TIMERS = ("checkin", "nudge", "missed", pause.TIMER)
SET = Button(words="button.checkins_set", item="checkins", option="set")
CHANGE = Button(words="button.checkins_change", item="checkins", option="set")
TRAVEL = Button(words="button.checkins_travel", item="checkins", option="travel")
PAUSE = Button(words="button.checkins_pause", item="checkins", option="pause")
END = Button(words="button.checkins_end", item="checkins", option="end")
NOW = Button(words="button.checkins_now", item="checkins", option="now")


def show(book: Book, person: Person, at: datetime) -> list[Effect]:
    """/checkins: what is set, and what can be changed."""
    if not person.permits("keep"):
        return [Say(words="checkins.need_keep", buttons=((menu.CONSENT,), (menu.SYMPTOMS,), (menu.HOME,)))]
    if not person.permits("remind"):
        remind = Button(words="button.remind_on", item="data", option="remind_on")
        return [Say(words="checkins.need_remind", buttons=((remind,), (NOW,), (menu.PICTURE,), (menu.HOME,)))]
    schedule = person.schedule
    if schedule is None:
        return [Say(words="checkins.none", buttons=((SET,), (NOW,), (menu.PICTURE,), (menu.HOME,)))]
    if schedule.paused:
        more = ((CHANGE,), (NOW,), (END,), (menu.PICTURE,), (menu.HOME,))
        return [pause.said(schedule, "paused", (pause.AGAIN,), *more)]
    runs = ((CHANGE,), (TRAVEL,), (PAUSE,), (NOW,), (END,), (menu.PICTURE,), (menu.HOME,))
    return [_set("checkins.menu", schedule, at, runs)]


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button under /checkins."""
    schedule = person.schedule
    if not person.permits("remind"):
        return person, show(book, person, event.at)
    match event.option:
        case "set":
            zone = (("zone", schedule.zone),) if schedule else ()
            return _asks(book, person, "schedule", event.at, zone)
        case "travel" if schedule:
            return _asks(book, person, "travel", event.at)
        case "pause" if schedule and schedule.paused:
            return person, [pause.said(schedule, "paused_already", (pause.AGAIN,), (menu.HOME,))]
        case "pause" | "repause" if schedule:
            return pause.begun(book, person, event.at)
        case "resume" if schedule and schedule.paused:
            person, effects = _scheduled(person, schedule.moved(paused=False, until=""), event.at)
            return person, [CancelTimers(timers=(pause.TIMER,)), *effects]
        case "end" if schedule:
            ended = _ended(book, person.unscheduled(), event.at)
            return person.unscheduled(), [CancelTimers(timers=TIMERS), ended]
        case _:
            return person, show(book, person, event.at)


def _asks(
    book: Book, person: Person, name: str, at: datetime, known: tuple[tuple[str, str], ...] = ()
) -> tuple[Person, list[Effect]]:
    """Ask when, or where they are. A check-in that is open waits."""
    person, put_away = put_by(person)
    person, asked = begin(book, person, name, at, known=known)
    return person, [*put_away, *asked]


def chosen(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """Days, times and zone are known. A pause ends with it."""
    person, closed = leave(person.moved(place=place), "completed")
    first, second = _clocks(place)
    days, zone = _days(book, place), place.answer("zone")
    if not first or not days or not person.permits("remind"):
        return person, [*closed, *show(book, person, place.at)]
    before = person.schedule or person.ended or Schedule(version=0, days="", clock="", zone="")
    schedule = before.moved(
        days=days,
        clock=first,
        second=second,
        zone=zone if known(zone) else book.pathway.zone,
        paused=False,
        until="",
    )
    schedule = schedule.moved(slot=carried(before, schedule))
    person, effects = _changed(person, schedule, place.at)
    return person, [*closed, CancelTimers(timers=(pause.TIMER,)), *effects]


def travelled(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """The clock of where they are now is known: the same days and times, as that clock shows them."""
    person, closed = leave(person.moved(place=place), "completed")
    schedule, zone = person.schedule, place.answer("zone")
    if schedule is None or not known(zone):
        return person, [*closed, *show(book, person, place.at)]
    moved = schedule.moved(zone=zone)
    if not moved.paused:
        person, effects = _changed(person, moved, place.at)
        return person, [*closed, *effects]
    moved = moved.moved(version=moved.version + 1)
    person = person.moved(schedule=moved)
    shown = show(book, person, place.at)
    return person, [*closed, *pause.wakes(book, moved, place.at), *shown, *_waits(person)]


def resumed(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """The day has come on which a pause ends by itself."""
    over = pause.over(book, person, event)
    if isinstance(over, Schedule):
        said = _set("checkins.resumed", over, event.at, ((CHANGE,), (PAUSE,)))
        return person.moved(schedule=over), [wake(over, event.at), said]
    return person, [over] if over else []


def taken_up(book: Book, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """The person can be reached again: the schedule goes on, or the pause."""
    assert person.schedule is not None
    if not person.schedule.paused:
        return _scheduled(person, person.schedule, at)
    return person, [*pause.wakes(book, person.schedule, at), menu.home(person, "other.unblocked")]


def wake(schedule: Schedule, after: datetime) -> Wake:
    """The timer of the next check-in."""
    due = next_due(schedule, after)
    return Wake(at=due, timer="checkin", serves=f"{schedule.version}@{due.isoformat()}")


def _changed(person: Person, schedule: Schedule, at: datetime) -> tuple[Person, list[Effect]]:
    """The schedule as it is from now on. A check-in that had come due, and waits for somebody busy, still comes."""
    before = person.schedule
    owed = overdue(before, schedule, at, at - STALE) if before else None
    if before is None or owed is None:
        person, effects = _scheduled(person, schedule, at)
        return person, [*effects, *_waits(person)]
    came = carried(before.moved(slot=slot(before, owed)), schedule)
    person, (_, said) = _scheduled(person, schedule.moved(slot=came), at)
    assert person.schedule is not None
    person = person.moved(schedule=person.schedule.moved(asked=before.asked))
    first = Wake(at=at + MINUTE, timer="checkin", serves=f"{schedule.version + 1}@{owed.isoformat()}")
    return person, [first, said, *_waits(person)]


def _scheduled(person: Person, schedule: Schedule, at: datetime) -> tuple[Person, list[Effect]]:
    schedule = schedule.moved(version=schedule.version + 1, asked=max(schedule.asked, at.isoformat()))
    said = _set("checkins.set", schedule, at, ((CHANGE,), (menu.HOME,)))
    return person.moved(schedule=schedule), [wake(schedule, at), said]


def _waits(person: Person) -> list[Effect]:
    """That a question from before is still open, with the way on."""
    return [Say(words="checkins.waits", buttons=((menu.GO_ON,), (menu.SYMPTOMS,)))] if person.waiting else []


def _ended(book: Book, person: Person, at: datetime) -> Say:
    """That no more check-ins come; and what the team has set still does, if it has set anything."""
    still = active(person) and any(not one.off for one in upcoming(book, person, at))
    fill: tuple[tuple[str, Fill], ...] = (("reminders", Words("checkins.ended_reminders") if still else ""),)
    return Say(words="checkins.ended", with_=fill, buttons=((SET,), *(((LIST,),) if still else ()), (menu.HOME,)))


def _clocks(place: Place) -> tuple[str, str]:
    """The times of a day as `HH:MM`, the earlier first; empty: there is none."""
    said = (place.answer("first"), place.answer("second")) if place.answer("time") == "twice" else ()
    times = sorted(filter(None, map(read_clock, said or (place.answer("time"),))))
    return _named(times[0] if times else None), _named(times[1] if len(times) > 1 else None)


def _named(clock: time | None) -> str:
    return f"{clock:%H:%M}" if clock else ""


def _days(book: Book, place: Place) -> str:
    """The weekdays that were chosen; empty if the content has that answer no more."""
    said, found = place.answer("days"), book.item("schedule/days")
    option = found[1].option(said) if found else None
    return option.days if option else said if said.isdigit() else ""


def _set(words: str, schedule: Schedule, at: datetime, buttons: tuple[tuple[Button, ...], ...]) -> Say:
    days = tuple(Words(f"day.{day}") for day in schedule.days) if len(schedule.days) < WEEK else Words("day.every")
    due = Moment(next_due(schedule, at), schedule.zone)
    times = ", ".join(clocks(schedule))
    fill = (("days", days), ("clock", times), ("zone", schedule.zone), ("next", due))
    return Say(words=words, with_=fill, buttons=buttons)
